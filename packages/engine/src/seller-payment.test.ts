import { describe, expect, it } from 'vitest'
import { acknowledged, vouchers } from './records.ts'
import { onVoucher } from './seller-payment.ts'
import type { SellerEffect } from './seller-state.ts'
import { sellerLease } from './seller-state.ts'
import { contextOf, leaseRows, quoteOf } from './testing/parties.ts'

const BUYER = contextOf(1, 1)
const SELLER = contextOf(2, 2)

/** A lease whose seller is given vouchers over these blocks, each worth one unit more. */
function given(...stretches: readonly (readonly [from: number, until: number])[]): Map<string, unknown> {
  const { sale } = leaseRows(BUYER, SELLER, quoteOf(BUYER, SELLER, 1))
  const state = sellerLease(sale, { number: 1, timestampSeconds: 1 }, 1, 0)
  const effects: SellerEffect[] = stretches.flatMap(([ackFrom, ackUntil], i) => {
    const stated = { cumulative: BigInt(i + 1), ackFrom, ackUntil }
    const signature = BUYER.signer.sign('Voucher', { lease: sale.lease, ...stated })
    return onVoucher(SELLER, state, { t: 'voucher', ack: 0, ...stated, signature }, 0)
  })
  const writes = effects.flatMap((effect) => (effect.do === 'persist' ? effect.writes : []))
  return new Map(
    writes.map(({ table, key, value }) => [
      `${table}/${key.slice(sale.lease.length)}`,
      value === null ? null : vouchers.codec.decode(value),
    ]),
  )
}

describe('a provider', () => {
  it('keeps the newest voucher, and the last one of every earlier stretch', () => {
    const rows = given([5, 7], [5, 9], [20, 21], [30, 33])
    expect(rows.get('vouchers/')).toMatchObject({ ackFrom: 30, ackUntil: 33 })
    expect(rows.get(`${acknowledged.table}//00`)).toMatchObject({ ackFrom: 5, ackUntil: 9 })
    expect(rows.get(`${acknowledged.table}//01`)).toMatchObject({ ackFrom: 20, ackUntil: 21 })
    expect(rows.size).toBe(3)
  })

  it('keeps what a later voucher acknowledges less of', () => {
    const rows = given([0, 1_600], [0, 0], [0, 700])
    expect(rows.get(`${acknowledged.table}//00`)).toMatchObject({ ackFrom: 0, ackUntil: 1_600 })
    expect(rows.size).toBe(2)
  })

  it('keeps none that acknowledges nothing, and of too many the longest', () => {
    expect(given([0, 0], [8, 9]).size).toBe(1)
    const short = Array.from({ length: 100 }, (_, i) => [10_000 + 10 * i, 10_000 + 10 * i + 2] as const)
    const rows = given([0, 1_600], ...short, [20_000, 20_500], [30_000, 30_001])
    expect(rows.size).toBe(1 + 64)
    const kept = [...rows].flatMap(([name, row]) => (name.startsWith('acknowledged') ? [row] : []))
    expect(kept).toContainEqual(expect.objectContaining({ ackFrom: 0, ackUntil: 1_600 }))
    expect(kept).toContainEqual(expect.objectContaining({ ackFrom: 20_000 }))
  })
})
