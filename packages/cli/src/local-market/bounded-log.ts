import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

/** Bytes of a log before it begins anew: the one before it stays beside it as `FILE.1`, older ones go. */
const LOG_BYTES = 16 * 1024 * 1024

/** A log file that never grows beyond a bound, for this user alone. */
export class BoundedLog {
  readonly #file: string
  readonly #maxBytes: number
  #descriptor: number
  #bytes: number

  /** Goes on with the file at `file`, or begins it. Throws what the file system throws. */
  constructor(file: string, maxBytes: number = LOG_BYTES) {
    this.#file = file
    this.#maxBytes = maxBytes
    this.#descriptor = openSync(file, 'a', 0o600)
    this.#bytes = fstatSync(this.#descriptor).size
  }

  /** Adds what was said; what a full disk does not take is lost. */
  write(said: string | Uint8Array): void {
    const bytes = Buffer.from(said)
    try {
      if (this.#bytes > 0 && this.#bytes + bytes.byteLength > this.#maxBytes) this.#turn()
      writeSync(this.#descriptor, bytes.subarray(0, this.#maxBytes))
      this.#bytes += Math.min(bytes.byteLength, this.#maxBytes)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #turn(): void {
    closeSync(this.#descriptor)
    renameSync(this.#file, `${this.#file}.1`)
    this.#descriptor = openSync(this.#file, 'a', 0o600)
    this.#bytes = 0
  }
}
