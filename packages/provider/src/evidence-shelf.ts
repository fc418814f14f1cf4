import {
  type Hex,
  LIMITS,
  ProgramError,
  rawCidOfDigest,
  requireJudgeableTask,
  type Task,
  taskBytes,
  taskCodec,
  taskContent,
  taskDigest,
} from '@souk/protocol'
import { type BlockStore, contentBlocks, putPinned, StorageError } from '@souk/storage'

/** Bytes of tasks and their content that are kept for juries, of all leases together: a quarter of the store. */
const EVIDENCE_BYTES = 1_073_741_824

/** What is kept of one lease. */
interface Shelf {
  readonly cids: Set<string>
  bytes: number
}

/**
 * Keeps what a jury would need to judge the results of leases, pinned to the lease until it is settled: until then its
 * requester can challenge one of them. Where there is no room more, only the requester can serve a jury.
 */
export class EvidenceShelf {
  readonly #blocks: BlockStore
  readonly #mostBytes: number
  readonly #shelves = new Map<Hex, Shelf>()

  constructor(blocks: BlockStore, mostBytes: number = EVIDENCE_BYTES) {
    this.#blocks = blocks
    this.#mostBytes = mostBytes
  }

  /** Keeps a task whose content is here; leaves out what there is no room for. */
  async keep(lease: Hex, task: Task): Promise<void> {
    const cid = rawCidOfDigest(taskDigest(task))
    try {
      if (!this.#has(lease, cid)) {
        if (!this.#reserve(lease, cid, taskBytes(task))) return
        await putPinned(this.#blocks, lease, cid, taskCodec.encode(task), true)
      }
      const parts = taskContent(task).filter((part) => !this.#has(lease, part))
      if (parts.length === 0 || !isJudgeable(task)) return
      for (const part of new Set(parts)) await this.#keepContent(lease, part)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORE_FULL') throw error
    }
  }

  /** Forgets a lease; its pins go with all others of it. */
  release(lease: Hex): void {
    this.#shelves.delete(lease)
  }

  #has(lease: Hex, cid: string): boolean {
    return this.#shelves.get(lease)?.cids.has(cid) === true
  }

  async #keepContent(lease: Hex, cid: string): Promise<void> {
    if (this.#has(lease, cid)) return
    const cids = await contentBlocks(this.#blocks, cid)
    const bytes =
      cids.length > 1 ? cids.length * LIMITS.blockBytes : ((await this.#blocks.get(cid))?.byteLength ?? 0)
    if (this.#reserve(lease, cid, bytes)) await this.#blocks.pin(lease, cids)
  }

  /** Takes the room for one thing, in the same turn in which it looks for it; tells whether there was some. */
  #reserve(lease: Hex, cid: string, bytes: number): boolean {
    if (this.#bytes() + bytes > this.#mostBytes) return false
    const shelf = this.#shelves.get(lease) ?? { cids: new Set(), bytes: 0 }
    this.#shelves.set(lease, shelf)
    shelf.cids.add(cid)
    shelf.bytes += bytes
    return true
  }

  #bytes(): number {
    let sum = 0
    for (const { bytes } of this.#shelves.values()) sum += bytes
    return sum
  }
}

function isJudgeable(task: Task): boolean {
  try {
    requireJudgeableTask(task)
    return true
  } catch (error) {
    if (error instanceof ProgramError) return false
    throw error
  }
}
