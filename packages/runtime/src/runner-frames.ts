import { deserialize } from 'node:v8'
import type { RunnerMessage } from './guest/messages.ts'

const LENGTH_BYTES = 4
/** Bytes of one message of a runner: an output or checkpoint as large as it may be (256 MiB), with paths and log. */
export const MESSAGE_BYTES = 264 * 1024 * 1024

/** Cuts what a runner writes into its pipe into messages (`guest/parent-pipe.ts`). */
export class RunnerFrames<Message = RunnerMessage> {
  readonly #deliver: (message: Message) => void
  #chunks: Buffer[] = []
  #have = 0
  #need = LENGTH_BYTES

  constructor(deliver: (message: Message) => void) {
    this.#deliver = deliver
  }

  /** Takes what was read, and delivers what it completes. Throws for what no runner of ours writes. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#have += chunk.byteLength
    while (this.#have >= this.#need) this.#cut()
  }

  /** Cuts as many messages as possible from what is here, copying it together once. */
  #cut(): void {
    let bytes = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks)
    this.#need = lengthOf(bytes)
    while (bytes.byteLength >= this.#need) {
      this.#deliver(deserialize(bytes.subarray(LENGTH_BYTES, this.#need)))
      bytes = bytes.subarray(this.#need)
      this.#need = lengthOf(bytes)
    }
    this.#chunks = [bytes]
    this.#have = bytes.byteLength
  }
}

/** Returns the bytes of the first message with its length, or those of a length while that is not here. */
function lengthOf(bytes: Buffer): number {
  if (bytes.byteLength < LENGTH_BYTES) return LENGTH_BYTES
  const length = bytes.readUInt32LE()
  if (length > MESSAGE_BYTES) {
    throw new RangeError(`expected a message of at most ${MESSAGE_BYTES} bytes from a runner, got ${length}`)
  }
  return LENGTH_BYTES + length
}
