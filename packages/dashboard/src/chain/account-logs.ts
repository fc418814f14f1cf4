import type { Hex } from '@souk/protocol'
import {
  type BlockRange,
  CHAIN_LIMITS,
  ChainError,
  decodeEscrowLog,
  type PlacedEvent,
  placeOf,
  type RawLog,
  type Rpc,
} from '@souk/settlement'
import { tellStory } from '../state/account-story.ts'

/** Leases whose own events are asked for by name; more do not fit some endpoints' filters. */
const LEASES_FILTERED = 256

/**
 * Returns `before` and the account's events in `range`, in order.
 *
 * Asks for what names the account, then for what names only its leases. Throws `RPC_UNAVAILABLE` where the
 * endpoint lags behind the range.
 */
export async function readAccountEvents(
  rpc: Rpc,
  escrow: Hex,
  account: Hex,
  range: BlockRange,
  before: readonly PlacedEvent[],
  signal: AbortSignal,
): Promise<PlacedEvent[]> {
  const events = [...before]
  for (let from = range.fromBlock; from <= range.toBlock; from += CHAIN_LIMITS.logRangeBlocks) {
    const to = Math.min(range.toBlock, from + CHAIN_LIMITS.logRangeBlocks - 1)
    const ask = (topics: Topics) => readLogs(rpc, escrow, { fromBlock: from, toBlock: to }, topics, signal)
    const name = topicOf(account)
    const own = await Promise.all([ask([null, name]), ask([null, null, name]), ask([null, null, null, name])])
    const known = toEvents(own.flat())
    const leases = leasesToAsk([...events, ...known], account)
    const others = leases.length === 0 ? [] : await ask([null, leases])
    events.push(...toEvents([...own.flat(), ...others]))
  }
  return events
}

type Topics = readonly (Hex | readonly Hex[] | null)[]

async function readLogs(
  rpc: Rpc,
  address: Hex,
  { fromBlock, toBlock }: BlockRange,
  topics: Topics,
  signal: AbortSignal,
): Promise<RawLog[]> {
  const filter = { address, topics, fromBlock: hexNumber(fromBlock), toBlock: hexNumber(toBlock) }
  // In one request, so that the same endpoint tells how far it is: one that lags leaves logs out silently.
  const [head, logs] = await Promise.all([
    rpc.request('eth_blockNumber', [], { signal }),
    rpc.request('eth_getLogs', [filter], { signal }),
  ])
  if (Number(head) >= toBlock) return logs as RawLog[]
  throw new ChainError(`expected an endpoint that has block ${toBlock}, it lags behind; ask again later`, {
    code: 'RPC_UNAVAILABLE',
    endpoints: [],
  })
}

function toEvents(logs: readonly RawLog[]): PlacedEvent[] {
  const byPlace = new Map(logs.map((log) => [`${log.blockHash}/${log.logIndex}`, log]))
  const events = [...byPlace.values()].flatMap((log) => {
    const event = decodeEscrowLog(log)
    return event === undefined ? [] : [{ event, at: placeOf(log) }]
  })
  return events.sort((a, b) => a.at.block - b.at.block || a.at.index - b.at.index)
}

/** Returns the leases to ask for: those still open before those that are closed, newer before older. */
function leasesToAsk(events: readonly PlacedEvent[], account: Hex): Hex[] {
  const all = [...tellStory(events, account).leases.values()]
  const [open, closed] = [all.filter((one) => one.closed === null), all.filter((one) => one.closed !== null)]
  return [...closed, ...open].map(({ lease }) => lease).slice(-LEASES_FILTERED)
}

function topicOf(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`
}

function hexNumber(value: number): Hex {
  return `0x${value.toString(16)}`
}
