import { type FetchProgress, fetchContent, type SoukNode } from '@souk/network'
import { folderCodec, type Hex, isLinkNode } from '@souk/protocol'
import { type BlockStore, pinnedStore, readContent } from '@souk/storage'
import { checkpointOwner } from './checkpoint-shelf.ts'
import type { LeaseContentOptions } from './lease-content.ts'

/** Bytes of a checkpoint that are fetched before an attempt needs it: as much as a program's output may have. */
const AHEAD_BYTES = 268_435_456
type Into = ReturnType<typeof pinnedStore>

/** What the checkpoint of a lease is kept for that no attempt has asked for yet. */
const AHEAD = 'ahead'

/**
 * The checkpoint that an attempt on a lease may go on from, or the program that one may run (docs/PROTOCOL.md §6.4),
 * fetched before that comes. The newest takes the place of the one before. Nobody hears of a failure: the attempt itself fetches what is missing.
 */
export class StandbyContent {
  readonly #lease: Hex
  readonly #node: SoukNode
  readonly #blocks: BlockStore
  readonly #requester: string
  readonly #diskBytes: number
  #wanted: string | null = null
  #fetching = new AbortController()
  #done: Promise<void> = Promise.resolve()

  constructor(options: LeaseContentOptions) {
    this.#lease = options.lease
    this.#node = options.node
    this.#blocks = options.blocks
    this.#requester = options.requester
    this.#diskBytes = options.diskBytes
  }

  /** Fetches a checkpoint in the place of the last; resolves when that is over, however it ends. */
  fetch(cid: string): Promise<void> {
    if (cid !== this.#wanted) this.#replace(cid)
    return this.#done
  }

  /** Lets it go. */
  stop(): Promise<void> {
    this.#replace(null)
    return this.#done
  }

  #replace(cid: string | null): void {
    const old = this.#wanted
    this.#fetching.abort()
    this.#fetching = new AbortController()
    this.#wanted = cid
    const control = this.#fetching
    const before = this.#done
    this.#done = before.then(() => this.#exchange(old, cid, control)).catch(() => {})
  }

  /** What both have stays: the new one is pinned before the old one goes. */
  async #exchange(old: string | null, cid: string | null, control: AbortController): Promise<void> {
    try {
      if (cid !== null && !control.signal.aborted) await this.#bring(cid, control)
    } finally {
      if (old !== null) await this.#blocks.unpin(checkpointOwner(this.#lease, AHEAD, old))
    }
  }

  async #bring(cid: string, control: AbortController): Promise<void> {
    const { signal } = control
    const into = pinnedStore(this.#blocks, checkpointOwner(this.#lease, AHEAD, cid))
    if (isLinkNode(cid)) return this.#bringFile(cid, Math.min(AHEAD_BYTES, this.#diskBytes), into, control)
    await fetchContent(this.#node, this.#requester, cid, into, { signal })
    const { files } = folderCodec.decode(await readContent(this.#blocks, cid))
    let room = Math.min(AHEAD_BYTES, this.#diskBytes)
    for (const [, file, bytes] of files) {
      room -= bytes
      if (room < 0) return
      await this.#bringFile(file, bytes, into, control)
    }
  }

  /** A file that is larger than it is said to be, or may be, is not brought. */
  async #bringFile(cid: string, mostBytes: number, into: Into, control: AbortController): Promise<void> {
    const onProgress = ({ totalBytes }: FetchProgress) => {
      if (totalBytes > mostBytes) control.abort()
    }
    await fetchContent(this.#node, this.#requester, cid, into, { signal: control.signal, onProgress })
  }
}
