/** Characters of a text that are read at once. */
const TEXT_AT_ONCE = 16_384

/** Reads canonical DAG-CBOR, item by item. What it says no to may still be DAG-CBOR; what it reads is canonical. */
export class CborReader {
  readonly bytes: Uint8Array
  /** Bytes read. */
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Returns the byte that comes next, without reading it. */
  get next(): number {
    return this.bytes[this.at] ?? -1
  }

  /** Reads the head of an item of this major type: its length or value; −1 where it is another, or not the shortest. */
  head(major: number): number {
    const first = this.bytes[this.at] ?? -1
    if (first >> 5 !== major) return -1
    this.at += 1
    const short = first & 31
    if (short < 24) return short
    if (short === 24) return this.#tail(1, 24)
    if (short === 25) return this.#tail(2, 0x1_00)
    if (short === 26) return this.#tail(4, 0x1_0000)
    return short === 27 ? this.#tail(8, 0x1_0000_0000) : -1
  }

  #tail(count: number, least: number): number {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 256 + (this.bytes[this.at + i] ?? Number.NaN)
    this.at += count
    return value >= least && value <= Number.MAX_SAFE_INTEGER ? value : -1
  }

  /** Reads exactly these bytes; tells whether they were there. */
  skip(expected: Uint8Array): boolean {
    const { bytes, at } = this
    for (let i = 0; i < expected.byteLength; i++) if (bytes[at + i] !== expected[i]) return false
    this.at += expected.byteLength
    return true
  }

  /** Reads so many bytes, as a view; `undefined` where there are fewer. */
  take(count: number): Uint8Array | undefined {
    const end = this.at + count
    if (count < 0 || end > this.bytes.byteLength) return undefined
    const part = this.bytes.subarray(this.at, end)
    this.at = end
    return part
  }

  /** Reads a text of plain ASCII; `undefined` where it is none. */
  text(): string | undefined {
    const length = this.head(3)
    if (length > TEXT_AT_ONCE) return undefined
    const part = this.take(length)
    if (part === undefined) return undefined
    for (const unit of part) if (unit > 0x7f) return undefined
    return String.fromCharCode.apply(null, part as unknown as number[])
  }
}
