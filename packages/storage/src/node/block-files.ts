import {
  closeSync,
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
/** Ends the name of a file that is not whole yet. */
const PART = '.part'

const write = promisify(writeFile)
const move = promisify(rename)

/**
 * Blocks as files named by their address, written beside the main thread. A file has its name only once it is whole and
 * on the disk, whatever ends the process or its machine. Whether one counts is the caller's to say: it has the rows.
 */
export class BlockFiles {
  readonly #folder: string
  readonly #waiting: (() => void)[] = []
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
   * Writes a file whole, and makes its bytes survive a power loss; one write of a name at a time. `bytes` must stay as
   * they are meanwhile. Throws `StorageError` `DISK_FULL` or `IO`, and leaves nothing then.
   */
  async write(cid: string, bytes: Uint8Array): Promise<void> {
    await this.#begin()
    const part = this.#pathOf(cid) + PART
    try {
      await guardedAsync(part, async () => {
        await write(part, bytes, { mode: 0o600, flush: true })
        await move(part, this.#pathOf(cid))
      })
      this.#isNamed = false
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
    try {
      rmSync(this.#pathOf(name), { force: true })
    } catch {
      // Said above.
    }
  }

  /** Makes the names of all files written so far survive a power loss. Throws `StorageError` `IO`. */
  sync(): void {
    // A folder cannot be opened there.
    if (this.#isNamed || process.platform === 'win32') return
    guarded(this.#folder, () => {
      const folder = openSync(this.#folder, 'r')
      try {
        fsyncSync(folder)
      } finally {
        closeSync(folder)
      }
    })
    this.#isNamed = true
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
