import type { Quote } from '@souk/protocol'
import { redeemable } from './payment.ts'
import type { Head } from './program.ts'
import type { Purchase, Sale, VoucherRow } from './records.ts'
import { type ChainLease, mayWait, nextCall, type SettlementCall } from './settle.ts'

/** Everything a transaction for a lease is made of; the shell turns it into calldata. */
export interface SettlementOrder {
  readonly call: SettlementCall
  /** A redemption of a lease that runs: sent when enough is exposed, repeated at every look until then. */
  readonly mayWait: boolean
  readonly quote: Quote
  readonly providerSignature: `0x${string}`
  readonly requesterSignature: `0x${string}`
  /** For `redeem`. */
  readonly voucher: VoucherRow | null
  /** For `closeCooperative`. */
  readonly paid: bigint
}

/** What a side remembers of a lease between two looks at the chain. */
export interface SettlementMemory {
  phase: Purchase['phase'] | null
  /** Head when the lease was first seen in `phase`. */
  sinceBlock: number
  last: { call: SettlementCall; block: number } | null
  /** The other side's key has no coins for transactions. */
  peerIsBroke: boolean
}

/** Starts with nothing sent. */
export function newMemory(): SettlementMemory {
  return { phase: null, sinceBlock: 0, last: null, peerIsBroke: false }
}

/**
 * Returns the requester's order for a purchase, or `null`; remembers it so that it is not sent at each look. While
 * `holds`, evidence is gathered for the court, and the lease is not closed.
 */
export function orderPurchase(
  purchase: Purchase,
  voucher: VoucherRow | null,
  chain: ChainLease,
  head: Head,
  memory: SettlementMemory,
  holds = false,
): SettlementOrder | null {
  const { providerSignature, agreement } = purchase
  const close = {
    providerSignature: agreement?.peer ?? '0x',
    requesterSignature: agreement?.own ?? '0x',
  } as const
  const record = { ...purchase, providerSignature: providerSignature ?? '0x' } as const
  return order({ side: 'requester', record, close, voucher, chain, head, memory, holds })
}

/** Returns the provider's order for a sale, or `null`. */
export function orderSale(
  sale: Sale,
  voucher: VoucherRow | null,
  chain: ChainLease,
  head: Head,
  memory: SettlementMemory,
): SettlementOrder | null {
  const { agreement } = sale
  const close = {
    providerSignature: agreement?.own ?? '0x',
    requesterSignature: agreement?.peer ?? '0x',
  } as const
  return order({ side: 'provider', record: sale, close, voucher, chain, head, memory, holds: false })
}

type Signatures = Pick<SettlementOrder, 'providerSignature' | 'requesterSignature'>

interface Look {
  readonly side: 'requester' | 'provider'
  readonly record: Pick<Sale, 'phase' | 'quote' | 'openSignature' | 'agreement' | 'providerSignature'>
  /** Signatures over `Close`. */
  readonly close: Signatures
  readonly voucher: VoucherRow | null
  readonly chain: ChainLease
  readonly head: Head
  readonly memory: SettlementMemory
  readonly holds: boolean
}

function order({ side, record, close, voucher, chain, head, memory, holds }: Look): SettlementOrder | null {
  const { phase, quote, agreement, providerSignature, openSignature } = record
  if (memory.phase !== phase) Object.assign(memory, { phase, sinceBlock: head.number })
  const standing = {
    side,
    phase,
    openBefore: quote.openBefore,
    agreement,
    cumulative: voucher?.cumulative ?? 0n,
    redeemable: redeemable(quote, voucher?.cumulative ?? 0n, chain.elapsedSeconds),
    ...{ chain, holds },
    ...{ last: memory.last, peerIsBroke: memory.peerIsBroke },
  }
  const call = nextCall(standing, head, memory.sinceBlock)
  if (call === null || (call === 'open' && providerSignature === '0x')) return null
  const waits = mayWait(standing, call)
  if (!waits) memory.last = { call, block: head.number }
  const signatures = call === 'open' ? { providerSignature, requesterSignature: openSignature } : close
  return { call, mayWait: waits, quote, voucher, paid: agreement?.paid ?? 0n, ...signatures }
}
