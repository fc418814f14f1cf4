import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budgetError } from './budget.ts'
import { noLease, shortageIn } from './job-error.ts'

const short = (needed: bigint) => budgetError({ lacks: 'balance', needed, available: 3n })
const refusal = new Error('no room')

describe('why there is no lease', () => {
  test.each([
    ['the cheapest', 1, [short(9n), refusal, short(7n)], 7n],
    ['the two cheapest', 2, [short(9n), short(7n), short(8n)], 15n],
    ['as much again where nobody else was asked', 3, [short(7n), short(9n)], 25n],
  ])('is what %s would cost', (_what, count, failures, needed) => {
    expect(shortageIn(failures, count)).toEqual({ lacks: 'balance', needed, available: 3n })
  })

  test('is no money where nobody would lease', () => {
    expect(shortageIn([refusal])).toBeNull()
    expect(noLease([refusal])).toMatchObject({ code: 'NO_LEASE' })
    expect(noLease([refusal, short(1n)])).toMatchObject({ code: 'NOT_ENOUGH_BALANCE' })
  })

  test('is never more than any leases of as many providers cost', () => {
    const costs = fc.array(fc.bigInt({ min: 1n, max: 99n }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 8 }), (list, count) => {
        const { needed = 0n } = shortageIn(list.map(short), count) ?? {}
        const some = list.slice(0, count)
        const most = list.reduce((a, b) => (a > b ? a : b))
        const paid = some.reduce((sum, one) => sum + one, BigInt(count - some.length) * most)
        expect(needed).toBeLessThanOrEqual(paid)
      }),
    )
  })
})
