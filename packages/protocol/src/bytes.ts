import { compare } from 'uint8arrays/compare'
import { fromString } from 'uint8arrays/from-string'
import { toString as encodeBytes } from 'uint8arrays/to-string'
import { readHex } from './read-hex.ts'

/** Bytes as `0x` and lower-case hexadecimal digits: addresses, digests and signatures in memory. */
export type Hex = `0x${string}`

/** What Node's own byte strings add: hexadecimal digits in a fraction of the time. */
const native = (
  globalThis as {
    Buffer?: { prototype: { hexSlice?(this: Uint8Array, start: number, end: number): string } }
  }
).Buffer?.prototype.hexSlice

/** Writes bytes as {@link Hex}. */
export function toHex(bytes: Uint8Array): Hex {
  const digits = native === undefined ? encodeBytes(bytes, 'base16') : native.call(bytes, 0, bytes.byteLength)
  return `0x${digits}`
}

/** Reads {@link Hex} of an even number of digits. */
export function fromHex(hex: Hex): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, (hex.length - 2) >> 1))
  return readHex(hex, bytes, 0, bytes.byteLength) ? bytes : fromString(hex.slice(2).toLowerCase(), 'base16')
}

/** Encodes text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return fromString(text, 'utf8')
}

/** Decodes UTF-8; invalid sequences become U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return encodeBytes(bytes, 'utf8')
}

/** Orders two strings by their UTF-8 bytes, the order of every sorted list on the wire. */
export function compareBytewise(a: string, b: string): number {
  return compare(utf8(a), utf8(b))
}
