import { formatAmount } from '@souk/market'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAddress, readAmount, readExpiry, readLimit } from './form-input.ts'

const UNIT = { tokenSymbol: 'SOUK', tokenDecimals: 6 }

describe('an amount', () => {
  test('is exactly what was typed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 96n }), (baseUnits) => {
        const read = readAmount(formatAmount(baseUnits, 6), UNIT, baseUnits, 'here')
        expect(read).toEqual({ ok: true, value: baseUnits })
      }),
    )
  })

  test.each(['', ' ', '0', '0.0', '-1', '1e3', '1,5', '0.0000001', '1.', 'all', '2.000001'])(
    'is not %j',
    (text) => {
      expect(readAmount(text, UNIT, 2_000_000n, 'here').ok).toBe(false)
    },
  )

  test('names the most there is', () => {
    const read = readAmount('3', UNIT, 2_500_000n, 'in your wallet')
    expect(read).toMatchObject({ sentence: expect.stringMatching(/2\.5\u00a0SOUK in your wallet/) })
  })
})

test('a limit may be zero and takes 96 bits', () => {
  expect(readLimit('0', UNIT)).toEqual({ ok: true, value: 0n })
  expect(readLimit(formatAmount(2n ** 96n - 1n, 6), UNIT).ok).toBe(true)
  expect(readLimit(formatAmount(2n ** 96n, 6), UNIT).ok).toBe(false)
  expect(readLimit('', UNIT).ok).toBe(false)
})

test.each([
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', true],
  ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', true],
  [' 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed ', true],
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed', false],
  ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae', false],
  ['vitalik.eth', false],
  ['', false],
])('%j as an address: %s', (text, ok) => {
  const read = readAddress(text)
  expect(read.ok).toBe(ok)
  if (read.ok) expect(read.value).toBe('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed')
})

test.each(['0', '', '1.5', '-1', '3651', 'soon'])('%j is no number of days', (text) => {
  expect(readExpiry(text, 1_000).ok).toBe(false)
})

test('days end at the same second of a later day', () => {
  expect(readExpiry(' 30 ', 1_000)).toEqual({ ok: true, value: 1_000 + 30 * 86_400 })
})
