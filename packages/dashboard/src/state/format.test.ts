import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shortHex, shownAge, shownAmount, shownCoins, shownNumber, shownRest } from './format.ts'

describe('amounts', () => {
  test.each([
    [0n, 18, '0'],
    [1n, 18, '0.000000000000000001'],
    [1_234_567_000_000n, 6, '1\u202f234\u202f567'],
    [999_500n, 3, '999.5'],
    [-1_000_000n, 2, '-10\u202f000'],
  ])('%s base units of %i decimals are shown as %s', (baseUnits, decimals, text) => {
    expect(shownNumber(baseUnits, decimals)).toBe(text)
  })

  test('lose no digit, whatever they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n }), fc.nat(30), (baseUnits, decimals) => {
        const [whole = '', fraction = ''] = shownNumber(baseUnits, decimals)
          .replaceAll('\u202f', '')
          .split('.')
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(baseUnits)
      }),
    )
  })

  test('carry their symbol on the same line, and coins are cut', () => {
    expect(shownAmount(15n, { tokenSymbol: 'SOUK', tokenDecimals: 1 })).toBe('1.5\u00a0SOUK')
    expect(shownCoins(1_999_999_999_999_999_999n)).toBe('1.999999')
  })
})

test.each([
  [-3, 'just now'],
  [59, '59 s ago'],
  [3_599, '59 min ago'],
  [86_399, '23 h ago'],
  [900_000, '10 d ago'],
])('%i seconds are %s', (seconds, words) => {
  expect(shownAge(seconds)).toBe(words)
})

test.each([
  [0, 'over'],
  [0.5, '1 s left'],
  [7_200, '2 h left'],
  [172_800, '2 d left'],
])('of %d seconds there are %s', (seconds, words) => {
  expect(shownRest(seconds)).toBe(words)
})

test('an address shows both of its ends', () => {
  expect(shortHex('0x98a6000000000000000000000000000000007598')).toBe('0x98a6…7598')
})
