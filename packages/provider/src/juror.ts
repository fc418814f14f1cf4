import {
  advanceJury,
  type CourtSigner,
  debtOf,
  type Jury,
  type JuryEffect,
  type JuryEvent,
  juryBudgetMs,
  newJury,
  ProgramLoop,
  type Summons,
  type VoteRow,
} from '@souk/engine'
import type { SoukNode, VoteAsker } from '@souk/network'
import { errorMessage, type Hex, type Quote } from '@souk/protocol'
import type { Runtimes } from '@souk/runtime'
import type { CourtLink, PlacedCourtEvent } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import { Askers } from './askers.ts'
import type { Log } from './log.ts'
import type { Subjects } from './subjects.ts'
import { TrialBench } from './trial.ts'

export interface JurorOptions {
  readonly node: SoukNode
  readonly court: CourtLink
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly subjects: Pick<Subjects, 'find'>
  readonly runtimes: Pick<Runtimes, 'start'>
  /** Returns the bytes of this machine's memory that no lease has: a trial must fit in there. */
  readonly roomBytes: () => number
  /** Cores of this machine that trials may take, on average; see `juryBudgetMs`. */
  readonly juryCores: number
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}

/** What an earlier run left in the journal. */
export interface CourtRows {
  readonly votes: ReadonlyMap<string, VoteRow>
  readonly summonses: ReadonlyMap<string, Summons>
  /** See `lastForgotten`. */
  readonly forgottenUntil: number
}

/** Milliseconds for fetching what a trial needs, at one time, from all peers together. */
const FETCH_MS = 60_000

/** Judges challenged results (docs/PROTOCOL.md §12.3): fetches, executes again, signs what came out. */
export class Juror {
  readonly #options: JurorOptions
  readonly #bench: TrialBench
  readonly #loop: ProgramLoop<JuryEvent, JuryEffect>
  readonly #jury: Jury
  readonly #stopping = new AbortController()
  readonly #trials = new Map<Hex, AbortController>()
  /** Who asked about a dispute that is judged here, and so has its data. */
  readonly #askers = new Map<Hex, Askers>()
  #ballots = 0

  constructor(options: JurorOptions, signer: CourtSigner, rows: CourtRows) {
    const { court, clock, onFatal, juryCores: cores } = options
    this.#options = options
    this.#bench = new TrialBench(options)
    const jury = newJury(rows.summonses, rows.votes, rows.forgottenUntil)
    this.#jury = jury
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceJury({ rules: court.rules, signer, cores }, jury, event, nowMs),
      perform: (effect) => this.#perform(effect),
      ...{ clock, fail: onFatal },
    })
  }

  /** Challenges that may yet have to be judged. */
  get cases(): number {
    return this.#jury.cases.size
  }

  /** Milliseconds of one core that trials took lately, and that they may take in an hour. */
  get share(): { readonly spentMs: number; readonly mostMs: number } {
    const { juryCores, clock } = this.#options
    const spentMs = Math.round(debtOf(this.#jury.debt, juryCores, clock()))
    return { spentMs, mostMs: Math.round(juryBudgetMs(juryCores)) }
  }

  /** Ballots since this process started. */
  get ballots(): number {
    return this.#ballots
  }

  tick(): void {
    void this.#loop.post({ type: 'tick' })
  }

  onHead(block: number): void {
    void this.#loop.post({ type: 'head', block })
  }

  /** Takes what the court said: a challenge may want a ballot. */
  async heard({ event, at }: PlacedCourtEvent): Promise<void> {
    const { court } = this.#options
    if (event.kind === 'resolved' || event.kind === 'lapsed') {
      await this.#loop.post({ type: 'settled', subject: event.subject })
    } else if (event.kind === 'challenged') {
      const quote = await court.quoteOf(event.lease)
      if (quote === undefined) return
      const { lease, task, output } = event
      await this.#loop.post({ type: 'challenged', summons: { quote, lease, task, output, block: at.block } })
    }
  }

  /** Whoever asks about a case that is judged here may have its data; others are not remembered. */
  noteAsker(subject: Hex, asker: VoteAsker): void {
    const one = this.#jury.cases.get(subject)
    if (one === undefined) return
    const { voucherSigner, resultSigner } = one.summons.quote
    const fresh = () => new Askers(this.#options.court.id, subject, voucherSigner, resultSigner)
    const askers = this.#askers.get(subject) ?? fresh()
    this.#askers.set(subject, askers)
    askers.note(asker)
  }

  /** Stops what is under way; what was signed is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop.stop()
  }

  #perform(effect: JuryEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#options.journal.commit(effect.writes, effect.durability)
      case 'seats':
        void this.#attempt('a jury is not known yet', () => this.#draw(effect.subject, effect.block))
        return
      case 'fetch':
        void this.#fetch(effect)
        return
      case 'execute':
        void this.#execute(effect.subject, effect.task)
        return
      case 'voted':
        this.#ballots += 1
        this.#options.log.info('voted on a result', { subject: effect.subject, value: effect.value })
        return
      case 'dropped':
        this.#trials.get(effect.subject)?.abort()
        this.#askers.delete(effect.subject)
        void this.#attempt('a case was not cleared away', () => this.#bench.drop(effect.subject))
        return
    }
  }

  async #draw(subject: Hex, seedBlock: number): Promise<void> {
    const draw = await this.#options.court.drawOfJury(seedBlock)
    if (draw !== null) await this.#loop.post({ type: 'seats', subject, block: seedBlock, ...draw })
  }

  /**
   * Whoever asked for a ballot has the data, and so has the provider that is accused. Each has the same share of the
   * time; only whom the challenger named, who was reached and did not serve, withholds anything (docs/PROTOCOL.md §12.3).
   */
  async #fetch({ subject, task, quote }: { subject: Hex; task: Hex; quote: Quote }): Promise<void> {
    const accused = this.#options.subjects.find(quote.resultSigner)
    const askers = this.#askers.get(subject)
    const asking = askers?.list() ?? []
    const peers = [...new Set([...asking, ...(accused === undefined ? [] : [accused.peerId])])]
    let isComplete = false
    let isWithheld = false
    for (const peer of peers) {
      const share = AbortSignal.timeout(FETCH_MS / peers.length)
      const got = await this.#bench.fetch(
        subject,
        task,
        peer,
        AbortSignal.any([this.#stopping.signal, share]),
      )
      isComplete = got === 'complete'
      isWithheld ||= got === 'refused' && askers?.isChallengers(peer) === true
      if (isComplete) break
    }
    await this.#loop.post({ type: 'fetched', subject, isComplete, isWithheld })
  }

  async #execute(subject: Hex, task: Hex): Promise<void> {
    const control = new AbortController()
    this.#trials.set(subject, control)
    const signal = AbortSignal.any([this.#stopping.signal, control.signal])
    const outcome = await this.#bench.execute(subject, task, signal)
    this.#trials.delete(subject)
    if ('output' in outcome) await this.#loop.post({ type: 'executed', subject, output: outcome.output })
    else {
      const { failed: code, isTasksFault } = outcome
      await this.#loop.post({ type: 'failed', subject, code, isTasksFault })
    }
  }

  /** Does what may fail, and says so. */
  async #attempt(sentence: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      if (!this.#stopping.signal.aborted) this.#options.log.warn(sentence, { error: errorMessage(error) })
    })
  }
}
