import type { Hex } from '@souk/protocol'
import { decodeEventLog } from 'viem/utils'
import type { TopicFilter } from './chain-blocks.ts'
import { type LogPlace, placeOf, type RawLog } from './escrow-events.ts'
import { type BlockRange, readAllLogs } from './escrow-history.ts'
import { courtAbi } from './generated/court.ts'
import type { Rpc } from './rpc.ts'

/** What the court said, addresses and digests in lower case. */
export type CourtEvent =
  | { kind: 'enrolled'; key: Hex; account: Hex; term: number; place: number }
  | { kind: 'left'; key: Hex; account: Hex; to: Hex }
  | { kind: 'slashed'; key: Hex; account: Hex; subject: Hex; reporter: Hex }
  | { kind: 'evicted'; key: Hex; term: number; epoch: number }
  /** The new slots, as a map. */
  | { kind: 'downtimeReported'; lease: Hex; epoch: number; found: number }
  /** The slots that no longer count, as a map. */
  | { kind: 'downtimeRefuted'; lease: Hex; epoch: number; struck: number }
  | { kind: 'challenged'; lease: Hex; subject: Hex; task: Hex; output: Hex; challenger: Hex }
  | { kind: 'resolved'; subject: Hex; verdict: Hex; ballots: number }
  | { kind: 'lapsed'; subject: Hex }

/** One event of the court and where it stands. */
export interface PlacedCourtEvent {
  readonly event: CourtEvent
  readonly at: LogPlace
}

/** Returns the events of the court in `range` that have `topics`, in order; all by default. */
export async function readCourtEvents(
  rpc: Rpc,
  court: Hex,
  range: BlockRange,
  signal: AbortSignal,
  topics: TopicFilter = [],
): Promise<PlacedCourtEvent[]> {
  const logs = await readAllLogs(rpc, court, range, signal, topics)
  return logs.flatMap((log) => {
    const event = decodeCourtLog(log)
    return event === undefined ? [] : [{ event, at: placeOf(log) }]
  })
}

/** Decodes a log of the court; undefined for what is no event of ours. */
export function decodeCourtLog(log: Pick<RawLog, 'topics' | 'data'>): CourtEvent | undefined {
  try {
    const topics = [...log.topics] as [Hex, ...Hex[]]
    return toEvent(decodeEventLog({ abi: courtAbi, topics, data: log.data }))
  } catch {
    return undefined
  }
}

function toEvent({
  eventName,
  args,
}: ReturnType<typeof decodeEventLog<typeof courtAbi>>): CourtEvent | undefined {
  switch (eventName) {
    case 'Enrolled':
      return {
        kind: 'enrolled',
        key: lower(args.key),
        account: lower(args.account),
        term: Number(args.term),
        place: Number(args.place),
      }
    case 'Left':
      return { kind: 'left', ...lowerAll(args) }
    case 'Slashed':
      return { kind: 'slashed', ...lowerAll(args) }
    case 'Evicted':
      return { kind: 'evicted', key: lower(args.key), term: Number(args.term), epoch: Number(args.epoch) }
    case 'DowntimeReported':
      return { kind: 'downtimeReported', lease: args.lease, epoch: Number(args.epoch), found: args.found }
    case 'DowntimeRefuted':
      return { kind: 'downtimeRefuted', lease: args.lease, epoch: Number(args.epoch), struck: args.struck }
    case 'Challenged':
      return { kind: 'challenged', ...lowerAll(args) }
    case 'Resolved':
      return { kind: 'resolved', ...args, ballots: Number(args.ballots) }
    case 'Lapsed':
      return { kind: 'lapsed', ...args }
    default:
      return undefined
  }
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex
}

/** viem writes addresses with checksums. */
function lowerAll<T extends Readonly<Record<string, Hex>>>(args: T): T {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, lower(value)])) as T
}
