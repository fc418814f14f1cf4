import fc from 'fast-check'
import { expect, test } from 'vitest'
import { address, bytes, count, digest, text, uint } from './schema.ts'

test('an unsigned integer has one form on the wire: minimal, big-endian', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }), (value) => {
      const wire = uint(96).encode(value)
      expect(wire[0]).not.toBe(0)
      expect(wire.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)).toBe(value)
      expect(uint(96).decode(wire)).toBe(value)
    }),
  )
  expect(uint(96).encode(0n)).toEqual(new Uint8Array())
})

test.each<[string, Uint8Array]>([
  ['a zero byte', Uint8Array.of(0)],
  ['a leading zero', Uint8Array.of(0, 1)],
  ['a byte too many', new Uint8Array(13).fill(1)],
])('an unsigned integer of 96 bits with %s is malformed', (_, wire) => {
  expect(uint(96).safeDecode(wire).success).toBe(false)
})

test('an unsigned integer out of range is not encoded', () => {
  expect(uint(96).safeEncode(-1n).success).toBe(false)
  expect(uint(96).safeEncode(2n ** 96n).success).toBe(false)
  expect(uint(96).encode(2n ** 96n - 1n)).toEqual(new Uint8Array(12).fill(255))
})

test('fixed bytes have exactly their length', () => {
  for (const [schema, length] of [[address, 20] as const, [digest, 32] as const]) {
    expect(schema.decode(new Uint8Array(length).fill(0xab))).toBe(`0x${'ab'.repeat(length)}`)
    for (const wrong of [length - 1, length + 1]) {
      expect(schema.safeDecode(new Uint8Array(wrong)).success).toBe(false)
      expect(schema.safeEncode(`0x${'00'.repeat(wrong)}`).success).toBe(false)
    }
  }
})

test('numbers, text and bytes end at their bounds', () => {
  for (const wrong of [-1, 11, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n]) {
    expect(count(10).safeParse(wrong).success).toBe(false)
  }
  expect(count(10).parse(10)).toBe(10)
  expect(count().safeParse(2 ** 53).success).toBe(false)
  expect(text(2).safeParse('abc').success).toBe(false)
  expect(bytes(2).safeParse(new Uint8Array(3)).success).toBe(false)
  expect(bytes(2).safeParse([1, 2]).success).toBe(false)
})
