const FIRST_CAPACITY = 1024

/** Bytes that grow by doubling. */
export class ByteWriter {
  #store: Uint8Array
  #size = 0

  constructor(capacity = FIRST_CAPACITY) {
    this.#store = new Uint8Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  bytes(): Uint8Array {
    return this.#store.subarray(0, this.#size)
  }

  clear(): void {
    this.#size = 0
  }

  raw(...values: number[]): this {
    this.#reserve(values.length)
    for (const value of values) {
      this.#store[this.#size] = value
      this.#size += 1
    }
    return this
  }

  /** Copies a part of other bytes. */
  copy(bytes: Uint8Array, start = 0, end = bytes.byteLength): this {
    this.#reserve(end - start)
    this.#store.set(bytes.subarray(start, end), this.#size)
    this.#size += end - start
    return this
  }

  /** Writes an unsigned LEB128 integer below 2^53. */
  uint(value: number): this {
    let left = value
    while (left >= 0x80) {
      this.raw((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    return this.raw(left)
  }

  /** Writes a non-negative integer below 2^52 as a signed LEB128 one. */
  sint(value: number): this {
    let left = value
    while (left >= 0x40) {
      this.raw((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    return this.raw(left)
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text)
    return this.uint(bytes.byteLength).copy(bytes)
  }

  /** Writes a section with its size. */
  section(id: number, content: Uint8Array): this {
    return this.raw(id).uint(content.byteLength).copy(content)
  }

  #reserve(more: number): void {
    const needed = this.#size + more
    if (needed <= this.#store.byteLength) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.#store.byteLength))
    grown.set(this.bytes())
    this.#store = grown
  }
}
