import type { Readable } from 'node:stream'
import type { Execution } from '../executor.ts'
import { ByteBuffer } from '../guest/byte-buffer.ts'
import { pieces } from './frames.ts'

/** Bytes of standard error that are kept for people. */
const LOG_BYTES = 4_096
/** Bytes of standard error that are told while the program runs. */
const ERRORS_BYTES = 1_048_576

/** What a program writes: standard output whole up to its limit, the end of standard error. */
export class Capture {
  readonly #limit: number
  readonly #hear: NonNullable<Execution['hear']>
  /** One store: a program that writes single bytes would make an object of each. */
  readonly #stdout = new ByteBuffer()
  readonly #full = Promise.withResolvers<void>()
  #errorBytes = 0
  #tail = Buffer.alloc(0)

  constructor(limit: number, hear: NonNullable<Execution['hear']>) {
    this.#limit = limit
    this.#hear = hear
  }

  /** Resolves once the program has written more than it may. */
  get full(): Promise<void> {
    return this.#full.promise
  }

  get stdout(): Uint8Array {
    return this.#stdout.bytes()
  }

  get stdoutBytes(): number {
    return this.#stdout.size
  }

  get log(): string {
    return this.#tail.toString('utf8')
  }

  /** Reads until the streams end; what is beyond the bounds is read and dropped. */
  async read(source: Readable): Promise<void> {
    try {
      for await (const { stream, bytes } of pieces(source)) {
        if (stream === 'stdout') this.#takeOutput(bytes)
        else this.#takeError(bytes)
      }
    } catch {
      // The connection broke; that the container is gone shows where it is waited for.
    }
  }

  #takeOutput(bytes: Buffer): void {
    const fitting = bytes.subarray(0, this.#limit - this.stdoutBytes)
    if (fitting.length > 0) {
      this.#stdout.write(this.#stdout.size, fitting)
      this.#hear({ kind: 'log', stream: 'stdout', bytes: new Uint8Array(fitting) })
    }
    if (fitting.length < bytes.length) this.#full.resolve()
  }

  #takeError(bytes: Buffer): void {
    this.#tail = Buffer.from(Buffer.concat([this.#tail, bytes]).subarray(-LOG_BYTES))
    const fitting = bytes.subarray(0, Math.max(0, ERRORS_BYTES - this.#errorBytes))
    this.#errorBytes += bytes.length
    if (fitting.length > 0) this.#hear({ kind: 'log', stream: 'stderr', bytes: new Uint8Array(fitting) })
  }
}
