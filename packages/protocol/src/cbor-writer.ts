/** Bytes that a writer begins with; it grows as it needs. */
const FIRST_ROOM = 4_096

/** Writes canonical DAG-CBOR, item by item. A text that is not plain ASCII is left to whoever knows UTF-8. */
export class CborWriter {
  bytes = new Uint8Array(FIRST_ROOM)
  /** Bytes written. */
  at = 0

  /** Makes sure that so many more bytes fit. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.byteLength) return
    const grown = new Uint8Array(Math.max(2 * this.bytes.byteLength, this.at + count))
    grown.set(this.bytes.subarray(0, this.at))
    this.bytes = grown
  }

  /** Writes what begins an item: its major type (0 to 7) and its length or value, in the shortest form. */
  head(major: number, value: number): void {
    this.reserve(9)
    const { bytes } = this
    const type = major << 5
    if (value < 24) bytes[this.at++] = type | value
    else if (value < 0x1_00) this.#tail(type | 24, value, 1)
    else if (value < 0x1_0000) this.#tail(type | 25, value, 2)
    else if (value < 0x1_0000_0000) this.#tail(type | 26, value, 4)
    else this.#tail(type | 27, value, 8)
  }

  #tail(first: number, value: number, count: number): void {
    this.bytes[this.at++] = first
    let rest = value
    for (let i = count - 1; i >= 0; i--) {
      this.bytes[this.at + i] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.at += count
  }

  /** Writes bytes as they are, without a head. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.byteLength)
    if (bytes.byteLength > 16) this.bytes.set(bytes, this.at)
    // A call costs more than so few bytes.
    else for (let i = 0; i < bytes.byteLength; i++) this.bytes[this.at + i] = bytes[i] ?? 0
    this.at += bytes.byteLength
  }

  /** Writes a text; false, with something half written, where it is not plain ASCII. */
  text(text: string): boolean {
    const { length } = text
    this.head(3, length)
    this.reserve(length)
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return false
      this.bytes[this.at + i] = unit
    }
    this.at += length
    return true
  }
}
