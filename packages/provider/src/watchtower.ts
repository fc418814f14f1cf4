import {
  advanceWatch,
  type CourtSigner,
  courtSigner,
  forgotten,
  lastForgotten,
  newWatch,
  ProgramLoop,
  summonses,
  type Table,
  type VoteRow,
  votes,
  type Watch,
  type WatchEffect,
  type WatchEvent,
} from '@souk/engine'
import { probePeer, serveProbes, serveVotes, type VoteAsker } from '@souk/network'
import { addressOf, epochOf, errorMessage, type Hex, toHex } from '@souk/protocol'
import type { PlacedCourtEvent } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import { type CourtRows, Juror, type JurorOptions } from './juror.ts'
import { Membership, type MembershipOptions, type Standing } from './membership.ts'
import { StallMeter } from './stall-meter.ts'
import type { Subjects } from './subjects.ts'

export interface WatchtowerOptions extends JurorOptions, MembershipOptions {
  /** The key that has the places in the tables. */
  readonly key: Uint8Array
  readonly subjects: Subjects
  readonly random: (bytes: number) => Uint8Array
}

/** Milliseconds between ticks of both programs. */
const TICK_MS = 50
/** Share of the time for an answer that this process may do nothing at all before it says nothing of who did not answer. */
const STALL_SHARE = 1 / 2
/** Where a process stands as a watcher, for people. */
export interface WatchStatus extends Standing {
  /** The key that watches. */
  readonly key: Hex
  /** Provider processes that it watches in this epoch. */
  readonly subjects: number
  /** Votes on downtime and ballots on results since this process started. */
  readonly votes: number
  readonly ballots: number
  /** Challenges that it may yet have to judge. */
  readonly cases: number
  /** Milliseconds of one core that judging took lately, and that it may take in an hour; it abstains beyond. */
  readonly jury: { readonly spentMs: number; readonly mostMs: number }
}

/** The watching and judging side of a process (docs/PROTOCOL.md §12): enrols, probes, votes, re-executes. */
export class Watchtower {
  readonly #options: WatchtowerOptions
  readonly #signer: CourtSigner
  readonly #juror: Juror
  readonly #membership: Membership
  readonly #watch: ProgramLoop<WatchEvent, WatchEffect>
  readonly #watched: Watch
  readonly #stalls: StallMeter
  readonly #stopping = new AbortController()
  readonly #stops: (() => Promise<void> | void)[] = []
  #votes = 0

  private constructor(options: WatchtowerOptions, rows: CourtRows, membership: Membership) {
    const { court, key, clock, random, onFatal } = options
    this.#options = options
    this.#signer = courtSigner(court.id, key)
    this.#juror = new Juror(options, this.#signer, rows)
    this.#membership = membership
    this.#stalls = new StallMeter(clock())
    const context = { rules: court.rules, signer: this.#signer }
    const watch = newWatch(toHex(random(32)), rows.votes, rows.forgottenUntil)
    this.#watched = watch
    this.#watch = new ProgramLoop({
      advance: (event, nowMs) => advanceWatch(context, watch, event, nowMs),
      perform: (effect) => this.#performWatch(effect),
      ...{ clock, fail: onFatal },
    })
  }

  /** Starts to answer probes and requests for votes, and to watch from the next head on. */
  static async start(options: WatchtowerOptions): Promise<Watchtower> {
    const { node, journal } = options
    const rows = {
      votes: await readAll(journal, votes),
      summonses: await readAll(journal, summonses),
      forgottenUntil: lastForgotten(await readAll(journal, forgotten)),
    }
    const membership = await Membership.open(options, addressOf(options.key))
    const tower = new Watchtower(options, rows, membership)
    tower.#stops.push(await serveProbes(node, (nonce) => tower.#signer.sign('Probe', { nonce })))
    tower.#stops.push(await serveVotes(node, (subject, asker) => tower.#findVote(subject, asker)))
    const ticker = setInterval(() => tower.#tick(), TICK_MS)
    tower.#stops.push(() => clearInterval(ticker))
    return tower
  }

  /** Takes a new block: probes by its time, votes at the end of an epoch. */
  async onHead(block: number): Promise<void> {
    void this.#watch.post({ type: 'subjects', subjects: this.#options.subjects.list() })
    void this.#watch.post({ type: 'head', block })
    this.#juror.onHead(block)
    await this.#membership.onHead(block)
  }

  /** Goes on watching from term to term, or takes no further place; also after a restart. */
  renew(renews: boolean): Promise<void> {
    return this.#membership.renew(renews)
  }

  /** Takes what the court said. */
  async heard(placed: PlacedCourtEvent): Promise<void> {
    await this.#juror.heard(placed)
  }

  /** Tells where this process stands as a watcher, by the chain of now. */
  async status(): Promise<WatchStatus> {
    const head = this.#watched.head ?? 0
    const epoch = epochOf(this.#options.court.rules, head)
    const { cases, ballots, share: jury } = this.#juror
    return {
      key: this.#signer.address,
      ...(await this.#membership.standing(head)),
      subjects: this.#watched.epochs.get(epoch)?.watched.size ?? 0,
      ...{ votes: this.#votes, ballots, cases, jury },
    }
  }

  /** Stops watching; what was voted is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
    await Promise.all([this.#watch.stop(), this.#juror.stop()])
  }

  #tick(): void {
    this.#stalls.tick(this.#options.clock())
    void this.#watch.post({ type: 'tick' })
    this.#juror.tick()
  }

  /** Does what may fail, and says so. */
  async #attempt(sentence: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      if (!this.#stopping.signal.aborted) this.#options.log.warn(sentence, { error: errorMessage(error) })
    })
  }

  /** Answers from the table of votes and from nowhere else. */
  async #findVote(subject: Hex, asker: VoteAsker): Promise<VoteRow | null> {
    const bytes = await this.#options.journal.get(votes.table, subject)
    if (bytes !== undefined) return votes.codec.decode(bytes)
    this.#juror.noteAsker(subject, asker)
    return null
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
}

async function readAll<T>(journal: Journal, table: Table<T>): Promise<Map<string, T>> {
  const rows = await journal.scan(table.table)
  return new Map(rows.map(({ key, value }) => [key, table.codec.decode(value)]))
}
