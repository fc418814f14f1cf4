import type { Hex } from '@souk/protocol'
import type { PlacedEvent, Rpc } from '@souk/settlement'

/** Events whose time is looked up, the newest, and block times remembered. */
const TIMED_EVENTS = 200
const TIMES_KEPT = 2_000

/** Reads when the blocks of events were made, each block once. */
export interface BlockTimes {
  /** Returns Unix seconds by block hash for the newest of `events`. */
  of(events: readonly PlacedEvent[], signal: AbortSignal): Promise<ReadonlyMap<Hex, number>>
}

/** Makes an empty memory of block times. */
export function createBlockTimes(rpc: Rpc): BlockTimes {
  let known: ReadonlyMap<Hex, number> = new Map()
  return {
    async of(events, signal) {
      const wanted = new Set(events.slice(-TIMED_EVENTS).map(({ at }) => at.blockHash))
      const missing = [...wanted].filter((hash) => !known.has(hash))
      if (missing.length === 0) return known
      const found = await Promise.all(missing.map((hash) => readTime(rpc, hash, signal)))
      known = new Map([...known, ...found.flat()].slice(-TIMES_KEPT))
      return known
    },
  }
}

async function readTime(rpc: Rpc, hash: Hex, signal: AbortSignal): Promise<[Hex, number][]> {
  const block = await rpc.request('eth_getBlockByHash', [hash, false], { signal })
  // A block that was just reorganised away has no time; the next look reads its successor.
  return block === null ? [] : [[hash, Number((block as { timestamp: Hex }).timestamp)]]
}
