import { type ExperienceRow, experiences, type ProofRecord, partyKey, put } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { ProvenParty } from './gpu-proof-rows.ts'
import type { ChainHistory } from './reliability-chain.ts'
import { experience, type Happening, noExperience } from './reliability-evidence.ts'
import { isUnknown, type Known, type Score, scoreOf } from './reliability-score.ts'
import type { UptimeSource } from './reliability-uptime.ts'

/** Milliseconds that what was seen may wait until it is in the journal: results come by the thousand. */
const KEEP_MS = 1_000
/** Provider processes whose experience is kept; who was not seen for longest goes first. */
const MOST_EXPERIENCES = 4_096

/** What the book has around it. */
export interface ReliabilityServices {
  readonly journal: Pick<Journal, 'scan' | 'commit'>
  /** Milliseconds since the epoch. */
  dateMs(): number
  onProblem(sentence: string, error: unknown): void
  /** Processes that are kept; {@link MOST_EXPERIENCES} unless told. */
  readonly most?: number
}

/** Where further evidence comes from, besides what is noted here. */
export interface ReliabilitySources {
  chain?: Pick<ChainHistory, 'of'>
  proofsOf?(party: ProvenParty): ProofRecord | undefined
  uptime?: UptimeSource
}

/** What a requester knows of how far providers can be relied upon (docs/AVAILABILITY.md §5). */
export class ReliabilityBook {
  /** Set as the parts that know something come up. */
  readonly sources: ReliabilitySources = {}
  readonly #services: ReliabilityServices
  /** By party; who was seen last stands last. */
  readonly #rows = new Map<string, ExperienceRow>()
  /** Keys of the rows of each account. */
  readonly #accounts = new Map<string, Set<string>>()
  readonly #changed = new Set<string>()
  #newcomer: { readonly forMs: number; readonly score: Score } | null = null
  #timer: NodeJS.Timeout | number | undefined

  constructor(services: ReliabilityServices) {
    this.#services = services
  }

  /** Reads what earlier runs saw. */
  async load(): Promise<void> {
    const rows = (await this.#services.journal.scan(experiences.table)).map(
      ({ key, value }) => [key, experiences.codec.decode(value)] as const,
    )
    rows.sort(([, a], [, b]) => a.record.atMs - b.record.atMs)
    for (const [key, row] of rows) this.#set(key, row)
  }

  /** Notes what was seen of a provider; it is in the journal a second later, or when the book is closed. */
  note(party: ProvenParty, seen: Happening): void {
    const key = partyKey(party)
    const nowMs = this.#services.dateMs()
    const row = this.#rows.get(key) ?? noExperience(nowMs)
    experience(row, seen, nowMs)
    this.#set(key, row)
    this.#changed.add(key)
    this.#forgetOldest()
    this.#timer ??= setTimeout(() => void this.#keep(), KEEP_MS)
  }

  /** Tells whether we had a lease of this account that lasted: its leases with others count then. */
  knows(account: Hex): boolean {
    return this.#rowsOf(account).some(([, { leases }]) => leases.finished > 0)
  }

  /** Returns the bounds of a new lease of `forMs` milliseconds, and what they rest on. */
  score(party: ProvenParty, forMs: number): Score {
    const known = this.#known(party)
    if (!isUnknown(known)) return scoreOf(known, forMs, this.#services.dateMs())
    // A market has thousands of them, and all are alike.
    if (this.#newcomer?.forMs !== forMs)
      this.#newcomer = { forMs, score: scoreOf(known, forMs, this.#services.dateMs()) }
    return this.#newcomer.score
  }

  /** Has more learned of those who are about to be asked, for the next time. */
  learn(parties: readonly ProvenParty[]): void {
    this.sources.uptime?.want?.(parties.map(({ subject }) => subject))
  }

  /** Writes what is not in the journal yet. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#keep()
  }

  #known(party: ProvenParty): Known {
    const { chain, proofsOf, uptime } = this.sources
    const own = partyKey(party)
    const siblings = this.#rowsOf(party.account).filter(([key]) => key !== own)
    const proven = uptime?.of(party.subject)
    return {
      own: this.#rows.get(own),
      siblings: siblings.map(([, row]) => row),
      proofs: proofsOf?.(party),
      chain: chain?.of(party),
      uptime: uptime && proven && { ...proven, slotMs: uptime.slotMs },
    }
  }

  #rowsOf(account: Hex): (readonly [string, ExperienceRow])[] {
    return [...(this.#accounts.get(account) ?? [])].flatMap((key) => {
      const row = this.#rows.get(key)
      return row === undefined ? [] : [[key, row] as const]
    })
  }

  /** Sets a row, as the one that changed last. */
  #set(key: string, row: ExperienceRow): void {
    this.#rows.delete(key)
    this.#rows.set(key, row)
    const [account = ''] = key.split('/')
    const keys = this.#accounts.get(account) ?? new Set()
    this.#accounts.set(account, keys.add(key))
  }

  #forgetOldest(): void {
    const [oldest] = this.#rows.keys()
    if (oldest === undefined || this.#rows.size <= (this.#services.most ?? MOST_EXPERIENCES)) return
    this.#rows.delete(oldest)
    const [account = ''] = oldest.split('/')
    const keys = this.#accounts.get(account)
    keys?.delete(oldest)
    if (keys?.size === 0) this.#accounts.delete(account)
    this.#changed.add(oldest)
  }

  async #keep(): Promise<void> {
    this.#timer = undefined
    const writes = [...this.#changed].map((key) => {
      const row = this.#rows.get(key)
      return row === undefined ? { table: experiences.table, key, value: null } : put(experiences, key, row)
    })
    this.#changed.clear()
    if (writes.length === 0) return
    try {
      await this.#services.journal.commit(writes, 'committed')
    } catch (error) {
      this.#services.onProblem('what was seen of providers is not in the journal', error)
    }
  }
}
