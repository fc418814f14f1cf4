import { type Hex, toHex } from '@souk/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checksumAddress, parseAddress } from './wallet-address.ts'

/** An example of EIP-55. */
const GOOD: Hex = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'

test('writes the checksum of the standard’s example, and reads it', () => {
  expect(checksumAddress(GOOD.toLowerCase() as Hex)).toBe(GOOD)
  expect(parseAddress(GOOD)).toBe(GOOD.toLowerCase())
})

test('every address comes back with and without its checksum, and none with a letter of the wrong case', () => {
  const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes))
  fc.assert(
    fc.property(address, fc.nat(), (lower, at) => {
      const written = checksumAddress(lower)
      expect(parseAddress(written)).toBe(lower)
      expect(parseAddress(lower)).toBe(lower)
      const letters = [...written].flatMap((char, i) => (i > 1 && /[a-f]/i.test(char) ? [i] : []))
      const wrong = letters[at % Math.max(1, letters.length)]
      if (wrong === undefined) return
      const flipped = [...written].map((char, i) => (i === wrong ? flip(char) : char)).join('')
      if (flipped !== lower) expect(parseAddress(flipped)).toBeUndefined()
    }),
  )
})

test.each(['', '0x', '0x12', `${GOOD}0`, GOOD.slice(2), `0X${GOOD.slice(2)}`])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

function flip(char: string): string {
  return char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()
}
