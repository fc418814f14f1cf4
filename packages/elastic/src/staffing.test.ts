import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lateShare, staffFor } from './staffing.ts'

/** Share that waits longer than `waitMs`, exactly, for exponential services: Erlang's C by its recursion. */
function erlangLate(servers: number, load: number, serviceMs: number, waitMs: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked)
  const delayed = (servers * blocked) / (servers - load * (1 - blocked))
  return delayed * Math.exp((-(servers - load) * waitMs) / serviceMs)
}

test('staffing agrees with Erlang’s exact formula to within three servers', () => {
  const load = fc.double({ min: 0.5, max: 300, noNaN: true })
  fc.assert(
    fc.property(
      load,
      fc.double({ min: 0.5, max: 0.99, noNaN: true }),
      fc.integer({ min: 0, max: 2_000 }),
      (a, share, waitMs) => {
        const servers = staffFor({ load: a, serviceMs: 500, share, waitMs })
        let exact = Math.floor(a) + 1
        while (erlangLate(exact, a, 500, waitMs) > 1 - share) exact++
        expect(Math.abs(servers - exact)).toBeLessThanOrEqual(3)
      },
    ),
  )
})

test('nobody is needed for nothing, and always more than the load', () => {
  expect(staffFor({ load: 0, serviceMs: 100, share: 0.95, waitMs: 10 })).toBe(0)
  expect(staffFor({ load: 10, serviceMs: 100, share: 0.01, waitMs: 1e9 })).toBe(11)
  expect(lateShare(11, 10, 100, 0)).toBeGreaterThan(lateShare(12, 10, 100, 0))
})
