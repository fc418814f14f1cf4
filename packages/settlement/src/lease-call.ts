import type { Hex, Quote, Voucher } from '@souk/protocol'
import type { LeaseCall } from './lease-transactions.ts'

/** A decision about one lease, with everything that any of the calls may need. */
export interface LeaseOrder {
  readonly call: LeaseCall['call']
  /** For `redeem`: the lease runs, so that it may wait until enough is exposed. */
  readonly mayWait: boolean
  readonly quote: Quote
  /** Over the quote for `open`, over the close for `closeCooperative`. */
  readonly providerSignature: Hex
  readonly requesterSignature: Hex
  readonly voucher: (Omit<Voucher, 'lease'> & { readonly signature: Hex }) | null
  /** Base units, for `closeCooperative`. */
  readonly paid: bigint
}

/** Turns a decision into the call that carries it out; `null` where a voucher is missing. */
export function leaseCall(lease: Hex, order: LeaseOrder | null): LeaseCall | null {
  if (order === null) return null
  const { call, mayWait, quote, providerSignature, requesterSignature, voucher, paid } = order
  switch (call) {
    case 'open':
      return { call, opening: { quote, providerSignature, requesterSignature } }
    case 'closeCooperative':
      return { call, quote, paid, provider: providerSignature, requester: requesterSignature }
    case 'redeem': {
      if (voucher === null) return null
      const { signature, cumulative, ackFrom, ackUntil } = voucher
      return {
        call,
        mayWait,
        redemption: { quote, voucher: { lease, cumulative, ackFrom, ackUntil }, signature },
      }
    }
    default:
      return { call, quote }
  }
}
