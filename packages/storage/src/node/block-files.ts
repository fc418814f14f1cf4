import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rename,
  rmSync,
  statSync,
  writeFile,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { guarded, guardedAsync } from './database.ts'

/** Files written at the same time: fewer than Node has threads for files, so that reads never wait for a slow disk. */
const MOST_WRITES = 3
/**
 * Bytes of files that are whole and may still be on their way to the disk. A commit that has to be synced waits for what
 * is left of them on the main thread, which also at 50 MB a second is shorter than the silence that others ask about.
 */
const MOST_UNSYNCED_BYTES = 32 * 1024 * 1024
/** Ends the name of a file that is not whole yet. */
const PART = '.part'

const write = promisify(writeFile)
const move = promisify(rename)

interface Unsynced {
  readonly cid: string
  readonly bytes: number
}

/**
 * Blocks as files named by their address, written and synced beside the main thread. A file has its name only once it is
 * whole, whatever ends the process. A loss of power may tear one that was not synced. Whether one counts is the caller's
 * to say: it has the rows.
 */
export class BlockFiles {
  readonly #folder: string
  readonly #waiting: (() => void)[] = []
  /** Files that are whole and not known to be on the disk, with their sizes, the oldest first. */
  readonly #unsynced = new Map<string, Unsynced>()
  #unsyncedBytes = 0
  #syncing: Promise<void> | null = null
  /** Resolves when there is less to sync. */
  #less = Promise.withResolvers<void>()
  #syncFailure: unknown
  #writes = 0
  #isNamed = true

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Creates the folder where it is missing and returns the names in it, also of files that are not whole. */
  open(): string[] {
    return guarded(this.#folder, () => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      return readdirSync(this.#folder)
    })
  }

  /**
   * Writes a file whole; its bytes survive a power loss after {@link sync}. One write of a name at a time. `bytes` must
   * stay as they are meanwhile. Throws `StorageError` `DISK_FULL` or `IO`, and leaves nothing then.
   */
  async write(cid: string, bytes: Uint8Array): Promise<void> {
    while (this.#unsyncedBytes > MOST_UNSYNCED_BYTES && this.#syncing !== null) await this.#less.promise
    await this.#begin()
    const part = this.#pathOf(cid) + PART
    try {
      await guardedAsync(part, async () => {
        await write(part, bytes, { mode: 0o600 })
        await move(part, this.#pathOf(cid))
      })
      this.#isNamed = false
      this.#syncLater(cid, bytes.byteLength)
    } catch (error) {
      this.remove(cid + PART)
      throw error
    } finally {
      this.#end()
    }
  }

  /** Returns the bytes of a file, or undefined where there is none of `size` bytes. Throws `StorageError` `IO`. */
  async read(cid: string, size: number): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(cid)
    return await guardedAsync(path, async () => {
      const file = await open(path).catch(absent)
      if (file === undefined) return undefined
      try {
        // Without zeros before: a mebibyte of them for each block is felt.
        const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
        const { bytesRead } = await file.read(bytes, 0, size, 0)
        return bytesRead === size ? bytes : undefined
      } finally {
        await file.close()
      }
    })
  }

  /** Tells whether there is a file of `size` bytes. */
  isWhole(cid: string, size: number): boolean {
    const path = this.#pathOf(cid)
    return guarded(path, () => statSync(path, { throwIfNoEntry: false })?.size === size)
  }

  /** Removes a file where it is. One that stays is without a row, which the next start sees. */
  remove(name: string): void {
    this.#synced(name)
    try {
      rmSync(this.#pathOf(name), { force: true })
    } catch {
      // Said above.
    }
  }

  /** Makes all files written so far survive a power loss. Throws `StorageError` `IO`. */
  sync(): void {
    guarded(this.#folder, () => {
      if (this.#syncFailure !== undefined) throw this.#syncFailure
      for (const cid of this.#unsynced.keys()) syncWhereItIs(this.#pathOf(cid))
      this.#unsynced.clear()
      this.#unsyncedBytes = 0
      // A folder cannot be opened there.
      if (!this.#isNamed && process.platform !== 'win32') withFile(this.#folder, fsyncSync)
    })
    this.#isNamed = true
  }

  /** Resolves when no file is held open any more. */
  async idle(): Promise<void> {
    await this.#syncing
  }

  #syncLater(cid: string, bytes: number): void {
    this.#synced(cid)
    this.#unsynced.set(cid, { cid, bytes })
    this.#unsyncedBytes += bytes
    this.#syncing ??= this.#syncAll()
  }

  #synced(cid: string): void {
    this.#unsyncedBytes -= this.#unsynced.get(cid)?.bytes ?? 0
    this.#unsynced.delete(cid)
  }

  /** Syncs one file after the other, beside everything else; a failure is told at the next {@link sync}. */
  async #syncAll(): Promise<void> {
    for (let one = this.#oldest(); one !== undefined; one = this.#oldest()) {
      try {
        const file = await open(this.#pathOf(one.cid)).catch(absent)
        await file?.datasync().finally(() => file.close())
      } catch (error) {
        // What a full disk did not take is a block that is not here; after any other failure nobody knows what it holds.
        if (isFull(error)) this.remove(one.cid)
        else this.#syncFailure ??= error
      }
      // It may have been removed and written again meanwhile.
      if (this.#unsynced.get(one.cid) === one) this.#synced(one.cid)
      this.#less.resolve()
      this.#less = Promise.withResolvers<void>()
    }
    this.#syncing = null
  }

  #oldest(): Unsynced | undefined {
    const [oldest] = this.#unsynced.values()
    return oldest
  }

  async #begin(): Promise<void> {
    if (this.#writes < MOST_WRITES) this.#writes += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** The place goes to who waits longest, or is free. */
  #end(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#writes -= 1
    else next()
  }

  #pathOf(name: string): string {
    return join(this.#folder, name)
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
  throw error
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
}

/** One that somebody took counts as a block that is not here. */
function syncWhereItIs(path: string): void {
  try {
    withFile(path, fdatasyncSync)
  } catch (error) {
    absent(error)
  }
}

function withFile(path: string, use: (file: number) => void): void {
  const file = openSync(path, 'r')
  try {
    use(file)
  } finally {
    closeSync(file)
  }
}
