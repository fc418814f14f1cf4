const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0))
const VALUES = new Uint8Array(128).fill(255)
for (const [value, code] of CODES.entries()) VALUES[code] = value

/** Writes bytes in base32 (RFC 4648, lower case, without padding). */
export function toBase32(bytes: Uint8Array): string {
  const codes = new Array<number>(Math.ceil((bytes.byteLength * 8) / 5))
  let bits = 0
  let held = 0
  let at = 0
  for (let i = 0; i < bytes.byteLength; i++) {
    held = (held << 8) | (bytes[i] ?? 0)
    for (bits += 8; bits >= 5; bits -= 5) codes[at++] = CODES[(held >> (bits - 5)) & 31] ?? 0
  }
  if (bits > 0) codes[at] = CODES[(held << (5 - bits)) & 31] ?? 0
  return String.fromCharCode.apply(null, codes)
}

/**
 * Reads `count` bytes in base32 from `start` of a text into `into` at `at`; false where the text is not exactly what
 * {@link toBase32} writes for some bytes.
 */
export function readBase32(
  text: string,
  start: number,
  into: Uint8Array,
  at: number,
  count: number,
): boolean {
  if (text.length !== start + Math.ceil((count * 8) / 5)) return false
  let bits = 0
  let held = 0
  let end = at
  for (let i = start; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? 255
    if (value === 255) return false
    held = ((held << 5) | value) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    into[end++] = (held >> bits) & 0xff
  }
  // Whatever bits are left over must be none.
  return (held & ((1 << bits) - 1)) === 0
}
