import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createSignals,
  measure,
  observeArrivals,
  observeFailed,
  observeLevel,
  observeServed,
} from './signals.ts'
import { addToSketch, createSketch, mergeSketch, RELATIVE_ERROR, sketchQuantile } from './sketch.ts'

const WINDOWS = { stableMs: 60_000, panicMs: 6_000 }
const START_MS = 1_700_000_000_000

describe('signals', () => {
  test('agree with a slow reference over whole buckets', () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 1, max: 5_000 }),
      queued: fc.nat(50),
      inFlight: fc.nat(20),
      arrived: fc.nat(5),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const signals = createSignals(WINDOWS, START_MS)
        let atMs = START_MS
        const seen = steps.map(({ waitMs, ...rest }) => {
          atMs += waitMs
          return { atMs, ...rest }
        })
        for (const { atMs, queued, inFlight, arrived } of seen) {
          observeLevel(signals, { queued, inFlight }, atMs)
          observeArrivals(signals, arrived, atMs)
        }
        const nowMs = Math.ceil(((seen.at(-1)?.atMs ?? START_MS) + 1) / 1_000) * 1_000
        const found = measure(signals, WINDOWS.stableMs - 1_000, nowMs)
        const fromMs = Math.max(START_MS, nowMs - WINDOWS.stableMs + 2_000)
        const area = seen.reduce((sum, { atMs, queued }, i) => {
          const untilMs = seen[i + 1]?.atMs ?? nowMs
          return sum + queued * Math.max(0, untilMs - Math.max(atMs, fromMs))
        }, 0)
        expect(found.queued).toBeCloseTo(area / found.spanMs, 6)
        const arrived = seen.filter(({ atMs }) => atMs >= fromMs).reduce((sum, each) => sum + each.arrived, 0)
        expect(found.arrivalRate * Math.max(found.spanMs, 1_000)).toBeCloseTo(arrived * 1_000, 6)
      }),
    )
  })

  test('forget what is older than the stable window, and remember that something ran', () => {
    const signals = createSignals(WINDOWS, START_MS)
    observeArrivals(signals, 7, START_MS)
    observeServed(signals, { waitMs: 10, serviceMs: 200 }, START_MS + 500)
    observeFailed(signals, START_MS + 500)
    expect(measure(signals, 60_000, START_MS + 1_000)).toMatchObject({ serviceMs: 200, failures: 1 })
    const later = measure(signals, 60_000, START_MS + 100_000)
    expect(later).toMatchObject({ arrivalRate: 0, throughput: 0, serviceMs: null, failures: 0 })
    expect(later.waitMs(0.5)).toBeNull()
    expect(signals).toMatchObject({ serviceMs: 200, busyMs: START_MS, arrived: 7 })
  })

  test('count a level for as long as it is held, also over a long pause', () => {
    const signals = createSignals(WINDOWS, START_MS)
    observeLevel(signals, { queued: 3, inFlight: 1, utilisation: 0.5, external: 42 }, START_MS)
    expect(measure(signals, 60_000, START_MS + 3_600_000)).toMatchObject({
      ...{ queued: 3, inFlight: 1, utilisation: 0.5, external: 42, peak: 4 },
    })
    expect(signals.busyMs).toBe(START_MS + 3_600_000)
  })
})

test('a sketch has every quantile within its error, also when it is merged', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const [left, right] = [createSketch(), createSketch()]
      all.forEach((value, i) => {
        addToSketch(i % 2 === 0 ? left : right, value)
      })
      mergeSketch(left, right)
      const sorted = all.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? Number.NaN
      const found = sketchQuantile(left, share) ?? Number.NaN
      expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9)
    }),
  )
})
