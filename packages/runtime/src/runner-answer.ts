import type { AnswerPiece } from './executor.ts'
import { ByteBuffer } from './guest/byte-buffer.ts'

/** Bytes that the calls of one service may have written and nobody has read yet: its process does not wait for readers. */
export const UNREAD_BYTES = 32 * 1024 * 1024
/** Bytes up to which what comes is put together with what waits before it. */
const JOINED_BYTES = 65_536
/** Bytes that a piece counts for beside its own, which is what its buffer takes at least: a program could write single ones. */
const PIECE_COST_BYTES = 4_096

/** What the answers of one service have unread, all together. */
export interface Unread {
  bytes: number
}

/** What one call writes, until its reader takes it. */
export class AnswerQueue {
  readonly #unread: Unread
  readonly #pieces: { readonly stream: AnswerPiece['stream']; readonly buffer: ByteBuffer }[] = []
  #isOver = false
  #wake: () => void = () => {}

  constructor(unread: Unread) {
    this.#unread = unread
  }

  /** Tells whether nothing comes any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Takes a piece; returns false where that is more than may wait, after which the queue is over and empty. */
  add({ stream, bytes }: AnswerPiece): boolean {
    if (this.#isOver) return true
    let last = this.#pieces.at(-1)
    if (last?.stream !== stream || last.buffer.size + bytes.byteLength > JOINED_BYTES) {
      last = { stream, buffer: new ByteBuffer() }
      this.#pieces.push(last)
      this.#unread.bytes += PIECE_COST_BYTES
    }
    last.buffer.write(last.buffer.size, bytes)
    this.#unread.bytes += bytes.byteLength
    if (this.#unread.bytes > UNREAD_BYTES) {
      this.drop()
      return false
    }
    this.#wake()
    return true
  }

  /** Says that nothing more comes; what is here is still read. */
  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** Ends it, and throws away what nobody has read. */
  drop(): void {
    while (this.#next() !== undefined);
    this.end()
  }

  /** Hands out what comes, for one reader; one that leaves drops the rest. */
  async *read(): AsyncGenerator<AnswerPiece> {
    try {
      for (;;) {
        const piece = this.#next()
        if (piece !== undefined) yield piece
        else if (this.#isOver) return
        else await this.#more()
      }
    } finally {
      this.drop()
    }
  }

  #next(): AnswerPiece | undefined {
    const piece = this.#pieces.shift()
    if (piece === undefined) return undefined
    const bytes = piece.buffer.bytes()
    this.#unread.bytes -= bytes.byteLength + PIECE_COST_BYTES
    return { stream: piece.stream, bytes }
  }

  #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }
}
