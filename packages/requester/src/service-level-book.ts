import type { Verdict } from '@souk/availability'
import { isOver, type Purchase, put, type ServiceRow, serviceLevels } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { readRows } from './read-rows.ts'
import {
  conditionOf,
  countEvent,
  countService,
  type EscrowSignal,
  newService,
  type Watched,
} from './service-level-count.ts'

/** Milliseconds that what was counted may wait until it is in the journal. */
const KEEP_MS = 5_000
/** Leases whose service is remembered; the one that began first goes first. */
export const MOST_SERVICES = 4_096

/** What the book needs of the process. */
export interface ServiceBookOptions {
  readonly journal: Pick<Journal, 'scan' | 'commit' | 'get'>
  /** Monotonic milliseconds. */
  clock(): number
  /** Milliseconds since the epoch. */
  dateMs(): number
  onProblem(sentence: string, error: unknown): void
  /** Leases that are remembered; {@link MOST_SERVICES} unless told. */
  readonly most?: number
}

/** A lease as its service is counted. */
type Counted = Watched & {
  readonly purchase: Pick<Purchase, 'lease' | 'peerId' | 'phase' | 'boot'>
}

/** What was promised is in the leases' terms; here is what came of it, by lease, bounded (docs/AVAILABILITY.md). */
export class ServiceBook {
  readonly #options: ServiceBookOptions
  /** The oldest first. */
  readonly #rows = new Map<Hex, ServiceRow>()
  readonly #changed = new Set<Hex>()
  /** Since when the connection of a lease is down, by our clock. */
  readonly #downSince = new Map<Hex, number>()
  readonly #counted = new Map<Hex, number>()
  #keptMs = 0
  #keeping: Promise<void> = Promise.resolve()

  constructor(options: ServiceBookOptions) {
    this.#options = options
  }

  /** Reads what earlier runs counted. */
  async load(): Promise<void> {
    const rows = await readRows(this.#options.journal as Journal, serviceLevels)
    const sorted = [...rows].sort(([, a], [, b]) => a.sinceMs - b.sinceMs)
    for (const [lease, row] of sorted) this.#rows.set(lease as Hex, row)
  }

  /** Notes a lease, so that what the chain says of it is kept. */
  know({ lease, acceptedAtMs }: Pick<Purchase, 'lease' | 'acceptedAtMs'>): void {
    if (this.#rows.has(lease)) return
    this.#rows.set(lease, newService(acceptedAtMs))
    this.#changed.add(lease)
    const [oldest] = this.#rows.keys()
    if (oldest === undefined || this.#rows.size <= (this.#options.most ?? MOST_SERVICES)) return
    this.#rows.delete(oldest)
    this.#changed.add(oldest)
  }

  of(lease: Hex): ServiceRow | undefined {
    return this.#rows.get(lease)
  }

  /** Counts the time since the last tick for every lease with a channel, and puts it into the journal now and then. */
  tick(leases: Iterable<Counted>, verdictOf: (peerId: string) => Verdict | undefined): void {
    const nowMs = this.#options.clock()
    for (const lease of leases) this.#count(lease, verdictOf(lease.purchase.peerId), nowMs)
    if (nowMs - this.#keptMs >= KEEP_MS) void this.#keep(nowMs)
  }

  /** Ends the counting of a lease. */
  over(lease: Hex): void {
    this.#counted.delete(lease)
    this.#downSince.delete(lease)
  }

  /** Takes what the escrow says of leases of ours. */
  onEvent(signal: EscrowSignal): void {
    const { event } = signal
    const row = 'lease' in event ? this.#rows.get(event.lease) : undefined
    if (row === undefined || !('lease' in event)) return
    countEvent(row, signal)
    this.#changed.add(event.lease)
  }

  /** Writes what is not in the journal yet. */
  async close(): Promise<void> {
    await this.#keep(this.#options.clock())
  }

  #count(state: Counted, verdict: Verdict | undefined, nowMs: number): void {
    const { lease, phase, boot } = state.purchase
    const row = this.#rows.get(lease)
    if (row === undefined || isOver(phase) || boot === null) return
    const beforeMs = this.#counted.get(lease)
    this.#counted.set(lease, nowMs)
    if (beforeMs === undefined) this.#skip(row)
    else {
      const condition = conditionOf(state, verdict, nowMs)
      const ms = Math.round(nowMs) - Math.round(beforeMs)
      countService(row, condition, ms)
      this.#outage(lease, row, condition === 'down', nowMs - ms)
    }
    this.#changed.add(lease)
  }

  /** What passed while this process did not run, or did not hold the lease yet, nobody has seen. */
  #skip(row: ServiceRow): void {
    const ms = Math.max(0, Math.round(this.#options.dateMs()) - row.untilMs)
    row.unseenMs += ms
    row.untilMs += ms
  }

  #outage(lease: Hex, row: ServiceRow, isDown: boolean, sinceMs: number): void {
    const since = this.#downSince.get(lease)
    if (!isDown) {
      this.#downSince.delete(lease)
      return
    }
    if (since === undefined) row.outages += 1
    this.#downSince.set(lease, since ?? sinceMs)
    const lasts = Math.round(this.#options.clock() - (since ?? sinceMs))
    row.longestMs = Math.max(row.longestMs, lasts)
  }

  #keep(nowMs: number): Promise<void> {
    this.#keptMs = nowMs
    this.#keeping = this.#keeping.then(() => this.#write())
    return this.#keeping
  }

  async #write(): Promise<void> {
    const writes = [...this.#changed].map((lease) => {
      const row = this.#rows.get(lease)
      return row === undefined
        ? { table: serviceLevels.table, key: lease, value: null }
        : put(serviceLevels, lease, row)
    })
    this.#changed.clear()
    if (writes.length === 0) return
    try {
      await this.#options.journal.commit(writes, 'committed')
    } catch (error) {
      this.#options.onProblem('what leases came to is not in the journal', error)
    }
  }
}
