import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANYONE, lateMs, weatherBetween } from './link.ts'
import { seeded } from './seeded.ts'

describe('weatherBetween', () => {
  const rules = [
    { from: 'a', to: ANYONE, cut: true },
    { from: ANYONE, to: 'b', delayMs: 5 },
  ]
  it('joins the rules that name both peers, and knows directions', () => {
    expect(weatherBetween(rules, 'a', 'b')).toMatchObject({ cut: true, delayMs: 5 })
    expect(weatherBetween(rules, 'b', 'a')).toEqual({})
    expect(weatherBetween(rules, 'c', 'b').cut).toBeUndefined()
    expect(weatherBetween(rules, 'a', 'c').cut).toBe(true)
  })
})

describe('lateMs', () => {
  it('is nothing where nothing is wrong, and grows with what is sent', () => {
    expect(lateMs({}, 1_000_000, Math.random)).toBe(0)
    expect(lateMs({ delayMs: 40, bytesPerSecond: 1_000 }, 500, Math.random)).toBe(540)
  })

  it('delays about as many segments as are lost, by whole retransmissions of TCP', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.03, 0.1), (seed, loss) => {
        const random = seeded(seed)
        const late = Array.from({ length: 20_000 }, () => lateMs({ loss }, 100, random))
        expect(late.every((ms) => [0, 200, 600, 1_400].includes(ms))).toBe(true)
        const hit = late.filter((ms) => ms > 0).length / late.length
        expect(Math.abs(hit - loss / 2)).toBeLessThan(loss / 8)
      }),
      { numRuns: 20 },
    )
  })
})
