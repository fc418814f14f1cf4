import { type FetchProgress, fetchContent, type PeerTarget, type SoukNode } from '@souk/network'
import type { FrameOf, Hex } from '@souk/protocol'
import { type BlockStore, pinnedStore } from '@souk/storage'
import { ContentQuota } from './content-quota.ts'

/** Where the content of a lease's tasks comes from and goes to. */
export interface LeaseContentOptions {
  readonly lease: Hex
  readonly node: SoukNode
  readonly blocks: BlockStore
  /** The peer that leased: it has everything. */
  readonly requester: string
  /** The lease's disk: so much of the cache it may fill. */
  readonly diskBytes: number
}

type PinnedStore = ReturnType<typeof pinnedStore>

/** One fetch, for everyone who waits for it. */
interface Fetch {
  readonly done: Promise<void>
  readonly control: AbortController
  waiting: number
}

/**
 * The content that a lease's attempts read (docs/PROTOCOL.md §7): fetched once whoever needs it, from the requester and
 * the other members of its job, pinned to the lease, and served to these members.
 */
export class LeaseContent {
  readonly #options: LeaseContentOptions
  readonly #quota: ContentQuota
  readonly #here = new Set<string>()
  readonly #whole = new Set<string>()
  readonly #fetches = new Map<string, Fetch>()
  /** Bytes that the fetches under way still lack, by content: no other may take their room. */
  readonly #lacking = new Map<string, number>()
  #members: readonly PeerTarget[] = []
  #memberIds: ReadonlySet<string> = new Set()

  constructor(options: LeaseContentOptions) {
    this.#options = options
    this.#quota = new ContentQuota(options.diskBytes)
  }

  /** Takes in who else works for the job, in place of what was told before. */
  told({ peers }: FrameOf<'sources'>): void {
    const { node, requester } = this.#options
    this.#members = peers.filter(({ peerId }) => peerId !== node.peerId && peerId !== requester)
    this.#memberIds = new Set(peers.map(({ peerId }) => peerId))
  }

  /** Tells whether a peer may have a block: another member of the job, of what this lease reads. */
  authorizes(peerId: string, cid: string): boolean {
    return this.#memberIds.has(peerId) && this.#here.has(cid)
  }

  /**
   * Brings content here; goes on for others who wait for it when `signal` aborts. Throws `QuotaError`, and what the block
   * exchange and the store throw.
   */
  async fetch(cid: string, signal: AbortSignal): Promise<void> {
    if (this.#whole.has(cid)) return
    signal.throwIfAborted()
    const fetch = this.#fetches.get(cid) ?? this.#begin(cid)
    fetch.waiting += 1
    const gone = Promise.withResolvers<never>()
    const onAbort = () => gone.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await Promise.race([fetch.done, gone.promise])
    } finally {
      signal.removeEventListener('abort', onAbort)
      fetch.waiting -= 1
      if (fetch.waiting === 0) this.#end(cid, fetch)
    }
  }

  #begin(cid: string): Fetch {
    const { lease, node, blocks, requester } = this.#options
    const control = new AbortController()
    const into = this.#countedStore(
      cid,
      pinnedStore(blocks, lease, (block) => this.#here.add(block)),
    )
    // Before its leaves come, so that nothing is brought of what would not fit.
    const onProgress = ({ haveBytes, totalBytes }: FetchProgress) =>
      this.#reserve(cid, totalBytes - haveBytes)
    const sources = () => [requester, ...this.#members]
    const done = fetchContent(node, sources, cid, into, { signal: control.signal, onProgress }).then(
      () => void this.#whole.add(cid),
    )
    // Those who wait hear of it; nobody may wait any more.
    done.catch(() => {}).finally(() => this.#lacking.delete(cid))
    const fetch = { done, control, waiting: 0 }
    this.#fetches.set(cid, fetch)
    return fetch
  }

  /** Keeps room, once, for what a fetch lacks beside what the others still do. Throws `QuotaError`. */
  #reserve(cid: string, bytes: number): void {
    if (this.#lacking.has(cid) || bytes === 0) return
    const others = [...this.#lacking.values()].reduce((sum, lacking) => sum + lacking, 0)
    this.#quota.require(bytes + others)
    this.#lacking.set(cid, bytes)
  }

  /** Counts each block when its put begins, no longer as lacking. */
  #countedStore(content: string, into: PinnedStore): PinnedStore {
    return {
      ...into,
      put: async (cid, block, checked) => {
        this.#quota.count(cid, block.byteLength)
        const lacking = this.#lacking.get(content)
        if (lacking !== undefined) this.#lacking.set(content, Math.max(0, lacking - block.byteLength))
        await into.put(cid, block, checked)
      },
    }
  }

  /** Ends a fetch that nobody waits for any more; who comes now begins another. */
  #end(cid: string, fetch: Fetch): void {
    fetch.control.abort()
    if (this.#fetches.get(cid) === fetch) this.#fetches.delete(cid)
  }
}
