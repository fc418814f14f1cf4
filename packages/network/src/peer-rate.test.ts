import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makePeerRate } from './peer-rate.ts'

const BURST = 32
const PER_SECOND = 8

/** Returns how many of the requests, at these moments, are let through. */
function allowed(momentsMs: readonly number[]): number {
  let nowMs = 0
  const rate = makePeerRate(() => nowMs)
  return momentsMs.filter((each) => {
    nowMs = each
    return isTaken(rate, 'a')
  }).length
}

function isTaken(rate: ReturnType<typeof makePeerRate>, peer: string): boolean {
  try {
    rate.take(peer)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'QUEUE_FULL' })
    return false
  }
}

test('no schedule gets more than the burst and the rate, and a slow one gets all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 300 }), (some) => {
      const moments = some.toSorted((a, b) => a - b)
      const spanMs = (moments.at(-1) ?? 0) - (moments[0] ?? 0)
      expect(allowed(moments)).toBeLessThanOrEqual(BURST + (spanMs * PER_SECOND) / 1_000 + 1e-6)
    }),
  )
  const slow = Array.from({ length: 200 }, (_, i) => (i * 1_000) / PER_SECOND)
  expect(allowed(slow)).toBe(slow.length)
})

test('peers are counted apart', () => {
  const rate = makePeerRate(() => 0)
  for (let i = 0; i < BURST; i++) rate.take('a')
  expect(isTaken(rate, 'a')).toBe(false)
  expect(isTaken(rate, 'b')).toBe(true)
})

test('peers beyond the bound push out the one that asked longest ago', () => {
  const rate = makePeerRate(() => 0)
  for (let i = 0; i < BURST; i++) rate.take('a')
  for (let i = 0; i < 1_023; i++) rate.take(`other ${i}`)
  expect(isTaken(rate, 'a')).toBe(false)
  rate.take('the one too many')
  expect(isTaken(rate, 'a')).toBe(true)
})
