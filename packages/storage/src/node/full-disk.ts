import type { BlockStore } from '../block-store.ts'
import { StorageError } from '../errors.ts'
import { type Ballast, setAside } from './ballast.ts'
import type { SqliteJournal } from './sqlite-journal.ts'

/** Bytes set aside for the journal's last rows: those of some hundred leases that end, and its log beside it. */
const BALLAST_BYTES = 16 * 1024 ** 2

/** What is told once, when the disk or the journal's cap is full. */
export type OnFull = (error: StorageError) => void

/**
 * Lets a folder outlive a full disk, or a journal at its cap: what was set aside goes to the journal, which goes on, and
 * no block is kept any more. Whoever hears of it ends what it does.
 */
export class FullDisk {
  #ballast: Ballast
  readonly #path: string
  readonly #journal: Pick<SqliteJournal, 'raise' | 'lower'>
  readonly #onFull: OnFull
  #isFull = false

  /** Sets room aside at `path`. Throws `StorageError` `DISK_FULL` where the disk is full already. */
  constructor(path: string, journal: Pick<SqliteJournal, 'raise' | 'lower'>, onFull: OnFull) {
    this.#ballast = setAside(path, BALLAST_BYTES)
    this.#path = path
    this.#journal = journal
    this.#onFull = onFull
  }

  /** Gives the journal the room that was set aside; tells whether there was some. */
  makeRoom(error: StorageError): boolean {
    return this.#take(error)
  }

  /** Sets the room aside again and lets blocks be kept; tells whether there is room, on the disk and under the cap. */
  restore(): boolean {
    if (!this.#isFull) return true
    try {
      if (!this.#journal.lower(BALLAST_BYTES)) return false
      this.#ballast = setAside(this.#path, BALLAST_BYTES)
    } catch (error) {
      if (!isDiskFull(error)) throw error
      return false
    }
    this.#isFull = false
    return true
  }

  /** Returns a block store that keeps nothing more once the disk is full. */
  blocks(blocks: BlockStore): BlockStore {
    return {
      get: (cid) => blocks.get(cid),
      has: (cid) => blocks.has(cid),
      delete: (cid) => blocks.delete(cid),
      owners: () => blocks.owners(),
      close: () => blocks.close(),
      put: async (cid, bytes, checked) => {
        if (this.#isFull && !(await blocks.has(cid))) throw diskFull(cid)
        try {
          await blocks.put(cid, bytes, checked)
        } catch (error) {
          this.#take(error)
          throw error
        }
      },
      pin: (owner, cids) => this.#twice(() => blocks.pin(owner, cids)),
      unpin: (owner) => this.#twice(() => blocks.unpin(owner)),
    }
  }

  async #twice(write: () => Promise<void>): Promise<void> {
    const wasFull = this.#isFull
    try {
      await write()
    } catch (error) {
      // Others may have failed with it, and have made room since.
      if (!this.#take(error) && (wasFull || !isDiskFull(error))) throw error
      await write()
    }
  }

  /** Tells whether an error said that the disk is full for the first time: then there is room now. */
  #take(error: unknown): boolean {
    if (this.#isFull || !isDiskFull(error)) return false
    this.#isFull = true
    this.#ballast.release()
    this.#journal.raise(BALLAST_BYTES)
    this.#onFull(error)
    return true
  }
}

function isDiskFull(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'DISK_FULL'
}

function diskFull(path: string): StorageError {
  return new StorageError(`expected room for ${path}, but the disk is full; free some and start again`, {
    code: 'DISK_FULL',
    path,
  })
}
