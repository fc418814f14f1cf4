import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom, splitMix64, xoshiro128 } from './random.ts'

test('the generators give their published sequences', () => {
  expect([1n, 2n, 3n].map((step) => splitMix64(1234567n, step))).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
  ])
  const next = xoshiro128([1, 2, 3, 4])
  expect(Array.from({ length: 6 }, next)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492])
})

test('a seed fixes the bytes, and a longer read begins with a shorter one', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.nat(100), (seed, length) => {
      const long = new Uint8Array(100)
      const short = new Uint8Array(length)
      seededRandom(seed)(long)
      seededRandom(seed)(short)
      expect(short).toEqual(long.slice(0, length))
    }),
  )
})
