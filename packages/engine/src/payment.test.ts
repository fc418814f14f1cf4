import type { Quote } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chainTime, closingAmount, owed, PAYMENT, payable, voucherAmount } from './payment.ts'
import { contextOf, quoteOf } from './testing/parties.ts'

const BUYER = contextOf(1, 1)
const SELLER = contextOf(2, 1)

const quote: fc.Arbitrary<Quote> = fc
  .record({
    rate: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })),
    startFee: fc.bigInt({ min: 0n, max: 2n ** 95n }),
    more: fc.bigInt({ min: 0n, max: 2n ** 95n }),
    prepay: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ more, ...fields }) => quoteOf(BUYER, SELLER, 1, { ...fields, deposit: fields.startFee + more }))

const servedMs = fc.integer({ min: 0, max: 3_600_000 })
const opening = fc.option(
  fc.record({ block: fc.constant(1), timestampSeconds: fc.integer({ min: 0, max: 9_000 }) }),
)
const time = fc.record({ timestampSeconds: fc.integer({ min: 0, max: 20_000 }) })

/** The escrow's cap, written down as in Escrow.sol: min(deposit, startFee + ⌊rate × (elapsed + prepay) / 1e12⌋). */
function escrowCap(given: Quote, elapsedSeconds: number): bigint {
  const cap = given.startFee + (given.rate * BigInt(elapsedSeconds + given.prepay)) / 10n ** 12n
  return cap < given.deposit ? cap : given.deposit
}

describe('amounts', () => {
  test('never exceed the deposit, the cap of the escrow, or the service with what is paid ahead', () => {
    fc.assert(
      fc.property(quote, servedMs, opening, time, (given, served, opened, now) => {
        const amount = voucherAmount(given, served, opened, now)
        const elapsed = opened === null ? 0 : Math.max(0, now.timestampSeconds - opened.timestampSeconds)
        expect(amount).toBeLessThanOrEqual(escrowCap(given, elapsed))
        expect(amount).toBeLessThanOrEqual(given.deposit)
        const service = given.startFee + (given.rate * BigInt(served)) / 10n ** 15n
        const lost = amount > service ? amount - service : 0n
        expect(lost).toBeLessThanOrEqual((given.rate * BigInt(given.prepay)) / 10n ** 12n + 1n)
      }),
    )
  })

  test('agree with the escrow to the unit', () => {
    fc.assert(
      fc.property(quote, opening, time, (given, opened, now) => {
        const elapsed = opened === null ? 0 : Math.max(0, now.timestampSeconds - opened.timestampSeconds)
        expect(payable(given, opened, now)).toBe(escrowCap(given, elapsed))
      }),
    )
  })

  test('rise with service and with time', () => {
    fc.assert(
      fc.property(
        quote,
        servedMs,
        fc.nat(100_000),
        opening,
        time,
        fc.nat(1_000),
        (given, a, more, opened, t, later) => {
          const now = voucherAmount(given, a, opened, t)
          const then = voucherAmount(given, a + more, opened, {
            timestampSeconds: t.timestampSeconds + later,
          })
          expect(then).toBeGreaterThanOrEqual(now)
        },
      ),
    )
  })

  test('at the close are what was promised, or the service if it is more and the escrow would pay it', () => {
    fc.assert(
      fc.property(
        quote,
        servedMs,
        fc.bigInt({ min: 0n, max: 2n ** 96n }),
        opening,
        time,
        (given, served, promised, opened, now) => {
          const cap = payable(given, opened, now)
          const amount = closingAmount(given, served, promised, cap)
          expect(amount).toBeGreaterThanOrEqual(promised)
          if (amount > promised) {
            expect(amount).toBeLessThanOrEqual(cap)
            expect(amount).toBeLessThanOrEqual(owed(given, served))
          }
        },
      ),
    )
  })

  test('go by the time of the chain, which passes between blocks', () => {
    const head = { number: 5, timestampSeconds: 100 }
    expect(chainTime(head, 1_000, 3_999)).toEqual({ timestampSeconds: 102 })
    expect(chainTime(head, 1_000, 500)).toEqual({ timestampSeconds: 100 })
  })

  test('are paid ahead by less than a provider waits for, and a pause is shorter than the absence of a payer', () => {
    expect(PAYMENT.aheadSeconds * 1000).toBeGreaterThan(PAYMENT.voucherMs)
    expect(PAYMENT.unsecuredSeconds * 1000).toBeGreaterThan(PAYMENT.voucherMs + PAYMENT.beatGapMs)
  })
})
