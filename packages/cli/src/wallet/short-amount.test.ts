import { formatAmount } from '@souk/market'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shortAmount } from './short-amount.ts'

test.each([
  [0n, '0'],
  [1_500_000n, '1.5'],
  [10n ** 18n, '1000000000000'],
])('%d of six decimals is %s', (baseUnits, text) => {
  expect(shortAmount(baseUnits, 6)).toBe(text)
})

test.each([
  [2_387_500_000_000_001n, '0.00238750…'],
  [-2_387_500_000_000_001n, '-0.00238750…'],
  [3n * 10n ** 18n + 1n, '3.000000…'],
  [1n, '0.000000000000000001'],
])('%d of eighteen decimals is %s', (baseUnits, text) => {
  expect(shortAmount(baseUnits, 18)).toBe(text)
})

test('is exact, or marked and the beginning of what is exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 96n), max: 2n ** 96n }), fc.nat(30), (baseUnits, decimals) => {
      const exact = formatAmount(baseUnits, decimals)
      const shown = shortAmount(baseUnits, decimals)
      if (shown.endsWith('…')) expect(exact.startsWith(shown.slice(0, -1))).toBe(true)
      else expect(shown).toBe(exact)
    }),
  )
})
