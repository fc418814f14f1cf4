import {
  advanceDispute,
  type Dispute,
  type DisputeContext,
  type DisputeEffect,
  type DisputeEvent,
  type DisputeStanding,
  ProgramLoop,
} from '@souk/engine'
import { targetPeerId } from '@souk/network'
import { type Hex, type SeatedVote, UNDECIDABLE } from '@souk/protocol'
import { COURT_GAS, courtData, type DisputeOnChain, escrowData, tokenData } from '@souk/settlement'
import { askVote, type CourtCall, type DisputeServices, sendToCourt } from './court-services.ts'

/** Where a dispute stands, for people. */
export interface DisputeStatus {
  readonly lease: Hex
  readonly subject: Hex
  readonly task: Hex
  /** The output that is challenged. */
  readonly output: Hex
  readonly stage: 'none' | 'pending' | 'done'
  readonly isOver: boolean
  /** What the jury decided, and with how many ballots; `null` before, and where it decided nothing. */
  readonly verdict: { readonly value: Hex; readonly ballots: number } | null
}

/** Seconds after `openBefore` from which a lease that is not open will never be: blocks may come late. */
const NEVER_SECONDS = 60

/** Challenges that may fail before a result is left alone; each is tried again blocks later. */
const MOST_TRIES = 5

/**
 * Carries out the effects of one dispute, for either side: challenges a result, collects ballots, has them counted. The
 * accused weighs each call by its gas; a challenger has done so before it challenged.
 */
export class DisputeRunner {
  readonly dispute: Dispute
  /** Peers that were asked for a ballot: they may fetch what the task consists of. */
  readonly jurors = new Set<string>()
  readonly #services: DisputeServices
  readonly #plea: Hex
  readonly #loop: ProgramLoop<DisputeEvent, DisputeEffect>
  #failed = false
  #tries = 0
  #isLooking = false
  #verdict: DisputeStatus['verdict'] = null

  constructor(dispute: Dispute, services: DisputeServices) {
    const context: DisputeContext = {
      rules: services.court.rules,
      court: services.court.id,
      network: services.network,
    }
    this.dispute = dispute
    this.#services = services
    this.#plea = services.plead(dispute.subject)
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceDispute(context, dispute, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: (error) => {
        this.#failed = true
        services.onProblem('a dispute ended early', error)
      },
    })
  }

  get isOver(): boolean {
    return this.dispute.isOver || this.#failed
  }

  /** Tells whether the lease must not be closed yet: its result bond is still within reach. */
  holds(): boolean {
    return !this.isOver && this.dispute.standing?.stage !== 'pending'
  }

  status(): DisputeStatus {
    const { result, subject, standing } = this.dispute
    const { lease, task, output } = result
    const stage = standing?.stage ?? 'none'
    return { lease, subject, task, output, stage, isOver: this.isOver, verdict: this.#verdict }
  }

  post(event: DisputeEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /** Takes a new block, and what it did to the dispute. */
  onHead(block: number): void {
    if (this.isOver) return
    if (!this.#isLooking) void this.#look()
    void this.post({ type: 'head', block })
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  #perform(effect: DisputeEffect): void {
    switch (effect.do) {
      case 'look':
        // Every new block brings one.
        return
      case 'challenge':
        void this.#challenge(effect)
        return
      case 'seats':
        void this.#draw(effect).catch((error) => {
          this.#services.onProblem('the jury is not known yet', error)
        })
        return
      case 'ask':
        void this.#ask(effect.key, effect.subject)
        return
      case 'resolve':
        void this.#end(this.#call('have a verdict counted', resolveData(effect)), this.#worthOf(effect))
        return
      case 'lapse': {
        const { quote, task, output } = effect
        const data = courtData.lapse(quote, task, output)
        const worth = { units: quote.resultBond, gas: COURT_GAS.lapse }
        void this.#end(this.#call('end an undecided dispute', data), worth)
        return
      }
      case 'over':
        return
    }
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    try {
      await this.#read()
    } catch (error) {
      this.#services.onProblem('the court was not read', error)
    } finally {
      this.#isLooking = false
    }
  }

  async #read(): Promise<void> {
    const { court, chain } = this.#services
    const { subject, result } = this.dispute
    const [found, lease] = await Promise.all([
      court.reader.dispute(subject),
      chain.reader.leaseState(result.lease),
    ])
    if (found.stage === 'done') this.#verdict = await this.#decided(found.openedBlock)
    // Until the lease is mined there is nothing to challenge, and none ever where that comes too late.
    if (lease.status === 'none' && !this.#isTooLate()) return
    const isOpen = lease.status !== 'none' && lease.status !== 'closed' && !lease.seized
    await this.post({ type: 'standing', standing: standingOf(found, isOpen) })
  }

  /** Tells whether a lease that is not open never will be. */
  #isTooLate(): boolean {
    const head = this.#services.chain.head()
    return head !== null && head.timestampSeconds > this.dispute.quote.openBefore + NEVER_SECONDS
  }

  /** Reads what was decided about a challenge of block `challengedAt`, whoever had it counted; `null` for nothing. */
  async #decided(challengedAt: number): Promise<DisputeStatus['verdict']> {
    const { court, chain } = this.#services
    const until = chain.head()?.number ?? challengedAt
    for (const { event } of await court.events(challengedAt, until)) {
      if (event.kind === 'resolved' && event.subject === this.dispute.subject) {
        return { value: event.verdict, ballots: event.ballots }
      }
    }
    return null
  }

  /** One at a time: each uses up what it let the court take. */
  async #challenge({ quote, receipt }: Extract<DisputeEffect, { do: 'challenge' }>): Promise<void> {
    const { task, output, ...proof } = receipt
    const call = this.#call('challenge a result', courtData.challenge(quote, task, output, proof))
    try {
      await this.#services.exclusively(async () => {
        if (!(await this.#isWorth()) || !(await this.#afford())) this.#tries = MOST_TRIES
        else if (!(await sendToCourt(this.#services, call, 'mined'))) this.#tries += 1
      })
    } catch (error) {
      // Such as an endpoint that does not know the approval yet; the program asks again.
      this.#tries += 1
      this.#services.onProblem('a result could not be challenged', error)
    }
    if (this.#tries >= MOST_TRIES) this.#failed = true
  }

  /** Half of what the provider put up for its result would be ours. */
  #isWorth(): Promise<boolean> {
    return this.#services.court.isWorth(this.dispute.quote.resultBond / 2n, COURT_GAS.dispute)
  }

  /** Lets the court take the deposit from the sending key's tokens; tells whether there are enough. */
  async #afford(): Promise<boolean> {
    const { chain, court, onProblem } = this.#services
    const { sender, reader } = chain
    const { challengeDeposit } = court.rules
    const [held, returned, allowed, { token }] = await Promise.all([
      reader.tokenBalance(sender.address),
      reader.balance(sender.address),
      reader.allowance(sender.address, court.id.court),
      reader.constants(),
    ])
    if (held < challengeDeposit && held + returned >= challengeDeposit) {
      // Deposits of earlier disputes come back to the key's balance in the escrow.
      const data = escrowData.withdraw(sender.address, returned)
      const request = { purpose: 'take deposits of challenges back', to: this.#services.network.escrow, data }
      await sender.wait((await sender.submit(request)).id)
    } else if (held < challengeDeposit) {
      const why = new Error(`expected ${challengeDeposit} base units in ${sender.address}, it has ${held}`)
      onProblem('a wrong result was not challenged: the deposit is missing', why)
      return false
    }
    if (allowed >= challengeDeposit) return true
    const data = tokenData.approve(court.id.court, challengeDeposit)
    const { id } = await sender.submit({ purpose: 'let the court take a deposit', to: token, data })
    await sender.wait(id)
    return true
  }

  #call(purpose: string, data: Hex): CourtCall {
    return { purpose, part: `${purpose}/${this.dispute.subject}`, data }
  }

  async #draw({ block, fresh }: Extract<DisputeEffect, { do: 'seats' }>): Promise<void> {
    const draw = await this.#services.court.drawOfJury(block, { fresh })
    if (draw !== null) await this.post({ type: 'seats', block, ...draw })
  }

  async #ask(key: Hex, subject: Hex): Promise<void> {
    const target = this.#services.find(key)
    if (target !== undefined) this.jurors.add(targetPeerId(target))
    const vote = await askVote(this.#services, key, subject, this.#plea)
    await this.post({ type: 'answered', key, vote })
  }

  /** What a verdict brings the accused: the deposit without the jury's fees, or its bond at once. */
  #worthOf({ verdict, votes, quote }: ResolveEffect): Worth {
    const { challengeDeposit, juryFee } = this.#services.court.rules
    const gas = COURT_GAS.resolve
    if (verdict === UNDECIDABLE) return { units: quote.resultBond, gas }
    return { units: challengeDeposit - BigInt(votes.length) * juryFee, gas }
  }

  /** Sends what ends the dispute; where its gas is not worth it to the accused, the program asks again blocks later. */
  async #end(call: CourtCall, { units, gas }: Worth): Promise<void> {
    const { court, onProblem } = this.#services
    try {
      const isChallenger = this.dispute.receipt !== null
      if (isChallenger || (await court.isWorth(units, gas))) await sendToCourt(this.#services, call)
    } catch (error) {
      onProblem('the price of gas was not read', error)
    }
  }
}

type ResolveEffect = Extract<DisputeEffect, { do: 'resolve' }>

/** Base units that a call brings, and the gas that it takes. */
interface Worth {
  readonly units: bigint
  readonly gas: bigint
}

function resolveData({ quote, task, output, verdict, votes }: ResolveEffect): Hex {
  const ballots = votes.map(({ seat, signature }: SeatedVote) => ({ seat, signature }))
  return courtData.resolve(quote, task, output, verdict, ballots)
}

function standingOf({ stage, openedBlock }: DisputeOnChain, isOpen: boolean): DisputeStanding {
  switch (stage) {
    case 'none':
      return { stage, isOpen }
    case 'pending':
      return { stage, challengedAt: openedBlock }
    case 'done':
      return { stage }
  }
}
