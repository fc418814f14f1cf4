import type { Quote } from '@souk/protocol'
import type { Head } from './program.ts'
import type { Opening } from './records.ts'

const E12_MS = 1_000_000_000_000_000n

/**
 * How vouchers flow. The requester keeps `aheadSeconds` paid ahead, below the quote's `prepay`, so that its
 * loss stays under `startFee + rate × prepay`; the provider pauses once service exceeds the vouchers by
 * `unsecuredSeconds` (DESIGN §6.3).
 */
export const PAYMENT = {
  /** Milliseconds between vouchers. */
  voucherMs: 2_000,
  /** Seconds of service that a voucher pays ahead. */
  aheadSeconds: 5,
  /** Seconds of service that a provider gives beyond the vouchers it holds. */
  unsecuredSeconds: 5,
  /** Milliseconds of pause after which the provider ends the lease. */
  graceMs: 30_000,
  /** Milliseconds between two beats that still count as unbroken service. */
  beatGapMs: 2_000,
} as const

/** Returns what `servedMs` of service cost in base units, rounded down, start fee included. */
export function owed(quote: Quote, servedMs: number): bigint {
  return quote.startFee + (quote.rate * BigInt(Math.max(0, Math.floor(servedMs)))) / E12_MS
}

/** Returns the most the escrow would pay at `head`: a copy of the contract's cap, rounded down. */
export function payable(quote: Quote, opening: Opening | null, head: Head): bigint {
  const elapsed = opening === null ? 0 : Math.max(0, head.timestampSeconds - opening.timestampSeconds)
  return owed(quote, (elapsed + quote.prepay) * 1000)
}

/** Returns the cumulative amount a voucher may state now; never above deposit or the escrow's cap. */
export function voucherAmount(quote: Quote, servedMs: number, opening: Opening | null, head: Head): bigint {
  const ahead = Math.min(PAYMENT.aheadSeconds, quote.prepay) * 1000
  return least(owed(quote, servedMs + ahead), payable(quote, opening, head), quote.deposit)
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a))
}
