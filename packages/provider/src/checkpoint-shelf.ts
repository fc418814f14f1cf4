import { saved } from '@souk/engine'
import { compareBytewise, folderCodec, type Hex, rawCid, toBlocks } from '@souk/protocol'
import type { OutputFile } from '@souk/runtime'
import type { BlockStore, Journal } from '@souk/storage'

/** In front of everyone on whose behalf content of a checkpoint is pinned. */
const CHECKPOINT = 'checkpoint/'

/** A checkpoint whose blocks are here. */
export interface ShelvedCheckpoint {
  readonly cid: string
  /** Bytes of its files together. */
  readonly bytes: number
}

/** Returns the owner of one checkpoint that a lease has for `what`: an attempt, or one that may come. */
export function checkpointOwner(lease: Hex, what: string, cid: string): string {
  return `${CHECKPOINT}${lease}/${what}/${cid}`
}

/** Lets go of what earlier owners of the folder kept: their leases ended with them. */
export async function forgetCheckpoints(journal: Journal, blocks: BlockStore): Promise<void> {
  const rows = await journal.scan(saved.table)
  const gone = rows.map(({ key }) => ({ table: saved.table, key, value: null }))
  if (gone.length > 0) await journal.commit(gone, 'committed')
  for (const owner of await blocks.owners()) if (owner.startsWith(CHECKPOINT)) await blocks.unpin(owner)
}

type Told = (checkpoint: ShelvedCheckpoint) => void

/** What one attempt saves. */
interface Shelf {
  /** The newest that waits while another is stored. */
  waiting: { readonly files: readonly OutputFile[]; readonly told: Told } | null
  isBusy: boolean
  /** What is being stored now. */
  storing: string | null
  /** By the address of the folder, the blocks of it. */
  readonly kept: Map<string, ReadonlySet<string>>
}

/**
 * The checkpoints that a lease's programs save while they run (docs/PROTOCOL.md §9.1), pinned and served until the
 * lease's program says which of them must stay. One at a time is stored for each attempt; the newest wins.
 */
export class CheckpointShelf {
  readonly #lease: Hex
  readonly #blocks: BlockStore
  readonly #onProblem: (error: unknown) => void
  readonly #shelves = new Map<string, Shelf>()

  /** `onProblem` hears why a checkpoint was passed over: there is no room for it, or its names cannot be carried. */
  constructor(lease: Hex, blocks: BlockStore, onProblem: (error: unknown) => void) {
    this.#lease = lease
    this.#blocks = blocks
    this.#onProblem = onProblem
  }

  /** Stores a checkpoint beside the program, and tells of it; one that cannot be stored is passed over. */
  take(attempt: string, files: readonly OutputFile[], told: Told): void {
    const shelf = this.#shelves.get(attempt) ?? newShelf()
    this.#shelves.set(attempt, shelf)
    shelf.waiting = { files, told }
    if (!shelf.isBusy) void this.#storeAll(attempt, shelf)
  }

  /** Keeps exactly these of an attempt's checkpoints. */
  async keepOnly(attempt: string, cids: readonly string[]): Promise<void> {
    const shelf = this.#shelves.get(attempt)
    if (shelf === undefined) return
    const gone = [...shelf.kept.keys()].filter((cid) => !cids.includes(cid) && cid !== shelf.storing)
    for (const cid of gone) {
      shelf.kept.delete(cid)
      await this.#blocks.unpin(checkpointOwner(this.#lease, attempt, cid))
    }
    if (shelf.kept.size === 0 && !shelf.isBusy) this.#shelves.delete(attempt)
  }

  /** Tells whether a block belongs to a checkpoint that is kept. */
  serves(cid: string): boolean {
    return [...this.#shelves.values()].some(({ kept }) =>
      [...kept.values()].some((blocks) => blocks.has(cid)),
    )
  }

  /** Lets everything go. */
  async clear(): Promise<void> {
    for (const attempt of [...this.#shelves.keys()]) await this.keepOnly(attempt, [])
  }

  async #storeAll(attempt: string, shelf: Shelf): Promise<void> {
    shelf.isBusy = true
    for (let next = shelf.waiting; next !== null; next = shelf.waiting) {
      shelf.waiting = null
      try {
        next.told(await this.#store(attempt, shelf, next.files))
      } catch (error) {
        this.#onProblem(error)
      }
      shelf.storing = null
    }
    shelf.isBusy = false
  }

  async #store(attempt: string, shelf: Shelf, files: readonly OutputFile[]): Promise<ShelvedCheckpoint> {
    const split = files
      .map(({ path, bytes }) => ({ path, ...toBlocks(bytes) }))
      .toSorted((a, b) => compareBytewise(a.path, b.path))
    const manifest = folderCodec.encode({
      v: 1,
      files: split.map(({ path, content }) => [path, content.cid, content.bytes]),
    })
    const cid = rawCid(manifest)
    const blocks = [...split.flatMap((one) => one.blocks), { cid, bytes: manifest }]
    const addresses = blocks.map((block) => block.cid)
    const owner = checkpointOwner(this.#lease, attempt, cid)
    shelf.storing = cid
    await this.#blocks.pin(owner, addresses)
    try {
      for (const block of blocks) await this.#blocks.put(block.cid, block.bytes)
    } catch (error) {
      if (!shelf.kept.has(cid)) await this.#blocks.unpin(owner)
      throw error
    }
    shelf.kept.set(cid, new Set(addresses))
    return { cid, bytes: files.reduce((sum, file) => sum + file.bytes.byteLength, 0) }
  }
}

function newShelf(): Shelf {
  return { waiting: null, isBusy: false, storing: null, kept: new Map() }
}
