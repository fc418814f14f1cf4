import type { Hex } from '@souk/protocol'
import type { TopicFilter } from './chain-blocks.ts'
import { decodeEscrowLog, placeOf, type RawLog } from './escrow-events.ts'
import { type BlockRange, type PlacedEvent, readAllLogs } from './escrow-history.ts'
import { CHAIN_LIMITS } from './limits.ts'
import type { Rpc } from './rpc.ts'

/** Where to look for an account's events. */
export interface AccountEventsQuestion {
  readonly rpc: Rpc
  readonly escrow: Hex
  readonly account: Hex
  readonly range: BlockRange
  /** Leases that the account entered before the range and whose events are wanted too. */
  readonly leases?: readonly Hex[]
  readonly signal: AbortSignal
}

/** Leases named in one request for logs. */
const LEASES_PER_FILTER = 100
/** Stretches of blocks asked for at a time; calls made together travel in one request. */
const STRETCHES_AT_ONCE = 8

/**
 * Returns the escrow's events that concern `account`, in order: its own, and those of leases that it is in.
 *
 * Events that name only a lease are found where the lease is among `leases`, or was opened or
 * closed within the range. Throws
 * {@link ChainError} `RPC_UNAVAILABLE` where the endpoint lags behind the range.
 */
export async function readAccountEvents(question: AccountEventsQuestion): Promise<PlacedEvent[]> {
  const account: Hex = `0x${question.account.slice(2).toLowerCase().padStart(64, '0')}`
  // An account stands in the first, second or third indexed place, by event.
  const own = await readByTopics(question, [
    [null, [account]],
    [null, null, [account]],
    [null, null, null, [account]],
  ])
  const concerned = own.filter((placed) => concerns(placed, question.account))
  const entered = concerned.flatMap(({ event }) => ('lease' in event ? [event.lease] : []))
  const leases = [...new Set([...(question.leases ?? []), ...entered])]
  const groups = Array.from({ length: Math.ceil(leases.length / LEASES_PER_FILTER) }, (_, i) =>
    leases.slice(i * LEASES_PER_FILTER, (i + 1) * LEASES_PER_FILTER),
  )
  const ofLeases = await readByTopics(
    question,
    groups.map((group) => [null, group]),
  )
  return inOrder([...concerned, ...ofLeases])
}

async function readByTopics(
  question: AccountEventsQuestion,
  filters: readonly TopicFilter[],
): Promise<PlacedEvent[]> {
  const logs: RawLog[] = []
  const stretches = split(question.range)
  for (let at = 0; at < stretches.length; at += STRETCHES_AT_ONCE) {
    const some = stretches.slice(at, at + STRETCHES_AT_ONCE)
    const reads = some.flatMap((range) => filters.map((topics) => readStretch(question, range, topics)))
    logs.push(...(await Promise.all(reads)).flat())
  }
  return logs.flatMap((log) => {
    const event = decodeEscrowLog(log)
    return event === undefined ? [] : [{ event, at: placeOf(log) }]
  })
}

function readStretch(
  { rpc, escrow, signal }: AccountEventsQuestion,
  range: BlockRange,
  topics: TopicFilter,
): Promise<RawLog[]> {
  return readAllLogs(rpc, escrow, range, signal, topics)
}

function split({ fromBlock, toBlock }: BlockRange): BlockRange[] {
  const size = CHAIN_LIMITS.logRangeBlocks
  const count = Math.max(0, Math.ceil((toBlock - fromBlock + 1) / size))
  return Array.from({ length: count }, (_, i) => ({
    fromBlock: fromBlock + i * size,
    toBlock: Math.min(toBlock, fromBlock + (i + 1) * size - 1),
  }))
}

/** Leaves out what names the account in another role, such as the hot key of somebody else. */
function concerns({ event }: PlacedEvent, account: Hex): boolean {
  const self = account.toLowerCase()
  switch (event.kind) {
    case 'deposited':
    case 'withdrawn':
    case 'delegateSet':
      return event.account === self
    case 'moved':
      return event.from === self || event.to === self
    case 'opened':
    case 'closed':
      return event.provider === self || event.requester === self
    case 'redeemed':
      return event.provider === self
    default:
      return false
  }
}

function inOrder(events: readonly PlacedEvent[]): PlacedEvent[] {
  const byPlace = new Map(events.map((placed) => [`${placed.at.block}/${placed.at.index}`, placed]))
  return [...byPlace.values()].sort((a, b) => a.at.block - b.at.block || a.at.index - b.at.index)
}
