import { ByteBuffer } from './byte-buffer.ts'
import type { GuestNews } from './messages.ts'

type Stream = Extract<GuestNews, { kind: 'log' }>['stream']

/** Bytes of unfinished lines that wait for their end, and of one piece of a long write. */
const PIECE_BYTES = 65_536
/** Bytes of standard error that are passed on; standard output has the task's own limit. */
const HEARD_ERROR_BYTES = 1024 * 1024
const NEWLINE = 10

/**
 * Passes on what a program writes: line by line, so that one that writes single characters is not slowed down by
 * each, in the order of writing across both streams.
 */
export class LogFeed {
  readonly #hear: (news: GuestNews) => void
  #stream: Stream = 'stdout'
  #waiting = new ByteBuffer()
  #errorLeft = HEARD_ERROR_BYTES

  constructor(hear: (news: GuestNews) => void) {
    this.#hear = hear
  }

  write(stream: Stream, data: Uint8Array): void {
    const heard = stream === 'stderr' ? this.#withinBound(data) : data
    if (heard.byteLength === 0) return
    if (stream !== this.#stream) this.flush()
    this.#stream = stream
    for (let at = 0; at < heard.byteLength; at += PIECE_BYTES) {
      this.#append(heard.subarray(at, at + PIECE_BYTES))
    }
  }

  /** Passes on what waits for the end of its line. */
  flush(): void {
    if (this.#waiting.size === 0) return
    this.#hear({ kind: 'log', stream: this.#stream, bytes: this.#waiting.bytes() })
    this.#waiting.resize(0)
  }

  #append(piece: Uint8Array): void {
    if (this.#waiting.size + piece.byteLength > PIECE_BYTES) this.flush()
    this.#waiting.write(this.#waiting.size, piece)
    if (piece.includes(NEWLINE)) this.flush()
  }

  #withinBound(data: Uint8Array): Uint8Array {
    const heard = data.subarray(0, this.#errorLeft)
    this.#errorLeft -= heard.byteLength
    return heard
  }
}
