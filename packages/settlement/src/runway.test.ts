import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationWords, type RunwayFacts, runwayOf } from './runway.ts'

const units = fc.bigInt({ min: 0n, max: 2n ** 96n })
const facts = fc.record({
  ...{ free: units, committed: units },
  rateE12: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 2n ** 110n })),
  nativeWei: units,
  feePerGas: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  gas: fc.bigInt({ min: 0n, max: 10n ** 6n }),
  warnSeconds: fc.integer({ min: 1, max: 100_000 }),
})
const NEEDY: RunwayFacts = {
  ...{ free: 0n, committed: 0n, rateE12: 0n },
  ...{ nativeWei: 0n, feePerGas: 1n, gas: 0n },
}
const RANK = { ok: 0, low: 1, empty: 2 }

describe('runway', () => {
  test('the seconds told can be paid, one more cannot', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { secondsLeft } = runwayOf(given)
        if (secondsLeft === null || secondsLeft === Number.MAX_SAFE_INTEGER) return
        const money = (given.free + given.committed) * 10n ** 12n
        expect(BigInt(secondsLeft) * given.rateE12 <= money).toBe(true)
        expect(BigInt(secondsLeft + 1) * given.rateE12 > money).toBe(true)
      }),
    )
  })

  test('the rounds told can be paid, one more cannot', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { roundsLeft } = runwayOf(given)
        if (roundsLeft === null) return
        const cost = given.gas * given.feePerGas
        expect(roundsLeft * cost <= given.nativeWei).toBe(true)
        expect((roundsLeft + 1n) * cost > given.nativeWei).toBe(true)
      }),
    )
  })

  test('more money never makes it worse, more spending never better', () => {
    fc.assert(
      fc.property(facts, units, (given, more) => {
        const before = runwayOf(given)
        const richer = runwayOf({ ...given, free: given.free + more, nativeWei: given.nativeWei + more })
        expect(RANK[richer.level]).toBeLessThanOrEqual(RANK[before.level])
        const busier = runwayOf({ ...given, rateE12: given.rateE12 + more })
        expect(RANK[busier.level]).toBeGreaterThanOrEqual(RANK[before.level])
        expect(busier.secondsLeft ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
          before.secondsLeft ?? Number.POSITIVE_INFINITY,
        )
      }),
    )
  })

  test('warns exactly where something runs out, deposits no later than all money', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const found = runwayOf(given)
        const running = [found.money, found.gas].filter((level) => level !== 'ok')
        expect(found.warnings).toHaveLength(running.length)
        expect(found.committedSecondsLeft === null).toBe(found.secondsLeft === null)
        expect(found.committedSecondsLeft ?? 0).toBeLessThanOrEqual(found.secondsLeft ?? 0)
      }),
    )
  })

  test('nothing spent is no end, nothing there is empty', () => {
    expect(runwayOf({ ...NEEDY, free: 1n })).toMatchObject({ secondsLeft: null, level: 'ok' })
    expect(runwayOf(NEEDY)).toMatchObject({ money: 'empty', gas: 'ok', roundsLeft: null })
    expect(runwayOf({ ...NEEDY, free: 1n, gas: 21_000n })).toMatchObject({ gas: 'empty', roundsLeft: 0n })
  })

  test.each([
    [0, '0 s'],
    [119.9, '119 s'],
    [120, '2 min'],
    [7_200, '2 h'],
    [12_000, '3 h 20 min'],
    [172_800, '2 days'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words)
  })
})
