import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAmount, parseAmount } from './amount.ts'

test.each([
  [0n, 18, '0'],
  [1n, 18, '0.000000000000000001'],
  [1_500_000n, 6, '1.5'],
  [-1_500_000n, 6, '-1.5'],
  [120n, 0, '120'],
  [10n ** 21n, 18, '1000'],
])('%s base units of %i decimals are %s', (baseUnits, decimals, text) => {
  expect(formatAmount(baseUnits, decimals)).toBe(text)
})

test('every amount comes back from its text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n }), fc.nat(30), (baseUnits, decimals) => {
      expect(parseAmount(formatAmount(baseUnits, decimals), decimals)).toBe(baseUnits)
    }),
  )
})

test.each(['', '.', '1.', '.5', '-1', '1e3', '0x10', '1,5', '1 2', '0.1234567', '9'.repeat(200)])(
  '%j is no amount',
  (text) => {
    expect(() => parseAmount(text, 6)).toThrow(expect.objectContaining({ code: 'BAD_AMOUNT' }))
  },
)
