import type { Hex, Quote } from '@souk/protocol'
import { escrowData, type Opening, type Redemption } from './escrow-calls.ts'

/** One transaction for one lease, as its side decided. */
export type LeaseCall =
  | { readonly call: 'open'; readonly opening: Opening }
  | {
      readonly call: 'redeem'
      readonly redemption: Redemption
      /** The lease runs: the voucher is redeemed when enough is exposed. */
      readonly mayWait: boolean
    }
  | {
      readonly call: 'closeCooperative'
      readonly quote: Quote
      readonly paid: bigint
      readonly provider: Hex
      readonly requester: Hex
    }
  | { readonly call: 'startClose' | 'finalize'; readonly quote: Quote }

/** A call and the lease it is for. */
export interface DueCall {
  readonly lease: Hex
  readonly call: LeaseCall
}

/** What a transaction for leases says to the sender. */
export interface LeaseTransaction {
  readonly purpose: string
  readonly data: Hex
  readonly parts: readonly string[]
}

/** Openings or redemptions in one transaction: ten already cost little more than half a one each. */
const BATCH = 32

/** Names what a call does: the same again is not sent while the first is under way. */
export function partOf({ lease, call }: DueCall): string {
  const amount = call.call === 'redeem' ? `/${call.redemption.voucher.cumulative}` : ''
  return `${call.call}/${lease}${amount}`
}

/** Names the redeeming of whatever voucher of a lease. */
export function redeemPart(lease: Hex): string {
  return `redeem/${lease}`
}

/** Joins openings, and redemptions, into batches; the escrow skips those of a batch that fail. */
export function* leaseTransactions(due: readonly DueCall[]): Generator<LeaseTransaction> {
  for (const some of batches(due, 'open')) {
    const openings = some.flatMap(({ call }) => (call.call === 'open' ? [call.opening] : []))
    const [only] = openings
    const parts = some.map(partOf)
    if (openings.length === 1 && only !== undefined)
      yield { purpose: 'open a lease', data: escrowData.open(only), parts }
    else yield { purpose: `open ${some.length} leases`, data: escrowData.openMany(openings), parts }
  }
  for (const some of batches(due, 'redeem')) {
    const redemptions = some.flatMap(({ call }) => (call.call === 'redeem' ? [call.redemption] : []))
    const [only] = redemptions
    const parts = some.flatMap((one) => [redeemPart(one.lease), partOf(one)])
    if (redemptions.length === 1 && only !== undefined)
      yield { purpose: 'redeem a voucher', data: escrowData.redeem(only), parts }
    else yield { purpose: `redeem ${some.length} vouchers`, data: escrowData.redeemMany(redemptions), parts }
  }
  for (const one of due) {
    const ending = endingOf(one.call)
    if (ending !== null) yield { ...ending, parts: [partOf(one)] }
  }
}

function endingOf(call: LeaseCall): Omit<LeaseTransaction, 'parts'> | null {
  switch (call.call) {
    case 'closeCooperative': {
      const data = escrowData.closeCooperative(call.quote, call.paid, call.provider, call.requester)
      return { purpose: 'close a lease', data }
    }
    case 'startClose':
      return { purpose: 'end a lease', data: escrowData.startClose(call.quote) }
    case 'finalize':
      return { purpose: 'finalize a lease', data: escrowData.finalize(call.quote) }
    default:
      return null
  }
}

function batches(due: readonly DueCall[], name: LeaseCall['call']): DueCall[][] {
  const some = due.filter(({ call }) => call.call === name)
  const count = Math.ceil(some.length / BATCH)
  return Array.from({ length: count }, (_, i) => some.slice(i * BATCH, (i + 1) * BATCH))
}
