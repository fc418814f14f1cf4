import {
  type BookLie,
  type JudgedEpoch,
  judgeEpoch,
  type SignedVote,
  sumEpochs,
  type UptimeEvidence,
} from '@souk/engine'
import { fetchUptimePage, type PeerTarget, type SoukNode } from '@souk/network'
import {
  BOOK_EPOCHS,
  type BookEntry,
  epochBlocks,
  epochOf,
  epochStart,
  type Hex,
  PAGE_EPOCHS,
  termOf,
} from '@souk/protocol'
import { type ChainLink, type CourtLink, type NetworkConfig, readEscrowEvents } from '@souk/settlement'
import { BondedStretches } from './uptime-bonds.ts'
import { sampleNumbers } from './uptime-sample.ts'

export interface UptimeDeskOptions {
  readonly config: Pick<NetworkConfig, 'escrow' | 'deployedAt' | 'blockSeconds'>
  readonly node: SoukNode
  readonly chain: Pick<ChainLink, 'rpc' | 'head'>
  readonly court: CourtLink
  /** Returns where the process with this key was last known to be. */
  readonly find: (subject: Hex) => PeerTarget | undefined
  /** Hears the votes that books have. */
  readonly given: (votes: readonly SignedVote[]) => void
  readonly random: (bytes: number) => Uint8Array
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

/** What the uptime book of a provider process proved when it was looked at. */
export interface VerifiedUptime extends UptimeEvidence {
  /** Epochs that were sampled: the counts are of their slots alone. */
  readonly epochs: readonly number[]
  /** What nobody honest could have put into the book. */
  readonly lies: readonly BookLie[]
  /** When, in milliseconds of the monotonic clock. */
  readonly atMs: number
}

/** Epochs of a book that are verified at one time: fifteen signatures each. */
const SAMPLED = 24
/** Epochs back from the head from which on leases are known at first: two days of a public court, 43 requests to its chain. */
const FIRST_LOOK_EPOCHS = 48
/** Blocks that are read again at each look: a reorganisation may have put other events there. */
const REREAD_BLOCKS = 12
/** An epoch is due in a book when another has passed since. */
const DUE_EPOCHS = 2
/** Longest time in milliseconds for which a book is taken as it was; an epoch where that is shorter. */
const LONGEST_TTL_MS = 3_600_000
/** Milliseconds for one page of a book, and for one read of the chain. */
const PAGE_MS = 5_000
const CHAIN_MS = 30_000
/** Milliseconds from one book that is visited unasked to the next: a look checks hundreds of signatures. */
const VISIT_MS = 30_000
/** Milliseconds before a book that did not come is asked for again: its owner answers only so many requests. */
const AGAIN_MS = 5_000
/** Books remembered, the newest. */
const MOST_BOOKS = 4_096
/** Pages of a book: all that it may have, and some for who sends fewer epochs than fit. */
const MOST_PAGES = 2 * Math.ceil(BOOK_EPOCHS / PAGE_EPOCHS)

/** Fetches and verifies the uptime books of providers (docs/PROTOCOL.md §12.6). */
export class UptimeDesk {
  readonly #options: UptimeDeskOptions
  readonly #bonds = new BondedStretches()
  readonly #known = new Map<Hex, VerifiedUptime>()
  readonly #looking = new Map<Hex, Promise<VerifiedUptime | undefined>>()
  /** When a book that did not come may be asked for again. */
  readonly #againMs = new Map<Hex, number>()
  /** When the next book may be visited. */
  #visitMs = Number.NEGATIVE_INFINITY
  /** First block whose leases are known; `null` before the first look. */
  #fromBlock: number | null = null
  #nextBlock = 0
  #reading: Promise<void> = Promise.resolve()

  constructor(options: UptimeDeskOptions) {
    this.#options = options
  }

  /** Returns what a provider's book proved last, however long ago; `undefined` before it was ever looked at. */
  known(subject: Hex): VerifiedUptime | undefined {
    return this.#known.get(subject)
  }

  /**
   * Returns what a provider's book proves, as it was looked at within the time to live, or now. Of one that cannot be
   * reached what was known before, if anything: that it is not there now is for others to say.
   *
   * Throws `ChainError` where the chain does not answer.
   */
  async look(subject: Hex): Promise<VerifiedUptime | undefined> {
    const known = this.#known.get(subject)
    if (!this.#isDue(subject, this.#options.clock())) return known
    if (this.#options.clock() < (this.#againMs.get(subject) ?? 0)) return known
    const looking = this.#looking.get(subject) ?? this.#verify(subject)
    this.#looking.set(subject, looking)
    try {
      const verified = await looking
      if (verified === undefined) this.#pause(subject)
      return verified ?? known
    } finally {
      this.#looking.delete(subject)
    }
  }

  /**
   * Looks at the book of one of these providers, one that is due, from time to time: what is known when an offer is
   * judged must have been read before. Never rejects; `subjects` is asked only then.
   */
  async visit(subjects: () => readonly Hex[]): Promise<void> {
    const { clock, random } = this.#options
    const nowMs = clock()
    if (nowMs < this.#visitMs) return
    this.#visitMs = nowMs + VISIT_MS
    const due = subjects().filter((subject) => this.#isDue(subject, nowMs))
    const [chosen = 0] = sampleNumbers(0, due.length - 1, 1, random)
    const subject = due[chosen]
    // Of a chain that does not answer others complain.
    if (subject !== undefined) await this.look(subject).catch(() => undefined)
  }

  #isDue(subject: Hex, nowMs: number): boolean {
    const known = this.#known.get(subject)
    return known === undefined || nowMs >= known.atMs + this.ttlMs
  }

  /** Milliseconds for which a book is taken as it was. */
  get ttlMs(): number {
    const { config, court } = this.#options
    return Math.min(LONGEST_TTL_MS, epochBlocks(court.rules) * config.blockSeconds * 1_000)
  }

  async #verify(subject: Hex): Promise<VerifiedUptime | undefined> {
    const { chain, court, find, random, clock } = this.#options
    const head = chain.head()?.number
    const target = find(subject)
    if (head === undefined || target === undefined) return undefined
    await this.#readLeases(head)
    const last = epochOf(court.rules, head) - DUE_EPOCHS
    const first = Math.max(epochOf(court.rules, (this.#fromBlock ?? head) - 1) + 1, last - BOOK_EPOCHS + 1)
    const book = await this.#fetch(target, Math.max(0, first), last)
    if (book === null) return undefined
    // Chosen after the whole book is here: who keeps it cannot know what will be looked at.
    const epochs = sampleNumbers(Math.max(0, first), last, SAMPLED, random)
    const judged = await this.#judge(subject, epochs, book)
    this.#options.given(judged.flatMap((each) => each.signed))
    const lies = judged.flatMap((each) => each.lies)
    const verified = { ...sumEpochs(subject, judged), epochs, lies, atMs: clock() }
    this.#remember(subject, verified)
    return verified
  }

  /** Draws the seats of each epoch from the chain as it is now: a key may have been slashed since. */
  async #judge(
    subject: Hex,
    epochs: readonly number[],
    book: ReadonlyMap<number, BookEntry>,
  ): Promise<JudgedEpoch[]> {
    const { court } = this.#options
    const { rules, id } = court
    const judged: JudgedEpoch[] = []
    let term: number | null = null
    for (const epoch of epochs) {
      const draw = await court.drawOfEpoch(epoch, { fresh: termOf(rules, epoch) !== term })
      term = termOf(rules, epoch)
      if (draw === null) continue
      const bonded = this.#bonds.slots(rules, subject, epoch)
      const entry = book.get(epoch) ?? null
      judged.push(judgeEpoch({ rules, court: id, subject }, { epoch, ...draw, bonded, entry }))
    }
    return judged
  }

  /** Returns a whole book, of the epochs from `first` to `last`; `null` where its owner does not answer. */
  async #fetch(
    target: PeerTarget,
    first: number,
    last: number,
  ): Promise<ReadonlyMap<number, BookEntry> | null> {
    const book = new Map<number, BookEntry>()
    let from = first
    for (let page = 0; page < MOST_PAGES && from <= last; page++) {
      const options = { timeoutMs: PAGE_MS }
      const found = await fetchUptimePage(this.#options.node, target, from, options).catch(() => null)
      if (found === null) return null
      for (const entry of found.entries) {
        // What is out of order is not there.
        if (entry.epoch < from) continue
        book.set(entry.epoch, entry)
        from = entry.epoch + 1
      }
      if (!found.more || found.entries.length === 0) break
    }
    return book
  }

  /** Learns the leases up to block `head`, one look after the other. */
  #readLeases(head: number): Promise<void> {
    const reading = this.#reading.catch(() => {}).then(() => this.#readOn(head))
    this.#reading = reading
    return reading
  }

  async #readOn(head: number): Promise<void> {
    const { config, chain, court } = this.#options
    const earliest = epochStart(court.rules, epochOf(court.rules, head) - FIRST_LOOK_EPOCHS)
    const fromBlock = this.#fromBlock ?? Math.max(config.deployedAt, earliest, 0)
    const next = Math.max(fromBlock, this.#nextBlock - REREAD_BLOCKS)
    const range = { fromBlock: next, toBlock: head }
    const found = await readEscrowEvents(chain.rpc, config.escrow, range, AbortSignal.timeout(CHAIN_MS))
    this.#bonds.forgetFrom(next)
    for (const placed of found) this.#bonds.take(placed)
    this.#fromBlock = fromBlock
    this.#nextBlock = Math.max(this.#nextBlock, head + 1)
  }

  #pause(subject: Hex): void {
    this.#againMs.delete(subject)
    this.#againMs.set(subject, this.#options.clock() + AGAIN_MS)
    const [oldest] = this.#againMs.keys()
    if (this.#againMs.size > MOST_BOOKS && oldest !== undefined) this.#againMs.delete(oldest)
  }

  #remember(subject: Hex, verified: VerifiedUptime): void {
    this.#known.delete(subject)
    this.#known.set(subject, verified)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST_BOOKS && oldest !== undefined) this.#known.delete(oldest)
  }
}
