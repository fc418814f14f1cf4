import type { Hex } from '@souk/protocol'
import type { ChainWatcher } from './chain-watcher.ts'
import { isUnavailable } from './errors.ts'
import type { EscrowEvent } from './escrow-events.ts'
import type { EscrowReader } from './escrow-reader.ts'
import type { DelegateOnChain } from './escrow-reads.ts'
import { CHAIN_LIMITS } from './limits.ts'

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
   * While no endpoint answers, what was read last is returned however old; throws `RPC_UNAVAILABLE` where
   * nothing was.
   */
  cover(account: Hex, key?: Hex, options?: { signal?: AbortSignal }): Promise<Cover>
  /** Forgets everything and stops listening. */
  stop(): void
}

export interface LedgerViewOptions {
  readonly reader: EscrowReader
  readonly watcher: Pick<ChainWatcher, 'subscribe' | 'clock'>
  /** Milliseconds after which an entry is read again even without an event. */
  readonly maxAgeMs?: number
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

interface Entry {
  readonly free: bigint
  readonly delegate: DelegateOnChain | null
  readonly readMs: number
  stale: boolean
}

const MAX_AGE_MS = 10_000

/** Makes a view that reads through `reader` and forgets what `watcher` sees changing. */
export function createLedgerView(options: LedgerViewOptions): LedgerView {
  const { reader, watcher, maxAgeMs = MAX_AGE_MS, nowMs = () => performance.now() } = options
  const entries = new Map<string, Entry>()

  const expire = (account: Hex) => {
    for (const [key, entry] of entries) if (key.startsWith(account)) entry.stale = true
  }
  const unsubscribe = watcher.subscribe((signal) => {
    if (signal.kind !== 'event' && signal.kind !== 'removed') return
    for (const account of touched(signal.event)) expire(account)
  })
  const read = async (
    account: Hex,
    key: Hex | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Entry> => {
    const readOptions = signal === undefined ? {} : { signal }
    const readMs = nowMs()
    const [free, delegate] = await Promise.all([
      reader.balance(account, readOptions),
      key === undefined ? null : reader.delegate(account, key, readOptions),
    ])
    return { free, delegate, readMs, stale: false }
  }
  const refresh = async (id: string, account: Hex, key: Hex | undefined, signal: AbortSignal | undefined) => {
    const old = entries.get(id)
    if (old !== undefined && !old.stale && nowMs() - old.readMs < maxAgeMs) return old
    try {
      const entry = await read(account, key, signal)
      keep(entries, id, entry)
      return entry
    } catch (error) {
      if (old === undefined || !isUnavailable(error)) throw error
      return old
    }
  }
  return {
    async cover(account, key, { signal } = {}) {
      const owner = account.toLowerCase() as Hex
      const hot = key === undefined || key.toLowerCase() === owner ? undefined : (key.toLowerCase() as Hex)
      const { free, delegate, readMs } = await refresh(`${owner}/${hot ?? ''}`, owner, hot, signal)
      const lockable = lockableOf(free, delegate, watcher.clock.seconds() ?? 0)
      return { free, delegate, lockable, ageMs: nowMs() - readMs }
    },
    stop() {
      unsubscribe()
      entries.clear()
    },
  }
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
