import { askVote, type CourtServices, sendToCourt } from '@souk/court'
import {
  advanceClaim,
  type Claim,
  type ClaimEffect,
  type ClaimEvent,
  type ClaimedLease,
  newClaim,
  ProgramLoop,
} from '@souk/engine'
import { probePeer } from '@souk/network'
import {
  downMap,
  epochBlocks,
  epochOf,
  epochStart,
  type Hex,
  isCourtSigned,
  type Quote,
  readObservation,
  slotCount,
  slotsInside,
  tally,
  toHex,
} from '@souk/protocol'
import { COURT_GAS, courtData, type LeaseOnChain } from '@souk/settlement'

/** One report that was sent, for people. */
export interface SentReport {
  readonly epoch: number
  /** Slots that its votes prove down, as a map. */
  readonly slots: number
  readonly votes: number
}

/** Slots that a lease is held open after it broke, so that the outage shows; until the end of an epoch. */
const HOLD_SLOTS = 8
/** Milliseconds that a provider may take to show that it is back. */
const BACK_MS = 2_000

/** Carries out the effects of one claim: collects votes about a broken lease and reports what they prove. */
export class ClaimRunner {
  readonly quote: Quote
  readonly #reports = new Map<number, SentReport>()
  readonly #claim: Claim
  readonly #services: CourtServices
  readonly #loop: ProgramLoop<ClaimEvent, ClaimEffect>
  readonly #holdUntil: number
  #isBack = false
  #isProbing = false

  constructor(quote: Quote, lease: ClaimedLease, brokenAt: number, services: CourtServices) {
    const { rules, id } = services.court
    this.quote = quote
    this.#services = services
    this.#claim = newClaim(quote, lease)
    this.#holdUntil = holdUntil(rules, quote, brokenAt)
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceClaim({ rules, court: id }, this.#claim, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: (error) => services.onProblem('a claim of downtime ended early', error),
    })
  }

  get isOver(): boolean {
    return this.#claim.isOver
  }

  /** Slots that the court has found so far. */
  get downSlots(): number {
    return this.#claim.lease.downSlots
  }

  /** The reports that went out, one of each epoch. */
  get reports(): readonly SentReport[] {
    return [...this.#reports.values()]
  }

  /** Tells whether the lease should stay open: its provider is away, and each slot more counts. */
  holds(block: number): boolean {
    const isBondLeft = BigInt(this.downSlots) * this.quote.slotPenalty < this.quote.bond
    return isBondLeft && !this.#isBack && !this.isOver && block < this.#holdUntil
  }

  post(event: ClaimEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /** Takes a new block; while the lease is held, looks whether the provider is back. */
  onHead(block: number): void {
    void this.post({ type: 'head', block })
    if (this.holds(block)) void this.#probe()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #probe(): Promise<void> {
    const { node, court, find, random } = this.#services
    const key = this.quote.resultSigner
    const target = find(key)
    if (target === undefined || this.#isProbing) return
    this.#isProbing = true
    const nonce = toHex(random(32))
    const answer = await probePeer(node, target, nonce, { timeoutMs: BACK_MS }).catch(() => null)
    this.#isProbing = false
    if (answer !== null && isCourtSigned(court.id, 'Probe', { nonce }, answer, key)) this.#isBack = true
  }

  #perform(effect: ClaimEffect): void {
    switch (effect.do) {
      case 'look':
        void this.#look(effect).catch((error) => {
          this.#services.onProblem('the court was not read', error)
        })
        return
      case 'ask':
        void askVote(this.#services, effect.key, effect.subject).then((vote) =>
          this.post({ type: 'answered', epoch: effect.epoch, key: effect.key, vote }),
        )
        return
      case 'report':
        void this.#report(effect).catch((error) => {
          this.#services.onProblem('downtime was not reported', error)
        })
        return
      case 'over':
        return
    }
  }

  async #look({ epoch, fresh }: Extract<ClaimEffect, { do: 'look' }>): Promise<void> {
    const { court, leaseOf } = this.#services
    const [record, draw] = await Promise.all([
      court.reader.downRecord(leaseOf(this.quote), epoch),
      court.drawOfEpoch(epoch, { fresh }),
    ])
    await this.post({ type: 'record', epoch, ...record })
    if (draw !== null) await this.post({ type: 'seats', epoch, ...draw })
  }

  async #report({
    quote,
    epoch,
    slots: fresh,
    votes,
  }: Extract<ClaimEffect, { do: 'report' }>): Promise<void> {
    const { court, leaseOf } = this.#services
    const { from, until } = this.#claim.lease
    const seen = votes.flatMap(({ value }) => readObservation(value) ?? [])
    const slots = tally(seen.map(downMap), court.rules.quorum) & slotsInside(court.rules, epoch, from, until)
    // What the court counts already brings nothing more.
    if (!(await court.isWorth(this.#shareOf(fresh), COURT_GAS.report))) return
    const maps = votes.map(({ seat, value, signature }) => ({ seat, maps: Number(value), signature }))
    const data = courtData.reportDowntime(quote, epoch, maps)
    const part = `report/${leaseOf(quote)}/${epoch}`
    const isSent = await sendToCourt(this.#services, { purpose: 'report downtime', part, data })
    if (isSent) this.#reports.set(epoch, { epoch, slots, votes: votes.length })
  }

  /** Base units that slots would bring us: half of their penalty, as far as the bond goes. */
  #shareOf(slots: number): bigint {
    const { slotPenalty, bond } = this.quote
    const left = bond - BigInt(this.downSlots) * slotPenalty
    const penalty = BigInt(slotCount(slots)) * slotPenalty
    return (penalty < left ? penalty : left) / 2n
  }
}

/** Returns a lease as a claim sees it. */
export function claimedLease({ openBlock, endBlock, downSlots, status }: LeaseOnChain): ClaimedLease {
  return { from: openBlock, until: endBlock, downSlots, isClosed: status === 'closed' }
}

/** Until the end of the first epoch that shows enough of the outage, or so much that the bond is used up. */
function holdUntil(rules: CourtServices['court']['rules'], quote: Quote, brokenAt: number): number {
  const enough = brokenAt + HOLD_SLOTS * rules.slotBlocks
  const end = epochStart(rules, epochOf(rules, enough - 1) + 1)
  const worth = Number(quote.bond / quote.slotPenalty) + 2
  return Math.min(end, brokenAt + worth * rules.slotBlocks, brokenAt + 2 * epochBlocks(rules))
}

export type ClaimStatus = {
  readonly lease: Hex
  readonly subject: Hex
  readonly isOver: boolean
  readonly downSlots: number
  readonly reports: readonly SentReport[]
}
