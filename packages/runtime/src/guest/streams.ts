import { Fd, wasi } from '@bjorn3/browser_wasi_shim'
import { ByteBuffer } from './byte-buffer.ts'
import type { LogFeed } from './log-feed.ts'
import type { OutputBudget } from './output-budget.ts'
import { fdstat, Stat } from './stat.ts'

/** Standard output: kept whole, and refused beyond the task's budget. */
export class OutputStream extends Fd {
  readonly #budget: OutputBudget
  readonly #feed: LogFeed | null
  readonly #content = new ByteBuffer()

  constructor(budget: OutputBudget, feed: LogFeed | null) {
    super()
    this.#budget = budget
    this.#feed = feed
  }

  bytes(): Uint8Array {
    return this.#content.bytes()
  }

  override fd_write(data: Uint8Array) {
    this.#budget.charge(data.byteLength)
    this.#content.write(this.#content.size, data)
    this.#feed?.write('stdout', data)
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_UNKNOWN) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: new Stat(0n, wasi.FILETYPE_UNKNOWN, 0n) }
  }
}

/** Standard error: only its end is kept, for people. */
export class TailStream extends Fd {
  readonly #limit: number
  readonly #feed: LogFeed | null
  /** Twice what is kept, so that it is moved together once for many writes. */
  readonly #kept: Uint8Array
  #size = 0

  constructor(limit: number, feed: LogFeed | null) {
    super()
    this.#limit = limit
    this.#feed = feed
    this.#kept = new Uint8Array(2 * limit)
  }

  text(): string {
    return new TextDecoder().decode(this.#kept.subarray(Math.max(0, this.#size - this.#limit), this.#size))
  }

  override fd_write(data: Uint8Array) {
    const added = data.subarray(Math.max(0, data.byteLength - this.#limit))
    if (this.#size + added.byteLength > this.#kept.byteLength) {
      this.#kept.copyWithin(0, this.#size - this.#limit, this.#size)
      this.#size = this.#limit
    }
    this.#kept.set(added, this.#size)
    this.#size += added.byteLength
    this.#feed?.write('stderr', data)
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_UNKNOWN) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: new Stat(0n, wasi.FILETYPE_UNKNOWN, 0n) }
  }
}
