import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultExposure, type ExposurePolicy, exposedTooMuch } from './exposure.ts'

const units = fc.bigInt({ min: 0n, max: 10n ** 24n })
const policy: fc.Arbitrary<ExposurePolicy> = fc
  .record({ leaseUnits: units, more: units, unitsPerCoin: units })
  .map(({ more, ...rest }) => ({ ...rest, totalUnits: rest.leaseUnits + more }))
const waiting = fc.array(fc.record({ worth: units }), { maxLength: 12 })
const fee = fc.bigInt({ min: 0n, max: 10n ** 12n })

test('what stays unredeemed is within both limits, or not worth its gas', () => {
  fc.assert(
    fc.property(waiting, policy, fee, (all, limits, feePerGas) => {
      const chosen = new Set(exposedTooMuch(all, limits, feePerGas))
      const left = all.filter((one) => !chosen.has(one))
      const dear = (worth: bigint) =>
        worth * 10n ** 18n < 50n * (26_000n * feePerGas * limits.unitsPerCoin + 10n ** 18n)
      const cheap = left.filter(({ worth }) => !dear(worth))
      expect(cheap.every(({ worth }) => worth < limits.leaseUnits || worth === 0n)).toBe(true)
      const rest = cheap.reduce((sum, { worth }) => sum + worth, 0n)
      expect(rest < limits.totalUnits || rest === 0n).toBe(true)
    }),
  )
})

test('nothing is redeemed that brings less than fifty times its gas', () => {
  fc.assert(
    fc.property(waiting, policy, fee, (all, limits, feePerGas) => {
      for (const { worth } of exposedTooMuch(all, limits, feePerGas)) {
        expect(worth * 10n ** 18n).toBeGreaterThanOrEqual(50n * 26_000n * feePerGas * limits.unitsPerCoin)
      }
    }),
  )
})

test('one lease beyond its limit takes along what is half way there, and nothing below', () => {
  const token = 10n ** 6n
  const limits = defaultExposure(6)
  const [full, half, little] = [{ worth: token }, { worth: token / 2n }, { worth: token / 2n - 1n }]
  expect(exposedTooMuch([little, half], limits, 1n)).toEqual([])
  expect(exposedTooMuch([little, half, full], limits, 1n)).toEqual([half, full])
  const many = Array.from({ length: 11 }, () => little)
  expect(exposedTooMuch(many, limits, 1n)).toHaveLength(11)
})

test('at a fee that is too high everything waits', () => {
  const limits = { leaseUnits: 10n, totalUnits: 10n, unitsPerCoin: 10n ** 9n }
  expect(exposedTooMuch([{ worth: 1_300_000n }], limits, 10n ** 9n)).toHaveLength(1)
  expect(exposedTooMuch([{ worth: 1_299_999n }], limits, 10n ** 9n)).toHaveLength(0)
})
