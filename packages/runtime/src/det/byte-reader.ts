import { DetError } from './det-error.ts'

/** Reads a module that the engine's validator has passed; bounds are checked nevertheless. */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly end: number
  at: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.byteLength) {
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get done(): boolean {
    return this.at >= this.end
  }

  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined
    if (value === undefined) throw cutShort()
    this.at += 1
    return value
  }

  /** Reads an unsigned LEB128 integer of at most 32 bits. */
  uint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  /** Passes over a LEB128 integer of any width. */
  skipLeb(): void {
    while (this.byte() >= 0x80);
  }

  skip(count: number): void {
    this.at += count
    if (this.at > this.end) throw cutShort()
  }

  /** Returns a reader of the next `size` bytes and passes over them. */
  part(size: number): ByteReader {
    const start = this.at
    this.skip(size)
    return new ByteReader(this.bytes, start, this.at)
  }

  name(): string {
    const { bytes, at, end } = this.part(this.uint())
    return new TextDecoder().decode(bytes.subarray(at, end))
  }
}

function cutShort(): DetError {
  return new DetError('NOT_WASM', 'expected more bytes, got a module cut short; transfer it again')
}
