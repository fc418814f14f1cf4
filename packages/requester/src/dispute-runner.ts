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
import type { Hex, SeatedVote } from '@souk/protocol'
import { courtData, tokenData } from '@souk/settlement'
import { askVote, type CourtServices, sendToCourt } from './court-services.ts'

/** Where a dispute stands, for people. */
export interface DisputeStatus {
  readonly lease: Hex
  readonly subject: Hex
  readonly task: Hex
  /** The output that is challenged. */
  readonly output: Hex
  readonly stage: 'none' | 'pending' | 'done'
  readonly isOver: boolean
  /** What the jury decided, and with how many ballots; `null` before. */
  readonly verdict: { readonly value: Hex; readonly ballots: number } | null
}

/** Carries out the effects of one dispute: challenges a result, collects ballots, has them counted. */
export class DisputeRunner {
  readonly dispute: Dispute
  /** Peers that were asked for a ballot: they may fetch what the task consists of. */
  readonly jurors = new Set<string>()
  readonly #services: CourtServices
  readonly #loop: ProgramLoop<DisputeEvent, DisputeEffect>
  #failed = false
  #verdict: DisputeStatus['verdict'] = null

  constructor(dispute: Dispute, services: CourtServices) {
    const context: DisputeContext = {
      rules: services.court.rules,
      court: services.court.id,
      network: services.network,
    }
    this.dispute = dispute
    this.#services = services
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceDispute(context, dispute, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: (error) => services.onProblem('a dispute ended early', error),
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
    const { receipt, subject, standing } = this.dispute
    const { lease, task, output } = receipt
    const stage = standing?.stage ?? 'none'
    return { lease, subject, task, output, stage, isOver: this.isOver, verdict: this.#verdict }
  }

  post(event: DisputeEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /** Takes a new block, and what it did to the dispute. */
  onHead(block: number): void {
    if (this.isOver) return
    void this.#look().catch((error) => this.#services.onProblem('the court was not read', error))
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
        void this.#draw(effect.block).catch((error) => {
          this.#services.onProblem('the jury is not known yet', error)
        })
        return
      case 'ask':
        void this.#ask(effect.key, effect.subject)
        return
      case 'resolve':
        void this.#resolve(effect)
        return
      case 'lapse': {
        const { quote, task, output } = effect
        void sendToCourt(this.#services, 'end an undecided dispute', courtData.lapse(quote, task, output))
        return
      }
      case 'over':
        return
    }
  }

  async #look(): Promise<void> {
    const { court, chain } = this.#services
    const { subject, receipt } = this.dispute
    const [found, lease] = await Promise.all([
      court.reader.dispute(subject),
      chain.reader.leaseState(receipt.lease),
    ])
    const isOpen = lease.status !== 'none' && lease.status !== 'closed' && !lease.seized
    const standing: DisputeStanding =
      found.stage === 'none'
        ? { stage: 'none', isOpen: isOpen || lease.status === 'none' }
        : found.stage === 'pending'
          ? { stage: 'pending', challengedAt: found.openedBlock }
          : { stage: 'done' }
    // Until the lease is mined there is nothing to challenge.
    if (lease.status !== 'none') await this.post({ type: 'standing', standing })
  }

  async #challenge({ quote, receipt }: Extract<DisputeEffect, { do: 'challenge' }>): Promise<void> {
    try {
      if (!(await this.#afford())) return
      const { task, output, ...proof } = receipt
      const data = courtData.challenge(quote, task, output, proof)
      if (!(await sendToCourt(this.#services, 'challenge a result', data))) this.#failed = true
    } catch (error) {
      this.#services.onProblem('a result could not be challenged', error)
    }
  }

  /** Lets the court take the deposit from the sending key's tokens; gives up where there are too few. */
  async #afford(): Promise<boolean> {
    const { chain, court, onProblem } = this.#services
    const { sender, reader } = chain
    const { challengeDeposit } = court.rules
    const [held, allowed, { token }] = await Promise.all([
      reader.tokenBalance(sender.address),
      reader.allowance(sender.address, court.id.court),
      reader.constants(),
    ])
    if (held < challengeDeposit) {
      this.#failed = true
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

  async #draw(seedBlock: number): Promise<void> {
    const draw = await this.#services.court.drawOfJury(seedBlock)
    if (draw !== null) await this.post({ type: 'seats', ...draw })
  }

  async #ask(key: Hex, subject: Hex): Promise<void> {
    const target = this.#services.find(key)
    if (target !== undefined) this.jurors.add(targetPeerId(target))
    await this.post({ type: 'answered', key, vote: await askVote(this.#services, key, subject) })
  }

  async #resolve({
    quote,
    task,
    output,
    verdict,
    votes,
  }: Extract<DisputeEffect, { do: 'resolve' }>): Promise<void> {
    const ballots = votes.map(({ seat, signature }: SeatedVote) => ({ seat, signature }))
    const data = courtData.resolve(quote, task, output, verdict, ballots)
    if (await sendToCourt(this.#services, 'have a verdict counted', data)) {
      this.#verdict = { value: verdict, ballots: ballots.length }
    }
  }
}
