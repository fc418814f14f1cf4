import {
  type Hex,
  LIMITS,
  ProgramError,
  rawCid,
  requireJudgeableTask,
  type Task,
  taskCodec,
  taskContent,
} from '@souk/protocol'
import { type BlockStore, contentBlocks, StorageError } from '@souk/storage'

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
    const encoded = taskCodec.encode(task)
    const cid = rawCid(encoded)
    try {
      if (!(await this.#pin(lease, [cid], encoded.byteLength))) return
      await this.#blocks.put(cid, encoded)
      if (!isJudgeable(task)) return
      for (const part of new Set(taskContent(task))) await this.#keepContent(lease, part)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORE_FULL') throw error
    }
  }

  /** Forgets a lease; its pins go with all others of it. */
  release(lease: Hex): void {
    this.#shelves.delete(lease)
  }

  async #keepContent(lease: Hex, cid: string): Promise<void> {
    if (this.#shelves.get(lease)?.cids.has(cid)) return
    const cids = await contentBlocks(this.#blocks, cid)
    const bytes =
      cids.length > 1 ? cids.length * LIMITS.blockBytes : ((await this.#blocks.get(cid))?.byteLength ?? 0)
    await this.#pin(lease, cids, bytes)
  }

  /** Pins the blocks of one thing, named by the first, unless that would be too much; tells whether it is kept. */
  async #pin(lease: Hex, cids: readonly string[], bytes: number): Promise<boolean> {
    const shelf = this.#shelves.get(lease) ?? { cids: new Set(), bytes: 0 }
    const [name = ''] = cids
    if (shelf.cids.has(name)) return true
    if (this.#bytes() + bytes > this.#mostBytes) return false
    // In the same turn as the check: others keep something meanwhile.
    this.#shelves.set(lease, shelf)
    shelf.cids.add(name)
    shelf.bytes += bytes
    await this.#blocks.pin(lease, cids)
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
