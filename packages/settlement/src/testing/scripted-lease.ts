import { type Hex, leaseOf, type NetworkId, type Quote, signStruct } from '@souk/protocol'
import { type LeaseOrder, leaseCall } from '../lease-call.ts'
import type { LeaseCase } from '../lease-settler.ts'
import type { LeaseCall } from '../lease-transactions.ts'

/** What signs for both sides. */
export interface ScriptKeys {
  readonly network: NetworkId
  readonly providerKey: Uint8Array
  readonly requesterKey: Uint8Array
}

/** Base units that the script redeems while a lease runs, and pays in all. */
export const REDEEMED = 700n
export const AGREED = 900n

/** A lease that is opened, redeemed once and closed by agreement, each step as soon as the chain shows the last. */
export function scriptedLease(keys: ScriptKeys, quote: Quote, told: (status: string) => void): LeaseCase {
  const lease = leaseOf(keys.network, quote)
  return {
    lease,
    seen: ({ status }) => told(status),
    next({ status, paid }) {
      if (status === 'none') return leaseCall(lease, orderOf(keys, quote, 'open'))
      if (status !== 'open') return null
      return leaseCall(lease, orderOf(keys, quote, paid < REDEEMED ? 'redeem' : 'closeCooperative'))
    },
  }
}

function orderOf(keys: ScriptKeys, quote: Quote, call: LeaseCall['call']): LeaseOrder {
  const { network, providerKey, requesterKey } = keys
  const lease = leaseOf(network, quote)
  const voucher = { cumulative: REDEEMED, ackFrom: 1, ackUntil: 2 }
  const close = { lease, paid: AGREED }
  const both = (a: Hex, b: Hex) => ({ providerSignature: a, requesterSignature: b })
  const signatures =
    call === 'closeCooperative'
      ? both(
          signStruct(providerKey, network, 'Close', close),
          signStruct(requesterKey, network, 'Close', close),
        )
      : both(
          signStruct(providerKey, network, 'Quote', quote),
          signStruct(requesterKey, network, 'Open', { lease }),
        )
  const signature = signStruct(requesterKey, network, 'Voucher', { lease, ...voucher })
  return { call, mayWait: false, quote, ...signatures, voucher: { ...voucher, signature }, paid: AGREED }
}
