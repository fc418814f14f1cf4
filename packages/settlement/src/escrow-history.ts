import type { Hex } from '@souk/protocol'
import { readLogs, type TopicFilter } from './chain-blocks.ts'
import { ChainError } from './errors.ts'
import { decodeEscrowLog, type EscrowEvent, type LogPlace, placeOf, type RawLog } from './escrow-events.ts'
import { CHAIN_LIMITS } from './limits.ts'
import type { Rpc } from './rpc.ts'

/** A stretch of blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: number
  readonly toBlock: number
}

/** One event of the escrow and where it stands. */
export interface PlacedEvent {
  readonly event: EscrowEvent
  readonly at: LogPlace
}

/** Returns all events of the escrow in `range`, in order. */
export async function readEscrowEvents(
  rpc: Rpc,
  escrow: Hex,
  range: BlockRange,
  signal: AbortSignal,
): Promise<PlacedEvent[]> {
  const logs = await readAllLogs(rpc, escrow, range, signal)
  return logs.flatMap((log) => {
    const event = decodeEscrowLog(log)
    return event === undefined ? [] : [{ event, at: placeOf(log) }]
  })
}

/** Returns the logs of `address` in `range` that have `topics`; throws `RPC_UNAVAILABLE` where the endpoint lags behind it. */
export async function readAllLogs(
  rpc: Rpc,
  address: Hex,
  { fromBlock, toBlock }: BlockRange,
  signal: AbortSignal,
  topics: TopicFilter = [],
): Promise<RawLog[]> {
  const logs: RawLog[] = []
  for (let from = fromBlock; from <= toBlock; from += CHAIN_LIMITS.logRangeBlocks) {
    const to = Math.min(toBlock, from + CHAIN_LIMITS.logRangeBlocks - 1)
    const part = await readLogs(rpc, address, from, to, signal, topics)
    if (part === null) {
      throw new ChainError(`expected an endpoint that has block ${to}, it lags behind; ask again later`, {
        code: 'RPC_UNAVAILABLE',
        endpoints: [],
      })
    }
    logs.push(...part)
  }
  return logs
}
