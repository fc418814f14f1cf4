import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultUnitsPerCoin, paysItsGas } from './court-link.ts'

const WEI_PER_COIN = 10n ** 18n
const amount = fc.bigInt({ min: 0n, max: 10n ** 24n })

test('a call pays its gas from exactly its cost in tokens on', () => {
  const price = fc.record({ feePerGas: amount, unitsPerCoin: amount })
  fc.assert(
    fc.property(
      amount,
      fc.bigInt({ min: 1n, max: 10n ** 7n }),
      price,
      (units, gas, { feePerGas, unitsPerCoin }) => {
        const costE18 = gas * feePerGas * unitsPerCoin
        const cost = (costE18 + WEI_PER_COIN - 1n) / WEI_PER_COIN
        expect(paysItsGas(units, gas, { feePerGas, unitsPerCoin })).toBe(units >= cost)
      },
    ),
  )
})

test('gas costs nothing on development networks, and a thousand tokens a coin elsewhere unless told', () => {
  expect(defaultUnitsPerCoin({ dev: true, tokenDecimals: 18 })).toBe(0n)
  expect(defaultUnitsPerCoin({ dev: false, tokenDecimals: 6 })).toBe(1_000_000_000n)
})
