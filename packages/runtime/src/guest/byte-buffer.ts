import { HostOutOfMemory } from './output-budget.ts'

const FIRST_CAPACITY = 4096

/** Bytes that grow by doubling, so that many small writes cost linear time. */
export class ByteBuffer {
  #store: Uint8Array<ArrayBufferLike>
  #size: number
  /** Whether `#store` may be written; borrowed bytes are copied first. */
  #owned = false

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.#store = bytes
    this.#size = bytes.byteLength
  }

  get size(): number {
    return this.#size
  }

  /** Returns the current bytes without copying; valid until the next change. */
  bytes(): Uint8Array {
    return this.#store.subarray(0, this.#size)
  }

  read(at: number, length: number): Uint8Array {
    return this.#store.subarray(Math.min(at, this.#size), Math.min(at + length, this.#size))
  }

  write(at: number, data: Uint8Array): void {
    this.resize(Math.max(this.#size, at + data.byteLength))
    this.#store.set(data, at)
  }

  /** Sets the size; new bytes are zero. Throws {@link HostOutOfMemory}. */
  resize(size: number): void {
    if (!this.#owned || size > this.#store.byteLength) this.#reserve(size)
    if (size < this.#size) this.#store.fill(0, size, this.#size)
    this.#size = size
  }

  #reserve(size: number): void {
    const grown = allocate(
      Math.max(size, this.#size, Math.min(2 * this.#store.byteLength, 2 * size), FIRST_CAPACITY),
    )
    grown.set(this.bytes())
    this.#store = grown
    this.#owned = true
  }
}

function allocate(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes)
  } catch (cause) {
    throw new HostOutOfMemory(`no memory for ${bytes} bytes of output`, { cause })
  }
}
