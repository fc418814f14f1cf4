import {
  advanceJury,
  type CourtSigner,
  type Jury,
  type JuryEffect,
  type JuryEvent,
  newJury,
  ProgramLoop,
  type Summons,
  type VoteRow,
} from '@souk/engine'
import type { SoukNode } from '@souk/network'
import { errorMessage, type Hex, type Quote } from '@souk/protocol'
import type { CourtLink, PlacedCourtEvent } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { StartExecutor } from './executor-pool.ts'
import type { Log } from './log.ts'
import type { Subjects } from './subjects.ts'
import { TrialBench } from './trial.ts'

export interface JurorOptions {
  readonly node: SoukNode
  readonly court: CourtLink
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly subjects: Pick<Subjects, 'find'>
  readonly startExecutor: StartExecutor
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
}

/** Milliseconds for fetching what a trial needs, at one time. */
const FETCH_MS = 60_000
/** Peers remembered that asked about one dispute, the newest. */
const MOST_ASKERS = 8

/** Judges challenged results (docs/PROTOCOL.md §12.3): fetches, executes again, signs what came out. */
export class Juror {
  readonly #options: JurorOptions
  readonly #bench: TrialBench
  readonly #loop: ProgramLoop<JuryEvent, JuryEffect>
  readonly #jury: Jury
  readonly #stopping = new AbortController()
  readonly #trials = new Map<Hex, AbortController>()
  /** Who asked about a dispute that is judged here, and so has its data; the newest last. */
  readonly #askers = new Map<Hex, Set<string>>()
  #ballots = 0

  constructor(options: JurorOptions, signer: CourtSigner, rows: CourtRows) {
    const { court, clock, onFatal } = options
    this.#options = options
    this.#bench = new TrialBench(options)
    const jury = newJury(rows.summonses, rows.votes)
    this.#jury = jury
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceJury({ rules: court.rules, signer }, jury, event, nowMs),
      perform: (effect) => this.#perform(effect),
      ...{ clock, fail: onFatal },
    })
  }

  /** Challenges that may yet have to be judged. */
  get cases(): number {
    return this.#jury.cases.size
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
  noteAsker(subject: Hex, peerId: string): void {
    if (!this.#jury.cases.has(subject)) return
    const known = this.#askers.get(subject) ?? new Set()
    this.#askers.set(subject, known)
    known.delete(peerId)
    known.add(peerId)
    const [oldest] = known
    if (known.size > MOST_ASKERS && oldest !== undefined) known.delete(oldest)
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
    if (draw !== null) await this.#loop.post({ type: 'seats', subject, ...draw })
  }

  /** Whoever asked for a ballot has the data, and so has the provider that is accused. */
  async #fetch({ subject, task, quote }: { subject: Hex; task: Hex; quote: Quote }): Promise<void> {
    const accused = this.#options.subjects.find(quote.resultSigner)
    const askers = [...(this.#askers.get(subject) ?? [])].toReversed()
    const peers = [...askers, ...(accused === undefined ? [] : [accused.peerId])]
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(FETCH_MS)])
    const isComplete = await this.#bench.fetch(subject, task, peers, signal)
    await this.#loop.post({ type: 'fetched', subject, isComplete })
  }

  async #execute(subject: Hex, task: Hex): Promise<void> {
    const control = new AbortController()
    this.#trials.set(subject, control)
    const signal = AbortSignal.any([this.#stopping.signal, control.signal])
    const outcome = await this.#bench.execute(task, signal)
    this.#trials.delete(subject)
    if ('output' in outcome) await this.#loop.post({ type: 'executed', subject, output: outcome.output })
    else await this.#loop.post({ type: 'failed', subject, code: outcome.failed })
  }

  /** Does what may fail, and says so. */
  async #attempt(sentence: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      if (!this.#stopping.signal.aborted) this.#options.log.warn(sentence, { error: errorMessage(error) })
    })
  }
}
