import { expect, test } from 'vitest'
import { bondOf } from './bond.ts'

const prices = { startFee: 5n, coreSecondE12: 10n ** 12n, gibSecondE12: 1n, gpuSecondE12: 0n }
const free = { millicores: 1_500, memoryBytes: 1024 ** 3, diskBytes: 0, gpus: [] }

test('an offer is bonded by a minute of all that it offers, rounded up', () => {
  expect(bondOf({ prices, free })).toBe(5n + 90n + 1n)
})

test('an offer that is leased out needs its start fee alone', () => {
  expect(bondOf({ prices, free: { ...free, millicores: 0, memoryBytes: 0 } })).toBe(5n)
})
