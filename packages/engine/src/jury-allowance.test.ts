import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { charge, debtOf, juryBudgetMs, mayTry, newDebt } from './jury-allowance.ts'

const HOUR_MS = 3_600_000

describe('the share of a machine that trials may take', () => {
  test('is an hour of it at once, and then no more than wears off', () => {
    const debt = newDebt()
    expect(juryBudgetMs(0.5)).toBe(HOUR_MS / 2)
    expect(mayTry(debt, 0.5, 0)).toBe(true)
    charge(debt, 0.5, HOUR_MS / 2, 0)
    expect(mayTry(debt, 0.5, 0)).toBe(false)
    expect(mayTry(debt, 0.5, 1)).toBe(true)
    expect(debtOf(debt, 0.5, HOUR_MS)).toBe(0)
  })

  test('is nothing where it is zero', () => {
    expect(mayTry(newDebt(), 0, 0)).toBe(false)
  })

  test('bounds what trials take in any stretch of time, but for the last of them', () => {
    const trial = fc.record({ pauseMs: fc.nat(HOUR_MS), tookMs: fc.nat(240_000) })
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 4, noNaN: true }), fc.array(trial), (cores, trials) => {
        const debt = newDebt()
        let [nowMs, spentMs, longestMs] = [0, 0, 0]
        for (const { pauseMs, tookMs } of trials) {
          nowMs += pauseMs
          if (!mayTry(debt, cores, nowMs)) continue
          nowMs += tookMs
          charge(debt, cores, tookMs, nowMs)
          spentMs += tookMs
          longestMs = Math.max(longestMs, tookMs)
          expect(spentMs).toBeLessThanOrEqual(cores * (HOUR_MS + nowMs) + longestMs + 1)
        }
      }),
    )
  })
})
