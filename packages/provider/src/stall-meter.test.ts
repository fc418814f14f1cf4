import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StallMeter } from './stall-meter.ts'

test('the longest pause between ticks is never missed, and pauses that were over before do not count', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(gaps, fc.nat(2_000), fc.nat(60), (given, pauseMs, from) => {
      const meter = new StallMeter(0)
      const ticks = given.map((_, i) => given.slice(0, i + 1).reduce((sum, gap) => sum + gap, 0))
      for (const tick of ticks) meter.tick(tick)
      const last = ticks.at(-1) ?? 0
      const sinceMs = ticks[from] ?? 0
      const during = given.filter((_, i) => (ticks[i] ?? 0) >= sinceMs)
      const longest = Math.max(pauseMs, ...during)
      const measured = meter.longest(sinceMs, last + pauseMs)
      // Ordinary gaps between ticks are none.
      if (longest >= 100) expect(measured).toBe(longest)
      else expect(measured).toBeLessThan(100)
    }),
  )
})
