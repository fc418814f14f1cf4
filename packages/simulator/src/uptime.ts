import {
  type Answer,
  advanceClaim,
  type Claim,
  type ClaimEffect,
  type ClaimEvent,
  newClaim,
} from '@souk/engine'
import {
  COURT,
  ContractCopy,
  contextOf,
  courtParty,
  quoteOf,
  type WatchPlan,
  WatchWorld,
} from '@souk/engine/testing'
import {
  downtimeSubject,
  EPOCH_SLOTS,
  epochStart,
  observationValue,
  reportDeadline,
  seatHolders,
  slotStart,
} from '@souk/protocol'
import { Trace } from './trace.ts'

/** The epoch that watchers see from beginning to end. */
const EPOCH = 1
const ALL = 2 ** EPOCH_SLOTS - 1
/** Milliseconds of a block. */
const BLOCK = 1_000

/** Watchers, what happens to them and to whom they watch, and who of them lies: pure data. */
export interface UptimeScenario {
  readonly family: string
  readonly seed: number
  readonly plan: WatchPlan
  /** Watchers of one hand, by number. */
  readonly liars: readonly number[]
  /** What they say of everybody: down throughout, or up. */
  readonly says: 'down' | 'up'
}

/**
 * Lets watchers vote on an epoch in virtual time, and a requester claim what it can from each subject with the votes
 * they give it.
 */
export class Uptime {
  readonly broken: string[] = []
  readonly trace = new Trace()
  /** Slots that the court called down although their subject was up throughout. */
  wronged = 0
  readonly #scenario: UptimeScenario
  readonly #watching: WatchWorld

  constructor(scenario: UptimeScenario) {
    this.#scenario = scenario
    this.#watching = new WatchWorld(scenario.plan)
  }

  /** Runs the epoch and the claims after it. */
  run(): this {
    this.#watching.run()
    this.broken.push(...this.#watching.violations)
    for (const subject of this.#watching.subjects.keys()) this.#claim(subject)
    return this
  }

  /** Returns how many seats of a subject's committee the liars hold. */
  seatsOfLiars(subject: number): number {
    const { rules, subjects } = this.#watching
    const { table, seed } = this.#watching.lot(EPOCH)
    const liars = new Set(this.#scenario.liars.map((at) => table[at]))
    const key = downtimeSubject(subjects[subject]?.address ?? '0x', EPOCH)
    return seatHolders(rules, table, seed, key).filter((holder) => liars.has(holder)).length
  }

  /** Has the requester of a lease with this subject claim its downtime, and looks at what the court finds. */
  #claim(subject: number): void {
    const { rules, subjects } = this.#watching
    const resultSigner = subjects[subject]?.address ?? '0x'
    const contract = new ContractCopy(rules)
    const quote = quoteOf(contextOf(1, 1), contextOf(2, 1), subject, {
      resultSigner,
      bond: 1_000n,
      slotPenalty: 1n,
    })
    const lease = {
      ...{ from: epochStart(rules, EPOCH), until: epochStart(rules, EPOCH + 1) },
      ...{ downSlots: 0, isClosed: false },
    }
    const claim = newClaim(quote, lease)
    const until = reportDeadline(rules, EPOCH)
    for (let block = epochStart(rules, EPOCH + 1); block < until; block++) {
      this.#post(contract, claim, block, { type: 'head', block })
    }
    this.#judge(subject, contract.records.get(EPOCH)?.down ?? 0)
  }

  #post(contract: ContractCopy, claim: Claim, block: number, event: ClaimEvent): void {
    const context = { rules: contract.rules, court: COURT }
    for (const effect of advanceClaim(context, claim, event, block * BLOCK)) {
      for (const answer of this.#answer(contract, claim, block, effect))
        this.#post(contract, claim, block, answer)
    }
  }

  #answer(contract: ContractCopy, claim: Claim, block: number, effect: ClaimEffect): ClaimEvent[] {
    switch (effect.do) {
      case 'look': {
        const { epoch } = effect
        const record = contract.records.get(epoch) ?? { down: 0, refuted: 0 }
        return [
          { type: 'seats', epoch, ...this.#watching.lot(epoch) },
          { type: 'record', epoch, ...record },
        ]
      }
      case 'ask':
        return [{ type: 'answered', epoch: effect.epoch, key: effect.key, vote: this.#vote(effect) }]
      case 'report': {
        const { epoch, votes, quote } = effect
        const ruling = contract.report(block, quote, claim.lease, epoch, this.#watching.lot(epoch), votes)
        this.trace.note(block * BLOCK, `report ${epoch} with ${votes.length}: ${ruling}`)
        if (typeof ruling === 'string') this.broken.push(`a report was refused: ${ruling}`)
        return []
      }
      case 'over':
        return []
    }
  }

  /** What a watcher gives whoever asks: its vote, or what its hand says instead. */
  #vote({ subject, key }: Extract<ClaimEffect, { do: 'ask' }>): Answer | null {
    const { watchers } = this.#watching
    const at = watchers.findIndex(({ signer }) => signer.address === key)
    if (!this.#scenario.liars.includes(at)) return this.#watching.votesOf(at).get(subject) ?? null
    const value = observationValue({ seen: ALL, up: this.#scenario.says === 'up' ? ALL : 0 })
    return { value, signature: courtParty(1 + at).sign('Vote', { subject, value }) }
  }

  /** Holds what was found against what was: nobody pays for a slot in which it was up, unless too many lie. */
  #judge(subject: number, down: number): void {
    const upSlots = slots().filter((slot) => !this.#touches(subject, slot))
    const wronged = upSlots.filter((slot) => (down & (1 << slot)) !== 0)
    this.trace.note(subject, `found ${down}`)
    this.wronged += wronged.length
    const isOutvoted = this.seatsOfLiars(subject) >= this.#watching.rules.quorum
    if (!isOutvoted && wronged.length > 0)
      this.broken.push(`subject ${subject} pays for slots ${wronged.join()}, in which it was up`)
    const missed = slots().filter((slot) => this.#isProvable(subject, slot) && (down & (1 << slot)) === 0)
    if (missed.length > 0)
      this.broken.push(`subject ${subject} was down in slots ${missed.join()}, and none saw it`)
  }

  /** Tells whether an outage of a subject touches a slot; blocks come every second from the run's beginning. */
  #touches(subject: number, slot: number): boolean {
    const [fromMs, untilMs] = this.#span(slot)
    return this.#scenario.plan.outages.some(
      (outage) => outage.who === subject && outage.fromMs <= untilMs && fromMs < outage.untilMs,
    )
  }

  /** Tells whether a slot must be found: down throughout, with nothing wrong with any watcher, and too few liars. */
  #isProvable(subject: number, slot: number): boolean {
    const { outages, cuts, crashes } = this.#scenario.plan
    const [fromMs, untilMs] = this.#span(slot)
    const isDown = outages.some(
      (outage) => outage.who === subject && outage.fromMs <= fromMs && untilMs < outage.untilMs,
    )
    const { seats, quorum } = this.#watching.rules
    const honestSeats = seats - this.seatsOfLiars(subject)
    // Who reaches less than half of its other subjects abstains: alone in being down is who must be found.
    const isAlone = outages.every(({ who }) => who === subject)
    return isDown && isAlone && cuts.length === 0 && crashes.length === 0 && honestSeats >= quorum
  }

  #span(slot: number): [fromMs: number, untilMs: number] {
    const { rules } = this.#watching
    const firstBlock = slotStart(rules, 0, FIRST_SLOT) + 1
    const time = (block: number) => (block - firstBlock) * BLOCK
    return [time(slotStart(rules, EPOCH, slot)), time(slotStart(rules, EPOCH, slot + 1))]
  }
}

/** The slot in which the watchers' world begins. */
const FIRST_SLOT = 12

function slots(): number[] {
  return Array.from({ length: EPOCH_SLOTS }, (_, slot) => slot)
}
