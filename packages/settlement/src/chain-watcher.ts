import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { type ChainClock, createChainClock } from './chain-clock.ts'
import { type ChainSignal, createChainLook } from './chain-look.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { longer, pause } from './pause.ts'
import type { Rpc } from './rpc.ts'

export interface ChainWatcherOptions {
  readonly rpc: Rpc
  readonly escrow: Hex
  /** Block of the escrow's deployment: there are no events before. */
  readonly deployedAt: number
  readonly journal: Journal
  /** Keeps the rows of different chains apart in one journal; see `networkScope`. */
  readonly scope: string
  readonly pollMs?: number
  /** Blocks on top of a block before its events are delivered. */
  readonly confirmations?: number
  /** Blocks that a reorganisation may replace: events that deep are never taken back. */
  readonly reorgDepth?: number
  /** Milliseconds without an answer after which the chain counts as away; 0 by default: at the first that lacks. */
  readonly awayMs?: number
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
  /** Hears what a listener threw; the watcher goes on. */
  readonly onError?: (error: unknown) => void
}

/** Follows the heads of a chain and the events of its escrow; never throws by itself. */
export interface ChainWatcher {
  readonly clock: Pick<ChainClock, 'head' | 'seconds'>
  /** Tells whether an endpoint answered at the last look, or `awayMs` ago at most. */
  isAvailable(): boolean
  /**
   * Adds a listener, called and awaited in order; returns what removes it.
   *
   * One that is added in the turn that started the watcher misses nothing. After a crash the events of the last range may come a second time, so listeners must take them twice.
   */
  subscribe(listener: (signal: ChainSignal) => void | Promise<void>): () => void
  /** Looks at the chain now and resolves when everything found is delivered. */
  poll(): Promise<void>
  /** Ends the watching; resolves when the last listener has returned. */
  stop(): Promise<void>
}

const DEFAULTS = { pollMs: 1_000, confirmations: 0, reorgDepth: 64, awayMs: 0 }

/** Starts to watch, from the journalled cursor or from the deployment on. */
export function startChainWatcher(options: ChainWatcherOptions): ChainWatcher {
  const settings = { ...DEFAULTS, ...options }
  const nowMs = options.nowMs ?? (() => performance.now())
  const clock = createChainClock(nowMs)
  const listeners = new Set<(signal: ChainSignal) => void | Promise<void>>()
  const stopping = new AbortController()
  let available = false
  let looked = false
  let reachedMs = Number.NEGATIVE_INFINITY

  const deliver = async (signal: ChainSignal) => {
    for (const listener of listeners) {
      try {
        await listener(signal)
      } catch (error) {
        options.onError?.(error)
      }
    }
  }
  const setAvailable = async (now: boolean, reason: string | null) => {
    const changed = !looked || available !== now
    looked = true
    available = now
    if (changed) await deliver({ kind: 'available', available, reason })
  }
  const look = createChainLook(settings, clock, deliver, stopping.signal)
  const lookOnce = async () => {
    try {
      await look(() => {
        reachedMs = nowMs()
        return setAvailable(true, null)
      })
      return true
    } catch (error) {
      const isAway = nowMs() - reachedMs >= settings.awayMs
      if (!stopping.signal.aborted && isAway)
        await setAvailable(false, error instanceof Error ? error.message : `${error}`)
      return false
    }
  }
  let turn: Promise<boolean> = Promise.resolve(true)
  const poll = () => {
    turn = turn.then(() => !stopping.signal.aborted && lookOnce())
    return turn
  }
  const watch = async () => {
    for (let retryMs: number = CHAIN_LIMITS.retryFirstMs; !stopping.signal.aborted; ) {
      const succeeded = await poll()
      await pause(succeeded ? settings.pollMs : retryMs, stopping.signal).catch(() => {})
      retryMs = succeeded ? CHAIN_LIMITS.retryFirstMs : longer(retryMs)
    }
  }
  const watching = watch()
  return {
    clock,
    isAvailable: () => available,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async poll() {
      await poll()
    },
    async stop() {
      stopping.abort()
      await watching
    },
  }
}
