import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseStandby, estimateStandbys, STANDBY_LEVELS, type StandbyCosts } from './standby.ts'

const COSTS: StandbyCosts = {
  ...{ detectMs: 6_000, quoteMs: 2_000, startMs: 1_000, loadMs: 500, fetchMs: 300, reworkMs: 5_000 },
  ...{ rateE12: 10n, sharedBy: 3 },
}

const ms = fc.nat(60_000)
const costs: fc.Arbitrary<StandbyCosts> = fc.record({
  ...{ detectMs: ms, quoteMs: ms, startMs: ms, loadMs: ms, fetchMs: ms, reworkMs: ms },
  rateE12: fc.bigInt({ min: 0n, max: 10n ** 18n }),
  sharedBy: fc.integer({ min: 1, max: 20 }),
})

describe('a standby', () => {
  test.each([
    [14_800, 'cold', 0n],
    [14_799, 'prepared', 0n],
    [12_799, 'warm', 4n],
    [10_999, 'hot', 10n],
    [0, 'hot', 10n],
  ])('for a target of %d ms is %s', (targetMs, level, rateE12) => {
    expect(chooseStandby(COSTS, targetMs)).toMatchObject({ level, rateE12, lateMs: 0 })
  })

  test('that cannot be had in time is the quickest there is, and says how late', () => {
    expect(chooseStandby(COSTS, 1_000, ['warm'])).toMatchObject({ level: 'warm', lateMs: 10_000 })
    expect(chooseStandby(COSTS, 1_000, [])).toMatchObject({ level: 'cold', lateMs: 13_800 })
  })

  test('costs the less the later it recovers', () => {
    fc.assert(
      fc.property(costs, (given) => {
        const levels = estimateStandbys(given)
        expect(levels.map(({ level }) => level)).toEqual([...STANDBY_LEVELS])
        levels.forEach((each, i) => {
          const next = levels[i + 1] ?? each
          expect(next.recoveryMs).toBeGreaterThanOrEqual(each.recoveryMs)
          expect(next.rateE12 <= each.rateE12).toBe(true)
        })
      }),
    )
  })

  test('is the cheapest of those in time', () => {
    fc.assert(
      fc.property(costs, fc.nat(300_000), fc.subarray([...STANDBY_LEVELS]), (given, targetMs, available) => {
        const choice = chooseStandby(given, targetMs, available)
        const inTime = estimateStandbys(given).filter(
          ({ level, recoveryMs }) =>
            (level === 'cold' || available.includes(level)) && recoveryMs <= targetMs,
        )
        expect(choice.lateMs === 0).toBe(inTime.length > 0)
        for (const each of inTime) expect(choice.rateE12 <= each.rateE12).toBe(true)
      }),
    )
  })
})
