import { Fd, wasi } from '@bjorn3/browser_wasi_shim'
import { ByteBuffer } from './byte-buffer.ts'
import type { OutputBudget } from './output-budget.ts'
import { fdstat, Stat } from './stat.ts'

const NOTHING = new Uint8Array()

/** Standard output: kept whole, and refused beyond the task's budget. */
export class OutputStream extends Fd {
  readonly #budget: OutputBudget
  readonly #content = new ByteBuffer()

  constructor(budget: OutputBudget) {
    super()
    this.#budget = budget
  }

  bytes(): Uint8Array {
    return this.#content.bytes()
  }

  override fd_write(data: Uint8Array) {
    this.#budget.charge(data.byteLength)
    this.#content.write(this.#content.size, data)
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
  #tail = NOTHING

  constructor(limit: number) {
    super()
    this.#limit = limit
  }

  text(): string {
    return new TextDecoder().decode(this.#tail)
  }

  override fd_write(data: Uint8Array) {
    const kept = this.#tail.subarray(Math.max(0, this.#tail.byteLength + data.byteLength - this.#limit))
    const added = data.subarray(Math.max(0, data.byteLength - this.#limit))
    const tail = new Uint8Array(kept.byteLength + added.byteLength)
    tail.set(kept)
    tail.set(added, kept.byteLength)
    this.#tail = tail
    return { ret: 0, nwritten: data.byteLength }
  }

  override fd_fdstat_get() {
    return { ret: 0, fdstat: fdstat(wasi.FILETYPE_UNKNOWN) }
  }

  override fd_filestat_get() {
    return { ret: 0, filestat: new Stat(0n, wasi.FILETYPE_UNKNOWN, 0n) }
  }
}
