import {
  advanceJury,
  advanceWatch,
  type CourtSigner,
  courtSigner,
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
  type WatchEffect,
  type WatchEvent,
} from '@souk/engine'
import { probePeer, type SoukNode, serveProbes, serveVotes } from '@souk/network'
import { epochOf, errorMessage, type Hex, type Quote, termOf, toHex } from '@souk/protocol'
import { type ChainLink, type CourtLink, courtData, type PlacedCourtEvent } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import type { StartExecutor } from './executor-pool.ts'
import type { Log } from './log.ts'
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
/** Milliseconds for fetching what a trial needs, at one time. */
const FETCH_MS = 60_000
/** Peers remembered that asked about one dispute, and disputes for which they are. */
const MOST_ASKERS = 8
const MOST_DISPUTES = 256

/** The watching and judging side of a process (docs/PROTOCOL.md §12): enrols, probes, votes, re-executes. */
export class Watchtower {
  readonly #options: WatchtowerOptions
  readonly #signer: CourtSigner
  readonly #bench: TrialBench
  readonly #watch: ProgramLoop<WatchEvent, WatchEffect>
  readonly #jury: ProgramLoop<JuryEvent, JuryEffect>
  readonly #stopping = new AbortController()
  readonly #trials = new Map<Hex, AbortController>()
  /** Who asked about a dispute, and so has its data. */
  readonly #askers = new Map<Hex, Set<string>>()
  readonly #stops: (() => Promise<void> | void)[] = []
  /** First block whose court events were not read. */
  #nextBlock: number | null = null
  #askedTerm = -1
  #reading = false

  private constructor(options: WatchtowerOptions, rows: Rows) {
    const { court, key, clock, random, onFatal } = options
    this.#options = options
    this.#signer = courtSigner(court.id, key)
    this.#bench = new TrialBench(options)
    const context = { rules: court.rules, signer: this.#signer }
    const watch = newWatch(toHex(random(32)), rows.votes)
    this.#watch = new ProgramLoop({
      advance: (event, nowMs) => advanceWatch(context, watch, event, nowMs),
      perform: (effect) => this.#performWatch(effect),
      ...{ clock, fail: onFatal },
    })
    const jury = newJury(rows.summonses, rows.votes)
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

  /** Takes a new block: probes by its time, votes at the end of an epoch, hears what the court was told. */
  async onHead(block: number): Promise<void> {
    void this.#watch.post({ type: 'subjects', subjects: this.#options.subjects.list() })
    void this.#watch.post({ type: 'head', block })
    void this.#jury.post({ type: 'head', block })
    await this.#attempt('the court was not read', () => this.#readCourt(block))
    await this.#attempt('the place in the next table was not taken', () => this.#renew(block))
  }

  /** Stops watching; what was voted is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
    await Promise.all([this.#watch.stop(), this.#jury.stop()])
  }

  #tick(): void {
    void this.#watch.post({ type: 'tick' })
    void this.#jury.post({ type: 'tick' })
  }

  async #attempt(sentence: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      if (!this.#stopping.signal.aborted) this.#options.log.warn(sentence, { error: errorMessage(error) })
    })
  }

  /** Answers from the table of votes and from nowhere else. */
  async #findVote(subject: Hex, peerId: string): Promise<VoteRow | null> {
    const bytes = await this.#options.journal.get(votes.table, subject)
    if (bytes !== undefined) return votes.codec.decode(bytes)
    this.#noteAsker(subject, peerId)
    return null
  }

  #noteAsker(subject: Hex, peerId: string): void {
    const known = this.#askers.get(subject) ?? new Set()
    this.#askers.delete(subject)
    this.#askers.set(subject, known)
    if (known.size < MOST_ASKERS) known.add(peerId)
    const [oldest] = this.#askers.keys()
    if (this.#askers.size > MOST_DISPUTES && oldest !== undefined) this.#askers.delete(oldest)
  }

  /** Reads what the court was told since the last look; after a pause, as far back as anything is undecided. */
  async #readCourt(head: number): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      const { court } = this.#options
      const from = this.#nextBlock ?? Math.max(0, head - court.rules.verdictBlocks)
      for (const placed of await court.events(from, head)) await this.#heard(placed)
      this.#nextBlock = head + 1
    } finally {
      this.#reading = false
    }
  }

  async #heard({ event, at }: PlacedCourtEvent): Promise<void> {
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

  /** Takes a place in the table of the term after next, once a term; the account enrolled the key before. */
  async #renew(head: number): Promise<void> {
    const { court, chain, log } = this.#options
    const term = termOf(court.rules, epochOf(court.rules, head))
    if (term === this.#askedTerm) return
    const { account, lastTerm } = await court.reader.watcher(this.#signer.address)
    this.#askedTerm = term
    if (account === NOBODY || lastTerm >= term + 2) return
    const data = courtData.enrol(this.#signer.address)
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

  async #probe({ at, nonce, timeoutMs }: Extract<WatchEffect, { do: 'probe' }>): Promise<void> {
    const { signal } = this.#stopping
    const answer = probePeer(this.#options.node, at, nonce, { timeoutMs, signal })
    const signature = await answer.catch(() => null)
    await this.#watch.post({ type: 'probed', nonce, signature })
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
    const peers = [...(this.#askers.get(subject) ?? []), ...(accused === undefined ? [] : [accused.peerId])]
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

const NOBODY: Hex = '0x0000000000000000000000000000000000000000'

interface Rows {
  readonly votes: ReadonlyMap<string, VoteRow>
  readonly summonses: ReadonlyMap<string, Summons>
}

async function readAll<T>(journal: Journal, table: Table<T>): Promise<Map<string, T>> {
  const rows = await journal.scan(table.table)
  return new Map(rows.map(({ key, value }) => [key, table.codec.decode(value)]))
}
