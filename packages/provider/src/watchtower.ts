import {
  advanceJury,
  advanceWatch,
  type CourtSigner,
  courtSigner,
  type Jury,
  type JuryEffect,
  type JuryEvent,
  newJury,
  newWatch,
  ProgramLoop,
  type Summons,
  summonses,
  type Table,
  type VoteRow,
  votes,
  type Watch,
  type WatchEffect,
  type WatchEvent,
} from '@souk/engine'
import { probePeer, type SoukNode, serveProbes, serveVotes } from '@souk/network'
import {
  epochBlocks,
  epochOf,
  errorMessage,
  type Hex,
  NOBODY,
  type Quote,
  termOf,
  toHex,
} from '@souk/protocol'
import { type ChainLink, type CourtLink, courtData, type PlacedCourtEvent } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { StartExecutor } from './executor-pool.ts'
import type { Log } from './log.ts'
import { StallMeter } from './stall-meter.ts'
import type { Subjects } from './subjects.ts'
import { TrialBench } from './trial.ts'

export interface WatchtowerOptions {
  readonly node: SoukNode
  readonly chain: Pick<ChainLink, 'sender' | 'head'>
  readonly court: CourtLink
  /** The key that has the places in the tables. */
  readonly key: Uint8Array
  readonly journal: Journal
  readonly blocks: BlockStore
  readonly subjects: Subjects
  readonly startExecutor: StartExecutor
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly clock: () => number
  readonly random: (bytes: number) => Uint8Array
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}

/** Milliseconds between ticks of both programs. */
const TICK_MS = 50
/** Share of the time for an answer that this process may do nothing at all before it says nothing of who did not answer. */
const STALL_SHARE = 1 / 2
/** Milliseconds for fetching what a trial needs, at one time. */
const FETCH_MS = 60_000
/** Peers remembered that asked about one dispute, the newest. */
const MOST_ASKERS = 8
/** Terms for which a place can be held: this, the next, and the one after it. */
const TERMS_AHEAD = 2
/** Parts of a term after each of which a renewal that failed is tried again. */
const RENEWAL_PARTS = 16

/** Where a process stands as a watcher, for people. */
export interface WatchStatus {
  /** The key that watches. */
  readonly key: Hex
  /** Whose stake it watches for; `null` where it has none, and so only answers probes. */
  readonly account: Hex | null
  /** The term of now, and those up to the one after next in which the key has a place. */
  readonly term: number
  readonly places: readonly number[]
  /** Provider processes that it watches in this epoch. */
  readonly subjects: number
  /** Votes on downtime and ballots on results since this process started. */
  readonly votes: number
  readonly ballots: number
  /** Challenges that it may yet have to judge. */
  readonly cases: number
}

/** The watching and judging side of a process (docs/PROTOCOL.md §12): enrols, probes, votes, re-executes. */
export class Watchtower {
  readonly #options: WatchtowerOptions
  readonly #signer: CourtSigner
  readonly #bench: TrialBench
  readonly #watch: ProgramLoop<WatchEvent, WatchEffect>
  readonly #jury: ProgramLoop<JuryEvent, JuryEffect>
  readonly #watched: Watch
  readonly #judged: Jury
  readonly #stalls: StallMeter
  readonly #stopping = new AbortController()
  readonly #trials = new Map<Hex, AbortController>()
  /** Who asked about a dispute that is judged here, and so has its data; the newest last. */
  readonly #askers = new Map<Hex, Set<string>>()
  readonly #stops: (() => Promise<void> | void)[] = []
  /** Head and first block at which the place in a table is looked after again. */
  #head: number | null = null
  #renewBlock = 0
  #isRenewing = false
  #votes = 0
  #ballots = 0

  private constructor(options: WatchtowerOptions, rows: Rows) {
    const { court, key, clock, random, onFatal } = options
    this.#options = options
    this.#signer = courtSigner(court.id, key)
    this.#bench = new TrialBench(options)
    this.#stalls = new StallMeter(clock())
    const context = { rules: court.rules, signer: this.#signer }
    const watch = newWatch(toHex(random(32)), rows.votes)
    this.#watched = watch
    this.#watch = new ProgramLoop({
      advance: (event, nowMs) => advanceWatch(context, watch, event, nowMs),
      perform: (effect) => this.#performWatch(effect),
      ...{ clock, fail: onFatal },
    })
    const jury = newJury(rows.summonses, rows.votes)
    this.#judged = jury
    this.#jury = new ProgramLoop({
      advance: (event, nowMs) => advanceJury(context, jury, event, nowMs),
      perform: (effect) => this.#performJury(effect),
      ...{ clock, fail: onFatal },
    })
  }

  /** Starts to answer probes and requests for votes, and to watch from the next head on. */
  static async start(options: WatchtowerOptions): Promise<Watchtower> {
    const { node, journal } = options
    const rows = { votes: await readAll(journal, votes), summonses: await readAll(journal, summonses) }
    const tower = new Watchtower(options, rows)
    tower.#stops.push(await serveProbes(node, (nonce) => tower.#signer.sign('Probe', { nonce })))
    tower.#stops.push(await serveVotes(node, (subject, peerId) => tower.#findVote(subject, peerId)))
    const ticker = setInterval(() => tower.#tick(), TICK_MS)
    tower.#stops.push(() => clearInterval(ticker))
    return tower
  }

  /** Takes a new block: probes by its time, votes at the end of an epoch. */
  async onHead(block: number): Promise<void> {
    this.#head = block
    void this.#watch.post({ type: 'subjects', subjects: this.#options.subjects.list() })
    void this.#watch.post({ type: 'head', block })
    void this.#jury.post({ type: 'head', block })
    if (block >= this.#renewBlock && !this.#isRenewing) await this.#renew(block)
  }

  /** Takes what the court said: a challenge may want a ballot. */
  async heard({ event, at }: PlacedCourtEvent): Promise<void> {
    const { court } = this.#options
    if (event.kind === 'resolved' || event.kind === 'lapsed') {
      await this.#jury.post({ type: 'settled', subject: event.subject })
    } else if (event.kind === 'challenged') {
      const quote = await court.quoteOf(event.lease)
      if (quote === undefined) return
      const { lease, task, output } = event
      await this.#jury.post({ type: 'challenged', summons: { quote, lease, task, output, block: at.block } })
    }
  }

  /** Tells where this process stands as a watcher, by the chain of now. */
  async status(): Promise<WatchStatus> {
    const { court } = this.#options
    const { address: key } = this.#signer
    const epoch = epochOf(court.rules, this.#head ?? 0)
    const term = termOf(court.rules, epoch)
    const { account } = await court.reader.watcher(key)
    const terms = Array.from({ length: TERMS_AHEAD + 1 }, (_, i) => term + i)
    const tables = await Promise.all(terms.map((each) => court.reader.table(each)))
    return {
      key,
      account: account === NOBODY ? null : account,
      ...{ term, places: terms.filter((_, i) => tables[i]?.includes(key)) },
      subjects: this.#watched.epochs.get(epoch)?.watched.size ?? 0,
      ...{ votes: this.#votes, ballots: this.#ballots, cases: this.#judged.cases.size },
    }
  }

  /** Stops watching; what was voted is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
    await Promise.all([this.#watch.stop(), this.#jury.stop()])
  }

  #tick(): void {
    this.#stalls.tick(this.#options.clock())
    void this.#watch.post({ type: 'tick' })
    void this.#jury.post({ type: 'tick' })
  }

  /** Does what may fail, and says so; tells whether it did not. */
  async #attempt(sentence: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#options.log.warn(sentence, { error: errorMessage(error) })
      return false
    }
  }

  /** Answers from the table of votes and from nowhere else. */
  async #findVote(subject: Hex, peerId: string): Promise<VoteRow | null> {
    const bytes = await this.#options.journal.get(votes.table, subject)
    if (bytes !== undefined) return votes.codec.decode(bytes)
    this.#noteAsker(subject, peerId)
    return null
  }

  /** Whoever asks about a case that is judged here may have its data; others are not remembered. */
  #noteAsker(subject: Hex, peerId: string): void {
    if (!this.#judged.cases.has(subject)) return
    const known = this.#askers.get(subject) ?? new Set()
    this.#askers.set(subject, known)
    known.delete(peerId)
    known.add(peerId)
    const [oldest] = known
    if (known.size > MOST_ASKERS && oldest !== undefined) known.delete(oldest)
  }

  /** Takes a place in the table of the term after next, once a term; the account enrolled the key before. */
  async #renew(head: number): Promise<void> {
    const { rules } = this.#options.court
    const termBlocks = rules.termEpochs * epochBlocks(rules)
    const nextTerm = head - (head % termBlocks) + termBlocks
    this.#isRenewing = true
    const isDone = await this.#attempt('the place in the next table was not taken', () => this.#enrol(head))
    this.#renewBlock = isDone ? nextTerm : head + Math.ceil(termBlocks / RENEWAL_PARTS)
    this.#isRenewing = false
  }

  async #enrol(head: number): Promise<void> {
    const { court, chain, log } = this.#options
    const { address } = this.#signer
    const term = termOf(court.rules, epochOf(court.rules, head))
    const { account, lastTerm } = await court.reader.watcher(address)
    if (account === NOBODY) {
      if (this.#renewBlock === 0)
        log.info('this process does not watch: its key has no stake', { key: address })
      return
    }
    if (this.#renewBlock === 0) log.info('this process watches', { key: address, account, lastTerm })
    if (lastTerm >= term + 2) return
    const data = courtData.enrol(address)
    const request = { id: `enrol/${court.id.court}/${term}`, purpose: 'watch in the term after next' }
    await chain.sender.submit({ ...request, to: court.id.court, data })
    log.info('watching goes on', { term: term + 2 })
  }

  #performWatch(effect: WatchEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#options.journal.commit(effect.writes, effect.durability)
      case 'seats':
        void this.#attempt('the watchers of an epoch are not known yet', () => this.#drawEpoch(effect.epoch))
        return
      case 'probe':
        void this.#probe(effect)
        return
      case 'voted': {
        const { key, epoch, seen, up } = effect
        this.#votes += 1
        if ((seen & ~up) !== 0)
          this.#options.log.info('voted that a provider was down', { key, epoch, seen, up })
        return
      }
    }
  }

  async #drawEpoch(epoch: number): Promise<void> {
    const draw = await this.#options.court.drawOfEpoch(epoch)
    if (draw !== null) await this.#watch.post({ type: 'seats', epoch, ...draw })
  }

  /**
   * Probes once. A probe that failed while this process was held up for much of its time has no result: it counts
   * neither as up nor as down (docs/PROTOCOL.md §12.3).
   */
  async #probe({ at, nonce, timeoutMs }: Extract<WatchEffect, { do: 'probe' }>): Promise<void> {
    const { node, clock } = this.#options
    const { signal } = this.#stopping
    const sinceMs = clock()
    const signature = await probePeer(node, at, nonce, { timeoutMs, signal }).catch(() => null)
    const isStalled = this.#stalls.longest(sinceMs, clock()) > timeoutMs * STALL_SHARE
    if (signature !== null || !isStalled) await this.#watch.post({ type: 'probed', nonce, signature })
  }

  #performJury(effect: JuryEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#options.journal.commit(effect.writes, effect.durability)
      case 'seats':
        void this.#attempt('a jury is not known yet', () => this.#drawJury(effect.subject, effect.block))
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

  async #drawJury(subject: Hex, seedBlock: number): Promise<void> {
    const draw = await this.#options.court.drawOfJury(seedBlock)
    if (draw !== null) await this.#jury.post({ type: 'seats', subject, ...draw })
  }

  /** Whoever asked for a ballot has the data, and so has the provider that is accused. */
  async #fetch({ subject, task, quote }: { subject: Hex; task: Hex; quote: Quote }): Promise<void> {
    const accused = this.#options.subjects.find(quote.resultSigner)
    const askers = [...(this.#askers.get(subject) ?? [])].toReversed()
    const peers = [...askers, ...(accused === undefined ? [] : [accused.peerId])]
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(FETCH_MS)])
    const isComplete = await this.#bench.fetch(subject, task, peers, signal)
    await this.#jury.post({ type: 'fetched', subject, isComplete })
  }

  async #execute(subject: Hex, task: Hex): Promise<void> {
    const control = new AbortController()
    this.#trials.set(subject, control)
    const signal = AbortSignal.any([this.#stopping.signal, control.signal])
    const outcome = await this.#bench.execute(task, signal)
    this.#trials.delete(subject)
    if ('output' in outcome) await this.#jury.post({ type: 'executed', subject, output: outcome.output })
    else await this.#jury.post({ type: 'failed', subject, code: outcome.failed })
  }
}

interface Rows {
  readonly votes: ReadonlyMap<string, VoteRow>
  readonly summonses: ReadonlyMap<string, Summons>
}

async function readAll<T>(journal: Journal, table: Table<T>): Promise<Map<string, T>> {
  const rows = await journal.scan(table.table)
  return new Map(rows.map(({ key, value }) => [key, table.codec.decode(value)]))
}
