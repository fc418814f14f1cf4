import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkpointIntervalMs,
  MAX_CHECKPOINT_MS,
  MIN_CHECKPOINT_MS,
  slowdown,
} from './checkpoint-interval.ts'

const costMs = fc.integer({ min: 1, max: 60_000 })
const betweenMs = fc.integer({ min: 10_000, max: 1_000_000_000 })

test('is Young’s where checkpoints are cheap', () => {
  const between = 3_600_000
  const young = Math.sqrt(2 * 100 * between)
  expect(checkpointIntervalMs({ costMs: 100, hazard: 1 / between }) / young).toBeCloseTo(1, 1)
})

test('takes hardly more time than the best interval within the bounds', () => {
  fc.assert(
    fc.property(costMs, betweenMs, (cost, between) => {
      const costs = { costMs: cost, restartMs: 5_000, hazard: 1 / between }
      const best = leastSlowdown((intervalMs) => slowdown(costs, intervalMs))
      const chosen = slowdown(costs, checkpointIntervalMs(costs))
      expect(chosen).toBeLessThanOrEqual(best * (cost < between / 2 ? 1.01 : 1.25))
    }),
    { numRuns: 500 },
  )
})

test('lies between its bounds, rises with the cost and falls with the hazard', () => {
  fc.assert(
    fc.property(costMs, betweenMs, fc.integer({ min: 1, max: 10 }), (cost, between, times) => {
      const interval = checkpointIntervalMs({ costMs: cost, hazard: 1 / between })
      expect(interval).toBeGreaterThanOrEqual(MIN_CHECKPOINT_MS)
      expect(interval).toBeLessThanOrEqual(MAX_CHECKPOINT_MS)
      const safer = checkpointIntervalMs({ costMs: cost, hazard: 1 / (between * times) })
      expect(safer).toBeGreaterThanOrEqual(interval - 1e-6)
      if (cost * times < between / 2) {
        const dearer = checkpointIntervalMs({ costMs: cost * times, hazard: 1 / between })
        expect(dearer).toBeGreaterThanOrEqual(interval - 1e-6)
      }
    }),
  )
})

test('keeps to its bounds at the ends', () => {
  expect(checkpointIntervalMs({ costMs: 0, hazard: 1 })).toBe(MIN_CHECKPOINT_MS)
  expect(checkpointIntervalMs({ costMs: 10, hazard: 0 })).toBe(MAX_CHECKPOINT_MS)
  expect(slowdown({ costMs: 500, restartMs: 0, hazard: 0 }, 1_000)).toBe(1.5)
})

/** The least value between the bounds, of a function with one minimum, by golden sections. */
function leastSlowdown(at: (intervalMs: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [MIN_CHECKPOINT_MS, MAX_CHECKPOINT_MS]
  while (high - low > 1) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)]
    if (at(left) <= at(right)) high = right
    else low = left
  }
  return at((low + high) / 2)
}
