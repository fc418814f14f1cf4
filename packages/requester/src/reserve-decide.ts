import { earnestOf, type HoldRecord, type Purchase, type VoucherRow } from '@souk/engine'

/** Milliseconds until a provider that did not answer about a reservation is asked again. */
export const RETRY_MS = 5_000
/** Seconds after the end of a reservation for which its provider's agreement is asked; the chain does the rest. */
const AGREE_SECONDS = 600

/** A reservation as its requester keeps it. */
export interface Held {
  readonly purchase: Purchase
  voucher: VoucherRow | null
  readonly record: HoldRecord
  /** Base units that the provider says it has a voucher for. */
  paid: bigint
  /** Monotonic time before which its provider is not asked again. */
  atMs: number
  isBusy: boolean
}

/**
 * What is due: tell the provider of a voucher, sign the end, ask for its agreement to that, or do without. Nobody uses
 * a reservation after its time, and one that was not used by `claimBy` is let go.
 */
export function nextStep(
  { purchase, record, paid }: Pick<Held, 'purchase' | 'record' | 'paid'>,
  nowSeconds: number,
): 'wait' | 'pay' | 'close' | 'settle' | 'give-up' {
  const { hold } = purchase.terms
  const { quote, phase } = purchase
  const until = hold?.until ?? 0
  // What is agreed waives the bond of a provider that was away.
  if (phase === 'closing') return record.broke || nowSeconds >= until + AGREE_SECONDS ? 'give-up' : 'settle'
  if (phase !== 'active') return 'wait'
  const isLate = !record.claimed && nowSeconds >= (hold?.claimBy ?? 0)
  if (nowSeconds >= until || isLate) return 'close'
  return paid < (record.claimed ? quote.startFee : earnestOf(quote)) ? 'pay' : 'wait'
}
