import { earnestOf, redeemable } from '@souk/engine'
import type { Quote } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextStep } from './reserve-decide.ts'

const [FROM, CLAIM_BY, UNTIL] = [1_000, 1_600, 2_000]
const fee = fc.bigInt({ min: 2n, max: 2n ** 96n - 1n })

/** Only what the money of a reservation depends on. */
function quoteOf(startFee: bigint): Quote {
  return { startFee, deposit: startFee, rate: 0n, prepay: 0 } as Quote
}

function held(
  startFee: bigint,
  change: { claimed?: boolean; broke?: boolean; paid?: bigint; phase?: 'active' | 'closing' } = {},
) {
  const { claimed = false, broke = false, paid = 0n, phase = 'active' } = change
  const terms = { hold: { from: FROM, claimBy: CLAIM_BY, until: UNTIL } }
  const purchase = { phase, quote: quoteOf(startFee), terms }
  return { purchase, record: { claimed, broke }, paid } as Parameters<typeof nextStep>[0]
}

describe('the money of a reservation', () => {
  test('is half of the fee for whoever is let down, to one base unit', () => {
    fc.assert(
      fc.property(fee, (startFee) => {
        const earnest = earnestOf({ startFee })
        // What the requester has promised before it had anything, and what its provider never gets if it does not come.
        expect(earnest * 2n - startFee).toBeLessThanOrEqual(1n)
        expect(startFee - earnest).toBeLessThanOrEqual(earnest)
      }),
    )
  })

  test('is paid by the escrow as promised from its opening on, and never more', () => {
    fc.assert(
      fc.property(fee, fee, fc.nat(10 ** 6), (startFee, cumulative, elapsedSeconds) => {
        const paid = redeemable(quoteOf(startFee), cumulative, elapsedSeconds)
        expect(paid).toBe(cumulative < startFee ? cumulative : startFee)
      }),
    )
  })

  test('is promised beyond the half only once its capacity was had', () => {
    const seconds = fc.integer({ min: 0, max: 3_000 })
    fc.assert(
      fc.property(fee, fc.boolean(), seconds, (startFee, claimed, now) => {
        const due = claimed ? startFee : earnestOf({ startFee })
        const step = nextStep(held(startFee, { claimed, paid: due }), now)
        expect(step).toBe(now >= UNTIL || (!claimed && now >= CLAIM_BY) ? 'close' : 'wait')
        const before = nextStep(held(startFee, { claimed, paid: due - 1n }), now)
        expect(before).toBe(step === 'close' ? 'close' : 'pay')
      }),
    )
  })

  test('is settled by signature where the provider answers, and without it after a while', () => {
    expect(nextStep(held(10n, { phase: 'closing' }), FROM)).toBe('settle')
    expect(nextStep(held(10n, { phase: 'closing' }), UNTIL + 599)).toBe('settle')
    expect(nextStep(held(10n, { phase: 'closing' }), UNTIL + 600)).toBe('give-up')
    // Its agreement would waive the bond of who was away.
    expect(nextStep(held(10n, { phase: 'closing', broke: true }), FROM)).toBe('give-up')
  })
})
