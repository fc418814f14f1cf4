const VALUES = new Uint8Array(128).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  VALUES[digit.charCodeAt(0)] = value
  VALUES[digit.toUpperCase().charCodeAt(0)] = value
}

/**
 * Reads `count` bytes in hexadecimal digits of either case behind the `0x` of a text into `into` at `at`; false, with
 * some bytes written, where the text is anything else.
 */
export function readHex(text: string, into: Uint8Array, at: number, count: number): boolean {
  if (text.length !== 2 + 2 * count || text.charCodeAt(0) !== 0x30 || text.charCodeAt(1) !== 0x78)
    return false
  for (let i = 0; i < count; i++) {
    const high = VALUES[text.charCodeAt(2 + 2 * i)] ?? 255
    const low = VALUES[text.charCodeAt(3 + 2 * i)] ?? 255
    if ((high | low) > 15) return false
    into[at + i] = (high << 4) | low
  }
  return true
}
