import fc from 'fast-check'
import { expect, test } from 'vitest'
import { learnGap, oddMs, suspicionMs } from './suspicion.ts'

test('irregular beats are given mean + 4σ, no less than 2 s and no more than 30 s', () => {
  expect(suspicionMs([])).toBe(2_000)
  expect(suspicionMs([500, 500])).toBe(2_000)
  expect(suspicionMs([1_000, 3_000])).toBe(2_000 + 4 * 1_000)
  expect(suspicionMs([0, 1_000_000])).toBe(30_000)
})

test('others are asked sooner about those alone whose beats are regular', () => {
  expect(oddMs([])).toBe(1_250)
  expect(oddMs([500, 500])).toBe(1_250)
  expect(oddMs([500, 900, 500, 900])).toBe(1_500)
  expect(oddMs([300, 1_100])).toBe(suspicionMs([300, 1_100]))
  expect(oddMs([1_000, 3_000])).toBe(suspicionMs([1_000, 3_000]))
})

test('one outage does not blunt what follows, and slow beats are learned', () => {
  const gapsMs = Array.from({ length: 64 }, () => 500)
  learnGap(gapsMs, 60_000)
  expect(suspicionMs(gapsMs)).toBeLessThan(3_000)
  for (let i = 0; i < 64; i++) learnGap(gapsMs, 5_000)
  expect(suspicionMs(gapsMs)).toBeGreaterThanOrEqual(5_000)
})

test('whatever the gaps, the window is bounded and so is suspicion', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { maxLength: 200 }), (gaps) => {
      const gapsMs: number[] = []
      for (const gap of gaps) learnGap(gapsMs, gap)
      expect(gapsMs.length).toBeLessThanOrEqual(64)
      expect(suspicionMs(gapsMs)).toBeGreaterThanOrEqual(2_000)
      expect(suspicionMs(gapsMs)).toBeLessThanOrEqual(30_000)
    }),
  )
})
