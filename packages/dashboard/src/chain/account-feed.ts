import { errorMessage, type Hex } from '@souk/protocol'
import { type DelegateOnChain, type PlacedEvent, readAccountEvents } from '@souk/settlement'
import { tellStory } from '../state/account-story.ts'
import { createBlockTimes } from './block-times.ts'
import { type ChainTools, pause, pollMs } from './tools.ts'

export interface Head {
  readonly number: number
  readonly hash: Hex
  readonly timestampSeconds: number
}

/** A delegate and what it may do. */
export interface DelegateView extends DelegateOnChain {
  readonly key: Hex
}

/** All that the chain tells of an account, at one block. */
export interface AccountView {
  readonly head: Head
  /** Tokens in the wallet and free ones in the escrow, in base units. */
  readonly wallet: bigint
  readonly free: bigint
  /** Wei. */
  readonly native: bigint
  /** Oldest first, from `fromBlock` to `readBlock`. */
  readonly events: readonly PlacedEvent[]
  readonly fromBlock: number
  /** Below `head.number` while older blocks are still being read. */
  readonly readBlock: number
  readonly delegates: readonly DelegateView[]
  /** Unix seconds of the blocks of the newest events. */
  readonly times: ReadonlyMap<Hex, number>
}

export interface FeedOptions {
  /** First block whose events are wanted. */
  readonly fromBlock: number
  /** Blocks of history between two views while older events are read; 2,000 by default. */
  readonly pieceBlocks?: number
  readonly onView: (view: AccountView) => void
  /** Hears why the chain could not be read, and `null` once it can be again. */
  readonly onProblem: (sentence: string | null) => void
  readonly signal: AbortSignal
}

/** Blocks that a reorganisation may replace: what is newer is read afresh at every look. */
const REORG_BLOCKS = 64
/** What one request for logs may span at usual endpoints. */
const PIECE_BLOCKS = 2_000
/** Open leases whose own events are asked for, the newest. */
const LEASES_FOLLOWED = 256
/** Delegates shown, the newest. */
const DELEGATES = 32
/** Milliseconds before a chain that could not be read is asked again. */
const RETRY_MS = 3_000

/** Follows an account until the signal aborts; never throws. */
export async function followAccount(tools: ChainTools, account: Hex, options: FeedOptions): Promise<void> {
  const { onView, onProblem, signal } = options
  const look = createLook(tools, account, options)
  let seen: string | undefined
  while (!signal.aborted) {
    try {
      const view = await look(seen)
      if (view !== undefined) onView(view)
      onProblem(null)
      seen = view === undefined ? seen : viewName(view)
      if (view === undefined || view.readBlock === view.head.number)
        await pause(pollMs(tools.network), signal)
    } catch (error) {
      if (signal.aborted) return
      onProblem(errorMessage(error))
      await pause(RETRY_MS, signal).catch(() => {})
    }
  }
}

/** Returns the first block to read so that about `blocks` lie between it and the head. */
export async function startOfHistory({ network, rpc }: ChainTools, blocks: number, signal: AbortSignal) {
  const head = Number(await rpc.request('eth_blockNumber', [], { signal }))
  return Math.max(network.deployedAt, head - blocks)
}

/** Makes a look at the account: `undefined` where nothing is newer than the view named `seen`. */
function createLook({ network, rpc, reader }: ChainTools, account: Hex, options: FeedOptions) {
  const { fromBlock, pieceBlocks = PIECE_BLOCKS, signal } = options
  const times = createBlockTimes(rpc)
  let settled: PlacedEvent[] = []
  let settledBlock = fromBlock - 1
  return async (seen: string | undefined): Promise<AccountView | undefined> => {
    const head = await readHead(rpc, signal)
    const readBlock = Math.min(head.number, settledBlock + pieceBlocks + REORG_BLOCKS)
    if (seen === viewName({ head, readBlock })) return undefined
    const at = { block: head.number, signal }
    const range = { fromBlock: settledBlock + 1, toBlock: readBlock }
    const leases = openLeases(settled, account)
    const [wallet, free, native, fresh] = await Promise.all([
      reader.tokenBalance(account, at),
      reader.balance(account, at),
      reader.nativeBalance(account, at),
      readAccountEvents({ rpc, escrow: network.escrow, account, range, leases, signal }),
    ])
    const events = [...settled, ...fresh]
    const keys = tellStory(events, account).delegates.slice(-DELEGATES)
    const delegates = await Promise.all(
      keys.map(async (key) => ({ key, ...(await reader.delegate(account, key, at)) })),
    )
    const found = await times.of(events, signal)
    settledBlock = Math.max(settledBlock, Math.min(readBlock, head.number - REORG_BLOCKS))
    settled = events.filter((one) => one.at.block <= settledBlock)
    return { head, wallet, free, native, events, fromBlock, readBlock, delegates, times: found }
  }
}

function openLeases(events: readonly PlacedEvent[], account: Hex): Hex[] {
  const open = [...tellStory(events, account).leases.values()].filter(({ closed }) => closed === null)
  return open.map(({ lease }) => lease).slice(-LEASES_FOLLOWED)
}

function viewName({ head, readBlock }: Pick<AccountView, 'head' | 'readBlock'>): string {
  return `${head.hash}/${readBlock}`
}

async function readHead(rpc: ChainTools['rpc'], signal: AbortSignal): Promise<Head> {
  const raw = await rpc.request('eth_getBlockByNumber', ['latest', false], { signal })
  const { number, hash, timestamp } = raw as { number: Hex; hash: Hex; timestamp: Hex }
  return { number: Number(number), hash, timestampSeconds: Number(timestamp) }
}
