import type { Hex } from '@souk/protocol'
import { ChainError } from './errors.ts'
import type { RawLog } from './escrow-events.ts'
import type { Rpc } from './rpc.ts'

/** What the watcher reads of a block. */
export interface BlockHeader {
  readonly number: number
  readonly hash: Hex
  readonly timestampSeconds: number
}

/** Returns a block's header, null where the endpoint does not have it. */
export async function readBlock(
  rpc: Rpc,
  block: number | 'latest',
  signal: AbortSignal,
): Promise<BlockHeader | null> {
  const tag = block === 'latest' ? block : hexNumber(block)
  const raw = await rpc.request('eth_getBlockByNumber', [tag, false], { signal })
  if (raw === null) return null
  const { number, hash, timestamp } = raw as { number: Hex; hash: Hex; timestamp: Hex }
  return { number: Number(number), hash, timestampSeconds: Number(timestamp) }
}

/** Which topics a log must have, by place: one of a list, or any where null. */
export type TopicFilter = readonly (readonly Hex[] | null)[]

/**
 * Returns the logs of `address` in blocks `from` to `to`, in order; null where the endpoint lags behind `to`.
 *
 * A range that an endpoint finds too large is asked for in halves. `topics` narrows the logs down.
 */
export async function readLogs(
  rpc: Rpc,
  address: Hex,
  from: number,
  to: number,
  signal: AbortSignal,
  topics: TopicFilter = [],
): Promise<RawLog[] | null> {
  const filter = { address, fromBlock: hexNumber(from), toBlock: hexNumber(to), topics }
  try {
    // In one request, so that the same endpoint tells how far it is: one that lags leaves logs out silently.
    const [head, logs] = await Promise.all([
      rpc.request('eth_blockNumber', [], { signal }),
      rpc.request('eth_getLogs', [filter], { signal }),
    ])
    return Number(head) < to ? null : (logs as RawLog[])
  } catch (error) {
    if (!isTooLarge(error) || from === to) throw error
    const middle = Math.floor((from + to) / 2)
    const first = await readLogs(rpc, address, from, middle, signal, topics)
    const second = await readLogs(rpc, address, middle + 1, to, signal, topics)
    return first && second && [...first, ...second]
  }
}

function isTooLarge(error: unknown): boolean {
  if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') return false
  return /range|limit|too (many|large)|more than|exceed/i.test(error.data.reason)
}

function hexNumber(value: number): Hex {
  return `0x${value.toString(16)}`
}
