import type { Hex } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { type Funds, lockableFunds, shortageOf } from './funds.ts'

const amount = fc.bigInt({ min: 0n, max: 1_000n })
const lease = fc.nat(4).map((n): Hex => `0x0${n}`)
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), lease, amount }),
  fc.record({ kind: fc.constant('unreserve' as const), lease }),
)
const funds: fc.Arbitrary<Funds> = fc.record({
  free: amount,
  limitLeft: fc.option(amount),
  expirySeconds: fc.option(fc.nat(20)),
  atSeconds: fc.nat(20),
  block: fc.nat(),
})

test('what is set aside never exceeds what may be locked, and comes back once', () => {
  fc.assert(
    fc.property(funds, fc.array(step, { maxLength: 30 }), (shown, steps) => {
      const budget = new Budget()
      budget.update(shown)
      const most = lockableFunds(shown)
      const set = new Map<Hex, bigint>()
      const left = () => [...set.values()].reduce((rest, one) => rest - one, most)
      const isExpired = shown.expirySeconds !== null && shown.atSeconds >= shown.expirySeconds
      for (const one of steps) {
        if (one.kind === 'unreserve') {
          budget.unreserve(one.lease)
          set.delete(one.lease)
        } else if (!set.has(one.lease) && (isExpired || one.amount > left())) {
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

describe('what is missing', () => {
  const plenty: Funds = { free: 50n, limitLeft: 50n, expirySeconds: 10, atSeconds: 1, block: 1 }

  test.each([
    ['nothing', plenty, null],
    ['the balance', { ...plenty, free: 30n }, { lacks: 'balance', needed: 40n, available: 20n }],
    ['the limit', { ...plenty, limitLeft: 30n }, { lacks: 'limit', needed: 40n, available: 20n }],
    ['the key', { ...plenty, expirySeconds: 1 }, { lacks: 'expiry', needed: 40n, available: 0n }],
    ['more than is promised', { ...plenty, free: 5n }, { lacks: 'balance', needed: 40n, available: 0n }],
  ] as const)('is %s', (_what, shown, expected) => {
    expect(shortageOf(shown, 10n, 40n)).toEqual(expected)
  })

  test('more money, limit or time never make anything missing', () => {
    fc.assert(
      fc.property(funds, amount, amount, amount, fc.nat(20), (shown, promised, needed, more, later) => {
        if (shortageOf(shown, promised, needed) !== null) return
        const { free, limitLeft, expirySeconds } = shown
        const better = {
          ...{ ...shown, free: free + more, limitLeft: limitLeft === null ? null : limitLeft + more },
          expirySeconds: expirySeconds === null ? null : expirySeconds + later,
        }
        expect(shortageOf(better, promised, needed)).toBeNull()
      }),
    )
  })
})
