import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Budget } from './budget.ts'

const amount = fc.bigInt({ min: 0n, max: 1_000n })
const lease = fc.nat(4).map((n): Hex => `0x0${n}`)
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), lease, amount }),
  fc.record({ kind: fc.constant('unreserve' as const), lease }),
)

test('what is set aside never exceeds the balance, and comes back once', () => {
  fc.assert(
    fc.property(amount, fc.array(step, { maxLength: 30 }), (balance, steps) => {
      const budget = new Budget()
      budget.update(balance)
      const set = new Map<Hex, bigint>()
      const left = () => [...set.values()].reduce((rest, one) => rest - one, balance)
      for (const one of steps) {
        if (one.kind === 'unreserve') {
          budget.unreserve(one.lease)
          set.delete(one.lease)
        } else if (!set.has(one.lease) && one.amount > left()) {
          expect(() => budget.reserve(one.lease, one.amount)).toThrowError(
            expect.objectContaining({ code: 'NOT_ENOUGH_BALANCE' }),
          )
        } else if (!set.has(one.lease)) {
          budget.reserve(one.lease, one.amount)
          set.set(one.lease, one.amount)
        }
        expect(budget.available).toBe(left())
        expect(budget.available).toBeGreaterThanOrEqual(0n)
      }
    }),
  )
})
