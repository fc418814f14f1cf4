import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleNumbers } from './uptime-sample.ts'

/** Bytes that a seed gives, one after the other. */
function bytesOf(seed: number): (count: number) => Uint8Array {
  let state = seed
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 24
    })
}

describe('a sample of epochs', () => {
  test('is as large as it may be, in order, and of those that were given', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(80), fc.nat(40), fc.nat(), (first, count, most, seed) => {
        const chosen = sampleNumbers(first, first + count - 1, most, bytesOf(seed))
        expect(chosen.length).toBe(Math.min(count, most))
        expect([...new Set(chosen)].sort((a, b) => a - b)).toEqual(chosen)
        for (const epoch of chosen) {
          expect(epoch).toBeGreaterThanOrEqual(first)
          expect(epoch).toBeLessThan(first + count)
        }
      }),
    )
  })

  test('leaves no epoch out for good', () => {
    const seen = new Set<number>()
    for (let seed = 1; seed <= 400; seed++)
      for (const epoch of sampleNumbers(10, 49, 8, bytesOf(seed))) seen.add(epoch)
    expect(seen.size).toBe(40)
  })
})
