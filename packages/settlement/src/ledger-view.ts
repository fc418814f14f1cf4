import { assert, type Hex } from '@souk/protocol'
import type { ChainWatcher } from './chain-watcher.ts'
import { ChainError, isUnavailable } from './errors.ts'
import type { EscrowEvent } from './escrow-events.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { DelegateOnChain } from './escrow-reads.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { orAbort } from './pause.ts'

/** What an account could lock in leases now, by itself or through one of its keys. */
export interface Cover {
  /** Free ledger balance in base units. */
  readonly free: bigint
  /** What the key may lock; null where no key was asked for. */
  readonly delegate: DelegateOnChain | null
  /** Base units that a quote of this side may lock: the balance, and the key's limit while it has not expired. */
  readonly lockable: bigint
  /** Monotonic milliseconds since this was read. */
  readonly ageMs: number
}

/** A view of balances and delegates that is as fresh as the last event, or the bound on its age. */
export interface LedgerView {
  /**
   * Returns the cover of `account`, through `key` where it is not the account itself.
   *
   * While no endpoint answers, what was read last is returned however old, unless an event has changed it since;
   * throws `RPC_UNAVAILABLE` otherwise. What was asked for lately is read again when a new head makes it stale, not
   * when it is asked for.
   */
  cover(account: Hex, key?: Hex, options?: { signal?: AbortSignal }): Promise<Cover>
  /** Forgets everything and stops listening. */
  stop(): void
}

export interface LedgerViewOptions {
  readonly reader: Pick<EscrowReader, 'balance' | 'delegate' | 'blockNumber'>
  readonly watcher: Pick<ChainWatcher, 'subscribe' | 'clock'>
  /** Milliseconds after which an entry is read again even without an event. */
  readonly maxAgeMs?: number
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

interface Entry {
  readonly account: Hex
  readonly key: Hex | undefined
  known: { readonly free: bigint; readonly delegate: DelegateOnChain | null; readonly readMs: number } | null
  /** Events that changed it, and how many of them the read had heard of that made `known`. */
  changes: number
  knownChanges: number
  usedMs: number
  reading: Promise<void> | null
}

const MAX_AGE_MS = 10_000
/** Milliseconds for which an entry that nobody asks for is kept fresh: a quote is accepted within that time. */
const WARM_MS = 60_000
/** Entries kept fresh: those asked for last. */
const WARM_ENTRIES = 256
/** Reads for one question: an event may come while the first is on its way. */
const READS = 2

/** Makes a view that reads through `reader` and forgets what `watcher` sees changing. */
export function createLedgerView(options: LedgerViewOptions): LedgerView {
  const { reader, watcher, maxAgeMs = MAX_AGE_MS, nowMs = () => performance.now() } = options
  const entries = new Map<string, Entry>()

  const isStale = (entry: Entry) => entry.changes !== entry.knownChanges
  const isOlder = ({ known }: Entry, ageMs: number) => known === null || nowMs() - known.readMs >= ageMs
  const unsubscribe = watcher.subscribe((signal) => {
    if (signal.kind === 'head') warm()
    if (signal.kind !== 'event' && signal.kind !== 'removed') return
    const changed = new Set(touched(signal.event))
    for (const entry of entries.values()) if (changed.has(entry.account)) entry.changes += 1
  })
  /** Reads what was asked for lately before it is asked for again; failures are met then. */
  const warm = () => {
    const lately = [...entries.values()]
      .slice(-WARM_ENTRIES)
      .filter(({ usedMs }) => nowMs() - usedMs < WARM_MS)
    for (const entry of lately)
      if (isStale(entry) || isOlder(entry, maxAgeMs / 2)) void read(entry).catch(() => {})
  }
  const read = (entry: Entry): Promise<void> => {
    entry.reading ??= readNow(entry).finally(() => {
      entry.reading = null
    })
    return entry.reading
  }
  const readNow = async (entry: Entry) => {
    const { account, key, changes } = entry
    const readMs = nowMs()
    // In one request, so that the same endpoint tells how far it is: one that lags shows money that is gone.
    const [block, free, delegate] = await Promise.all([
      reader.blockNumber(),
      reader.balance(account),
      key === undefined ? null : reader.delegate(account, key),
    ])
    requireBlock(block, watcher.clock.head()?.number ?? 0)
    Object.assign(entry, { known: { free, delegate, readMs }, knownChanges: changes })
  }
  const refresh = async (entry: Entry, signal: AbortSignal | undefined) => {
    for (let reads = 0; reads < READS && (isStale(entry) || isOlder(entry, maxAgeMs)); reads++) {
      try {
        await orAbort(read(entry), signal)
      } catch (error) {
        if (entry.known === null || isStale(entry) || !isUnavailable(error)) throw error
        return
      }
    }
  }
  const entryOf = (account: Hex, key: Hex | undefined): Entry => {
    const id = `${account}/${key ?? ''}`
    const fresh = { account, key, known: null, changes: 0, knownChanges: 0, usedMs: 0, reading: null }
    const entry = entries.get(id) ?? fresh
    entry.usedMs = nowMs()
    keep(entries, id, entry)
    return entry
  }
  return {
    async cover(account, key, { signal } = {}) {
      const owner = account.toLowerCase() as Hex
      const hot = key === undefined || key.toLowerCase() === owner ? undefined : (key.toLowerCase() as Hex)
      const entry = entryOf(owner, hot)
      await refresh(entry, signal)
      assert(entry.known !== null, 'a refresh that does not throw has read')
      const { free, delegate, readMs } = entry.known
      const lockable = lockableOf(free, delegate, watcher.clock.seconds() ?? 0)
      return { free, delegate, lockable, ageMs: nowMs() - readMs }
    },
    stop() {
      unsubscribe()
      entries.clear()
    },
  }
}

function requireBlock(block: number, least: number): void {
  if (block >= least) return
  throw new ChainError(`expected an endpoint that has block ${least}, it is at ${block}; ask again later`, {
    code: 'RPC_UNAVAILABLE',
    endpoints: [],
  })
}

/** Returns the base units that may be locked at chain time `nowSeconds`. */
export function lockableOf(free: bigint, delegate: DelegateOnChain | null, nowSeconds: number): bigint {
  if (delegate === null) return free
  if (nowSeconds >= delegate.expiry || delegate.inUse >= delegate.limit) return 0n
  const left = delegate.limit - delegate.inUse
  return left < free ? left : free
}

/** Returns the accounts whose free balance or delegates an event changes. */
function touched(event: EscrowEvent): readonly Hex[] {
  switch (event.kind) {
    case 'opened':
    case 'closed':
      return [event.provider, event.requester]
    case 'redeemed':
      return [event.provider]
    case 'delegateSet':
    case 'deposited':
    case 'withdrawn':
      return [event.account]
    case 'moved':
      return [event.from, event.to]
    default:
      return []
  }
}

/** Keeps the newest entries up to the bound. */
function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > CHAIN_LIMITS.ledgerViewEntries && oldest !== undefined) map.delete(oldest)
}
