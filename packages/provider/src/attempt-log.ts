import { SESSION_CHUNK_BYTES } from '@souk/protocol'

/** Bytes kept of what an attempt wrote last, for whoever looks later; also what a slow reader may be behind. */
const LOG_RING_BYTES = 262_144
/** Bytes that a piece counts beside its content: a program that writes byte by byte must not cost more. */
const LOG_PIECE_BYTES = 64

/** What an attempt wrote, in order, or how many bytes of it are gone. */
export type LogPiece =
  | { readonly kind: 'written'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly bytes: number }

interface Kept {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
  /** Bytes that were written before it. */
  readonly at: number
}

/** Keeps the end of what one attempt writes, for any number of readers, none of which can hold it up. */
export class AttemptLog {
  readonly #kept: Kept[] = []
  #keptBytes = 0
  #written = 0
  #isOver = false
  #changed = Promise.withResolvers<void>()

  /** Adds what was written; the oldest goes where there is no room. */
  add(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; at += SESSION_CHUNK_BYTES) {
      this.#keep(stream, bytes.slice(at, at + SESSION_CHUNK_BYTES))
    }
    this.#wake()
  }

  /** Nothing more is written. */
  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** Gives what is kept and, if it follows, what comes, until the attempt ends or `signal` aborts. */
  async *read(follow: boolean, signal: AbortSignal): AsyncGenerator<LogPiece> {
    const onAbort = () => this.#wake()
    signal.addEventListener('abort', onAbort)
    try {
      let next = 0
      while (!signal.aborted) {
        const piece = this.#kept.find(({ at, bytes }) => at + bytes.byteLength > next)
        if (piece !== undefined) {
          if (piece.at > next) yield { kind: 'gap', bytes: piece.at - next }
          next = piece.at + piece.bytes.byteLength
          yield { kind: 'written', stream: piece.stream, bytes: piece.bytes }
        } else if (follow && !this.#isOver) {
          await this.#changed.promise
        } else {
          return
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  #keep(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#kept.push({ stream, bytes, at: this.#written })
    this.#written += bytes.byteLength
    this.#keptBytes += bytes.byteLength + LOG_PIECE_BYTES
    while (this.#keptBytes > LOG_RING_BYTES) {
      const oldest = this.#kept.shift()
      this.#keptBytes -= (oldest?.bytes.byteLength ?? 0) + LOG_PIECE_BYTES
    }
  }

  #wake(): void {
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers<void>()
    resolve()
  }
}
