import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { type BlockHeader, readBlock, readLogs } from './chain-blocks.ts'
import type { ChainClock, Head } from './chain-clock.ts'
import { decodeEscrowLog, type EscrowEvent, type LogPlace, placeOf, type RawLog } from './escrow-events.ts'
import { CHAIN_LIMITS } from './limits.ts'
import type { Rpc } from './rpc.ts'
import { type Cursor, openCursorStore, type SeenBlock } from './watcher-cursor.ts'

/** What a watcher tells, in this order at each look at the chain. */
export type ChainSignal =
  /** The chain can be reached again, or no longer. */
  | { readonly kind: 'available'; readonly available: boolean; readonly reason: string | null }
  /** A reorganisation took this event back; the newest one is taken back first. */
  | { readonly kind: 'removed'; readonly event: EscrowEvent; readonly at: LogPlace }
  | { readonly kind: 'event'; readonly event: EscrowEvent; readonly at: LogPlace }
  /** A new newest block; the events of all confirmed blocks up to it were delivered before. */
  | { readonly kind: 'head'; readonly head: Head }

export interface ChainLookOptions {
  readonly rpc: Rpc
  readonly escrow: Hex
  readonly deployedAt: number
  readonly journal: Journal
  readonly scope: string
  readonly confirmations: number
  readonly reorgDepth: number
}

/**
 * Makes the function that looks at the chain once and delivers what is new, from the journalled cursor on.
 *
 * It calls `reached` as soon as an endpoint answered, and throws what keeps it from finishing.
 */
export function createChainLook(
  settings: ChainLookOptions,
  clock: ChainClock,
  deliver: (signal: ChainSignal) => Promise<void>,
  signal: AbortSignal,
): (reached: () => Promise<void>) => Promise<void> {
  const { rpc, escrow, reorgDepth, confirmations, deployedAt } = settings
  const store = openCursorStore(settings.journal, settings.scope)
  let state: { cursor: Cursor; recent: RawLog[] } | undefined
  let toldHead = -1

  const load = async () => {
    const start: Cursor = { next: deployedAt, seen: [] }
    return { cursor: (await store.load()) ?? start, recent: await store.recentLogs() }
  }
  /** Takes back what stands on blocks that are no longer on the chain. */
  const unwind = async ({ cursor, recent }: { cursor: Cursor; recent: RawLog[] }) => {
    const ancestor = await lastCommon(cursor.seen)
    const next = ancestor === undefined ? deployedAt : ancestor.number + 1
    if (next === cursor.next) return { cursor, recent }
    const gone = recent.filter((log) => Number(log.blockNumber) >= next)
    for (const log of gone.toReversed()) await tell('removed', log)
    const kept = recent.filter((log) => Number(log.blockNumber) < next)
    const shorter = { next, seen: cursor.seen.filter((block) => block.number < next) }
    await store.save(shorter, [], gone)
    return { cursor: shorter, recent: kept }
  }
  const lastCommon = async (seen: readonly SeenBlock[]) => {
    for (const block of seen.toReversed()) {
      const actual = await readBlock(rpc, block.number, signal)
      if (actual === null) throw new Error(`the endpoint is behind block ${block.number}`)
      if (actual.hash === block.hash) return block
    }
    return undefined
  }
  const advance = async (from: { cursor: Cursor; recent: RawLog[] }, to: BlockHeader) => {
    const logs = await readLogs(rpc, escrow, from.cursor.next, to.number, signal)
    if (logs === null) throw new Error(`the endpoint is behind block ${to.number}`)
    for (const log of logs) await tell('event', log)
    const floor = to.number - reorgDepth
    const [, young] = split([...from.recent, ...logs], (log) => Number(log.blockNumber) <= floor)
    const seen = [...trimSeen(from.cursor.seen, floor), { number: to.number, hash: to.hash }]
    const cursor = { next: to.number + 1, seen }
    const fresh = logs.filter((log) => Number(log.blockNumber) > floor)
    await store.save(
      cursor,
      fresh,
      from.recent.filter((log) => Number(log.blockNumber) <= floor),
    )
    return { cursor, recent: young }
  }
  const tell = async (kind: 'event' | 'removed', log: RawLog) => {
    const event = decodeEscrowLog(log)
    if (event !== undefined) await deliver({ kind, event, at: placeOf(log) })
  }
  return async (reached) => {
    state ??= await load()
    const head = await readBlock(rpc, 'latest', signal)
    if (head === null) throw new Error('the endpoint has no newest block')
    await reached()
    const before = clock.head()?.number ?? -1
    // An endpoint that lags behind what another one told has nothing to say; chains grow, so wait for it.
    if (head.number < Math.max(before, state.cursor.next - 1)) return
    clock.note(plainHead(head))
    state = await unwind(state)
    const end = head.number - confirmations
    while (state.cursor.next <= end) {
      // Deep ones first: a block that stays is noted, to go back to when one of the newest falls out.
      const deep = end - reorgDepth
      const last = Math.min(
        deep < state.cursor.next ? end : deep,
        state.cursor.next + CHAIN_LIMITS.logRangeBlocks - 1,
      )
      const to = last === head.number ? head : await readBlock(rpc, last, signal)
      if (to === null) throw new Error(`the endpoint is behind block ${last}`)
      state = await advance(state, to)
    }
    if (head.number <= toldHead) return
    toldHead = head.number
    await deliver({ kind: 'head', head: plainHead(head) })
  }
}

/** Drops blocks below `floor`, but keeps the highest of them: after a long sleep it tells where to go on. */
function trimSeen(seen: readonly SeenBlock[], floor: number): SeenBlock[] {
  const [old, young] = split(seen, (block) => block.number <= floor)
  return [...old.slice(-1), ...young]
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

function plainHead({ number, timestampSeconds }: BlockHeader): Head {
  return { number, timestampSeconds }
}
