import { describe, expect, test } from 'vitest'
import { newMemory, orderPurchase, orderSale } from './lease-case.ts'
import type { Agreement } from './records.ts'
import { nextCall, type SettlementCall, type Standing } from './settle.ts'
import { contextOf, leaseRows, numbered, quoteOf } from './testing/parties.ts'

/** Seconds of chain time, at 900, before which it is late to open: half of the 300 are over. */
const LATE = 1_050
const SIGNED = numbered(1, 64)
const HALF: Agreement = { paid: 70n, own: SIGNED, peer: null }
const AGREED: Agreement = { ...HALF, peer: SIGNED }

const BASE: Standing = {
  side: 'requester',
  phase: 'active',
  openBefore: 10_000,
  agreement: null,
  cumulative: 50n,
  chain: { status: 'open', paid: 0n },
  last: null,
}

/** A standing, how many blocks the lease is in its phase, and the call that follows. */
type Row = [name: string, standing: Partial<Standing>, blocks: number, call: SettlementCall | null]

const none = { status: 'none', paid: 0n } as const
const ended = { status: 'ended', paid: 0n } as const
const finalizable = { status: 'finalizable', paid: 0n } as const
const paidOut = { status: 'finalizable', paid: 50n } as const

const ROWS: Row[] = [
  ['the requester opens', { chain: none }, 0, 'open'],
  ['the provider opens what stays away', { side: 'provider', chain: none }, 20, 'open'],
  ['the provider leaves it to the requester at first', { side: 'provider', chain: none }, 19, null],
  [
    'and does so too when half of the time is over',
    { side: 'provider', chain: none, openBefore: LATE },
    0,
    'open',
  ],
  ['nobody opens what was only accepted', { phase: 'accepted', chain: none, cumulative: 0n }, 99, null],
  ['nobody opens too late', { chain: none, openBefore: 500 }, 99, null],
  ['a lost lease with a voucher is opened', { phase: 'lost', chain: none }, 0, 'open'],
  ['a lost lease without one is not', { phase: 'lost', chain: none, cumulative: 0n }, 99, null],
  ['a lease that runs is left alone', {}, 99, null],
  ['the requester closes what was agreed', { phase: 'closed', agreement: AGREED }, 0, 'closeCooperative'],
  ['the provider waits for that', { side: 'provider', phase: 'closed', agreement: AGREED }, 19, null],
  [
    'and does it itself in the end',
    { side: 'provider', phase: 'closed', agreement: AGREED },
    20,
    'closeCooperative',
  ],
  ['the requester ends what was not agreed', { phase: 'lost' }, 0, 'startClose'],
  ['also where only it has signed', { phase: 'lost', agreement: HALF }, 0, 'startClose'],
  ['the provider redeems what was not agreed', { side: 'provider', phase: 'closed' }, 0, 'redeem'],
  [
    'then ends it',
    { side: 'provider', phase: 'closed', chain: { status: 'open', paid: 50n } },
    20,
    'startClose',
  ],
  ['the provider redeems within SETTLE', { side: 'provider', phase: 'closed', chain: ended }, 0, 'redeem'],
  [
    'and before a close that may fail',
    { side: 'provider', phase: 'closed', chain: ended, agreement: AGREED },
    99,
    'redeem',
  ],
  [
    'the requester still closes at once',
    { phase: 'closed', chain: ended, agreement: AGREED },
    0,
    'closeCooperative',
  ],
  ['the requester waits for SETTLE', { phase: 'closed', chain: ended }, 99, null],
  ['the provider redeems last', { side: 'provider', phase: 'closed', chain: finalizable }, 0, 'redeem'],
  ['the requester finalizes', { phase: 'closed', chain: paidOut }, 0, 'finalize'],
  [
    'the provider finalizes what is left',
    { side: 'provider', phase: 'closed', chain: paidOut },
    20,
    'finalize',
  ],
  ['nothing is left to do', { phase: 'closed', chain: { status: 'closed', paid: 50n } }, 99, null],
]

describe('settling', () => {
  test.each(ROWS)('%s', (_, standing, blocks, call) => {
    const head = { number: 100, timestampSeconds: 900 }
    expect(nextCall({ ...BASE, ...standing }, head, 100 - blocks)).toBe(call)
  })

  test('repeats a call without effect after some blocks only', () => {
    const last = { call: 'open', block: 95 } as const
    const standing = { ...BASE, chain: none, last }
    expect(nextCall(standing, { number: 104, timestampSeconds: 900 }, 90)).toBeNull()
    expect(nextCall(standing, { number: 105, timestampSeconds: 900 }, 90)).toBe('open')
  })

  test('lets the provider redeem when the escrow refuses the agreed close', () => {
    const last = { call: 'closeCooperative', block: 100 } as const
    const standing: Standing = { ...BASE, side: 'provider', phase: 'closed', agreement: AGREED, last }
    expect(nextCall(standing, { number: 109, timestampSeconds: 900 }, 60)).toBeNull()
    expect(nextCall(standing, { number: 110, timestampSeconds: 900 }, 60)).toBe('redeem')
  })
})

describe('a settlement order', () => {
  const buyer = contextOf(1, 1)
  const seller = contextOf(2, 1)
  const { purchase, sale } = leaseRows(buyer, seller, quoteOf(buyer, seller, 1))
  const own = numbered(5, 64)
  const peer = numbered(6, 64)
  const head = { number: 50, timestampSeconds: 900 }

  test('carries both signatures over the quote', () => {
    const bought = { ...purchase, phase: 'active' as const, providerSignature: sale.providerSignature }
    expect(orderPurchase(bought, null, none, head, newMemory())).toMatchObject({
      call: 'open',
      providerSignature: sale.providerSignature,
      requesterSignature: purchase.openSignature,
    })
  })

  test('is not made without the provider’s signature', () => {
    expect(orderPurchase({ ...purchase, phase: 'active' }, null, none, head, newMemory())).toBeNull()
  })

  test('carries the signatures over the close, each in its place', () => {
    const closing = { phase: 'closed' as const, agreement: { paid: 9n, own, peer } }
    const bought = orderPurchase({ ...purchase, ...closing }, null, BASE.chain, head, newMemory())
    expect(bought).toMatchObject({
      call: 'closeCooperative',
      paid: 9n,
      providerSignature: peer,
      requesterSignature: own,
    })
    const memory = newMemory()
    orderSale({ ...sale, ...closing }, null, BASE.chain, head, memory)
    const later = { number: 70, timestampSeconds: 900 }
    const sold = orderSale({ ...sale, ...closing }, null, BASE.chain, later, memory)
    expect(sold).toMatchObject({ call: 'closeCooperative', providerSignature: own, requesterSignature: peer })
  })

  test('is not repeated at each look', () => {
    const memory = newMemory()
    const closing = { ...purchase, phase: 'lost' as const }
    expect(orderPurchase(closing, null, BASE.chain, head, memory)?.call).toBe('startClose')
    expect(orderPurchase(closing, null, BASE.chain, { ...head, number: 51 }, memory)).toBeNull()
  })
})
