import { LIMITS, SoukError } from '@souk/protocol'
import { pause } from './deadline.ts'
import { NetworkError } from './errors.ts'
import { fetchBlocks, refusedBlock } from './fetch-blocks.ts'
import { FetchPlan, type Lack } from './fetch-plan.ts'
import type { SoukNode } from './node.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'

/** Milliseconds that a request should take: long enough to keep a peer busy, short enough to give up. */
const REQUEST_MS = 500
/** Blocks of one request: what a peer that breaks off leaves to others. */
const REQUEST_BLOCKS = 16
/** Requests to one peer at the same time: the second waits while the first is written. */
const LANES = 2
/** Blocks that all peers of one transfer are asked for at the same time. */
const BLOCKS_IN_FLIGHT = 64
/** Times in a row that a peer may break off before it is left: each time it is dialled again. */
const MOST_BREAKS = 3
/** Milliseconds before a peer that broke off is dialled again; doubles. */
const REDIAL_MS = 250
/** Milliseconds before a peer is asked again for a block that it did not give: it may be fetching it. */
const LACK_MS = 500
/** Milliseconds between two looks of a peer that has nothing to do: whether others failed. */
const IDLE_MS = 50
/** Milliseconds between two looks at whether there are more peers to fetch from. */
const RECRUIT_MS = 250

/** Whom to fetch from: one peer, several, or those that a call returns, which may become more. */
export type FetchSources = PeerTarget | readonly PeerTarget[] | (() => readonly PeerTarget[])

/** Returns the peers to fetch from now; the first of them is expected to have everything. */
export function peersOf(sources: FetchSources): readonly PeerTarget[] {
  const now = typeof sources === 'function' ? sources() : sources
  return isList(now) ? now : [now]
}

function isList(peers: PeerTarget | readonly PeerTarget[]): peers is readonly PeerTarget[] {
  return Array.isArray(peers)
}

/** What becomes of the blocks of a transfer. */
export interface FetchFromOptions {
  /**
   * Takes each block once, verified; its bytes are there until the returned promise settles. What it throws ends the
   * transfer.
   */
  take(cid: string, block: Uint8Array): Promise<void>
  readonly signal?: AbortSignal
}

/**
 * Fetches blocks from several peers at the same time, each as fast as it gives. A peer that fails leaves its blocks to
 * the others; one that breaks off is dialled again. The first peer is expected to have every block, the others may be
 * fetching them themselves.
 *
 * Throws {@link NetworkError} once no peer is left, as the first peer failed: `BLOCK_MISSING`, `NOT_AUTHORISED`, or what
 * {@link fetchBlocks} throws; `ABORTED` by the signal.
 */
export async function fetchFrom(
  node: SoukNode,
  sources: FetchSources,
  cids: readonly string[],
  { take, signal }: FetchFromOptions,
): Promise<void> {
  if (cids.length === 0) return
  const transfer = new Transfer(node, sources, cids, take)
  const stop = () => transfer.end(new NetworkError('stopped by its caller', { code: 'ABORTED' }))
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted === true) stop()
  try {
    await transfer.run()
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** A peer of a transfer, and how it did so far. */
interface Source {
  readonly target: PeerTarget
  readonly peerId: string
  /** Blocks of the next request. */
  batch: number
  /** Times in a row that it broke off. */
  breaks: number
  /** Why it is asked no more. */
  left: unknown
}

class Transfer {
  readonly #node: SoukNode
  readonly #take: FetchFromOptions['take']
  readonly #plan: FetchPlan
  readonly #offered: FetchSources
  readonly #sources: Source[] = []
  readonly #over = new AbortController()
  #failure: unknown

  constructor(
    node: SoukNode,
    offered: FetchSources,
    cids: readonly string[],
    take: FetchFromOptions['take'],
  ) {
    this.#node = node
    this.#take = take
    this.#plan = new FetchPlan(cids)
    this.#offered = offered
  }

  /** Resolves when every block was taken; throws why that cannot be. */
  async run(): Promise<void> {
    const { signal } = this.#over
    const lanes: Promise<void>[] = []
    do {
      lanes.push(...this.#recruit())
      if (this.#sources.length === 0) throw noSource()
      if (typeof this.#offered !== 'function') break
      await pause(RECRUIT_MS, signal)
    } while (!signal.aborted)
    await Promise.all(lanes)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Begins to fetch from the peers that are new. */
  #recruit(): Promise<void>[] {
    const known = new Set(this.#sources.map(({ peerId }) => peerId))
    const fresh = peersOf(this.#offered)
      .map((target) => ({ target, peerId: targetPeerId(target), batch: 1, breaks: 0, left: undefined }))
      .filter(({ peerId }) => !known.has(peerId))
      .slice(0, 1 + LIMITS.sources - known.size)
    this.#sources.push(...fresh)
    const lanes = Math.min(LANES, this.#plan.left)
    return fresh.flatMap((source) => Array.from({ length: lanes }, () => this.#lane(source)))
  }

  /** Blocks of one request at most: what is in flight stays the same however many peers there are. */
  get #mostBlocks(): number {
    const share = Math.floor(BLOCKS_IN_FLIGHT / (this.#sources.length * LANES))
    return Math.min(REQUEST_BLOCKS, Math.max(1, share))
  }

  /** Ends the transfer; the first reason counts. */
  end(failure?: unknown): void {
    this.#failure ??= failure
    this.#over.abort()
  }

  async #lane(source: Source): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted && source.left === undefined) {
      const cids = this.#plan.take(source.peerId, source.batch)
      if (cids.length > 0) await this.#request(source, cids)
      else await pause(IDLE_MS, signal)
    }
  }

  async #request(source: Source, cids: readonly string[]): Promise<void> {
    const { signal } = this.#over
    const startedMs = performance.now()
    let came = 0
    try {
      const taker = {
        block: async (cid: string, block: Uint8Array) => {
          came += 1
          source.breaks = 0
          await this.#arrived(cid, block)
        },
        refused: (cid: string, why: Lack) => this.#refused(source, cid, why),
      }
      await fetchBlocks(this.#node, source.target, cids, taker, signal)
      source.batch = nextBatch(source.batch, came, performance.now() - startedMs, this.#mostBlocks)
    } catch (error) {
      this.#plan.giveBack(source.peerId, cids)
      if (!signal.aborted) await this.#failed(source, error)
    }
  }

  /** Hands on what came first; of two peers asked for one block the later is not heard. */
  async #arrived(cid: string, block: Uint8Array): Promise<void> {
    if (!this.#plan.arrived(cid)) return
    try {
      await this.#take(cid, block)
    } catch (error) {
      this.end(error)
      throw error
    }
    if (this.#plan.left === 0) this.end()
  }

  #refused(source: Source, cid: string, why: Lack): void {
    const isFirst = this.#sources[0] === source
    this.#plan.refused(source.peerId, cid, why)
    this.#checkHope()
    if (!isFirst) setTimeout(() => this.#plan.forgive(source.peerId), LACK_MS).unref?.()
  }

  #checkHope(): void {
    const alive = this.#sources.filter(({ left }) => left === undefined).map(({ peerId }) => peerId)
    const hopeless = this.#plan.hopeless(alive)
    if (alive.length === 0) this.end(this.#sources[0]?.left)
    else if (hopeless !== undefined) this.end(refusedBlock(hopeless.cid, hopeless.why))
  }

  /** Leaves a peer that lies or cannot be reached; one that broke off is tried again. */
  async #failed(source: Source, error: unknown): Promise<void> {
    // A full store, say: nothing the peer did.
    if (error instanceof SoukError && !(error instanceof NetworkError)) {
      this.end(error)
      return
    }
    source.batch = 1
    source.breaks += 1
    const isBroken = error instanceof NetworkError && error.code === 'STREAM_CLOSED'
    if (isBroken && source.breaks < MOST_BREAKS) {
      await pause(REDIAL_MS * 2 ** (source.breaks - 1), this.#over.signal)
      return
    }
    source.left ??= error
    this.#checkHope()
  }
}

/** Returns how many blocks the next request should have to take `REQUEST_MS`, at most twice those of the last. */
function nextBatch(batch: number, came: number, tookMs: number, most: number): number {
  const wanted = Math.round((came * REQUEST_MS) / Math.max(1, tookMs))
  return Math.max(1, Math.min(wanted, batch * 2, most))
}

/** Returns the error of a fetch from nobody. */
export function noSource(): NetworkError {
  return new NetworkError('expected a peer to fetch from, got none; name one that has the content', {
    code: 'UNREACHABLE',
  })
}
