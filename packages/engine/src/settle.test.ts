import { describe, expect, test } from 'vitest'
import { newMemory, orderPurchase, orderSale } from './lease-case.ts'
import { redeemable } from './payment.ts'
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
  redeemable: 50n,
  chain: { status: 'open', paid: 0n, elapsedSeconds: 10 },
  holds: false,
  last: null,
}

/** A standing, how many blocks the lease is in its phase, and the call that follows. */
type Row = [name: string, standing: Partial<Standing>, blocks: number, call: SettlementCall | null]

const none = { status: 'none', paid: 0n, elapsedSeconds: 0 } as const
const ended = { status: 'ended', paid: 0n, elapsedSeconds: 10 } as const
const finalizable = { status: 'finalizable', paid: 0n, elapsedSeconds: 10 } as const
const paidOut = { status: 'finalizable', paid: 50n, elapsedSeconds: 10 } as const

const ROWS: Row[] = [
  ['the requester opens', { chain: none }, 0, 'open'],
  ['the provider opens what stays away', { side: 'provider', chain: none }, 20, 'open'],
  ['the provider leaves it to the requester at first', { side: 'provider', chain: none }, 19, null],
  ['but not to one without coins', { side: 'provider', chain: none, peerIsBroke: true }, 0, 'open'],
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
  ['a lost lease is not ended while evidence is gathered', { phase: 'lost', holds: true }, 99, null],
  ['nor is one closed in agreement', { phase: 'closed', agreement: AGREED, holds: true }, 99, null],
  ['nor after its end', { phase: 'closed', agreement: AGREED, holds: true, chain: ended }, 99, null],
  ['but it is finalized in its time', { phase: 'lost', holds: true, chain: finalizable }, 0, 'finalize'],
  ['a lease that runs is left alone by the requester', {}, 99, null],
  ['the provider offers to redeem while it runs', { side: 'provider' }, 0, 'redeem'],
  [
    'but nothing that the escrow has paid already',
    { side: 'provider', chain: { status: 'open', paid: 50n, elapsedSeconds: 10 } },
    0,
    null,
  ],
  [
    'the provider does not wait for more than the escrow ever pays',
    { side: 'provider', phase: 'closed', cumulative: 900n, chain: paidOut },
    20,
    'finalize',
  ],
  ['the requester closes what was agreed', { phase: 'closed', agreement: AGREED }, 0, 'closeCooperative'],
  ['the provider waits for that', { side: 'provider', phase: 'closed', agreement: AGREED }, 19, null],
  [
    'but not for one without coins',
    { side: 'provider', phase: 'closed', agreement: AGREED, peerIsBroke: true },
    0,
    'closeCooperative',
  ],
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
    { side: 'provider', phase: 'closed', chain: { status: 'open', paid: 50n, elapsedSeconds: 10 } },
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
  [
    'nothing is left to do',
    { phase: 'closed', chain: { status: 'closed', paid: 50n, elapsedSeconds: 10 } },
    99,
    null,
  ],
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

test('a voucher far beyond the cap costs few transactions, and the lease still ends', () => {
  const cumulative = 1_000_000n
  const calls: SettlementCall[] = []
  let paid = 0n
  let last: Standing['last'] = null
  for (let block = 0; block < 2_000; block += 1) {
    const redeemable = BigInt(100 + 2 * block)
    const status = block < 1_900 ? 'ended' : 'finalizable'
    const chain = { status, paid, elapsedSeconds: 2 * block } as const
    const standing: Standing = {
      ...{ ...BASE, side: 'provider', phase: 'closed' as const, cumulative, redeemable, chain, last },
    }
    const call = nextCall(standing, { number: block, timestampSeconds: 2 * block }, 0)
    if (call === null) continue
    calls.push(call)
    last = { call, block }
    if (call === 'redeem') paid = redeemable
  }
  expect(calls.filter((call) => call === 'redeem').length).toBeLessThan(20)
  expect(calls).toContain('finalize')
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

  test('for a lease that runs is offered at every look, at what the escrow would pay', () => {
    const memory = newMemory()
    const running = { ...sale, phase: 'active' as const }
    const voucher = { cumulative: sale.quote.deposit, ackFrom: 1, ackUntil: 2, signature: own }
    const open = { status: 'open', paid: 0n, elapsedSeconds: 0 } as const
    for (const number of [50, 51]) {
      const order = orderSale(running, voucher, open, { ...head, number }, memory)
      expect(order).toMatchObject({ call: 'redeem', mayWait: true, voucher })
    }
    expect(orderSale({ ...running, phase: 'lost' }, voucher, open, head, memory)?.mayWait).toBe(false)
    expect(orderSale({ ...running, phase: 'lost' }, voucher, open, head, memory)).toBeNull()
    const { quote } = sale
    const paid = redeemable(quote, quote.deposit, 0)
    expect(paid).toBeLessThan(quote.deposit)
    expect(orderSale(running, voucher, { ...open, paid }, head, memory)).toBeNull()
  })

  test('is not repeated at each look', () => {
    const memory = newMemory()
    const closing = { ...purchase, phase: 'lost' as const }
    expect(orderPurchase(closing, null, BASE.chain, head, memory)?.call).toBe('startClose')
    expect(orderPurchase(closing, null, BASE.chain, { ...head, number: 51 }, memory)).toBeNull()
  })
})
