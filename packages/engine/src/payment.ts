import type { Quote } from '@souk/protocol'
import type { ChainTime, Head } from './program.ts'
import type { Opening } from './records.ts'

const E12_MS = 1_000_000_000_000_000n

/**
 * How vouchers flow. The requester keeps `aheadSeconds` paid ahead, below the quote's `prepay`, so that its
 * loss stays under `startFee + rate × prepay`; the provider pauses once service exceeds the vouchers by
 * `unsecuredSeconds` (PROTOCOL §10).
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

/** Returns what the time is on the chain: the newest head's, and the monotonic time since it was seen. */
export function chainTime(head: Head, seenMs: number, nowMs: number): ChainTime {
  return { timestampSeconds: head.timestampSeconds + Math.max(0, Math.floor((nowMs - seenMs) / 1000)) }
}

/** Returns the most the escrow would pay at `time`: a copy of the contract's cap, rounded down. */
export function payable(quote: Quote, opening: Opening | null, time: ChainTime): bigint {
  const elapsed = opening === null ? 0 : Math.max(0, time.timestampSeconds - opening.timestampSeconds)
  return least(owed(quote, (elapsed + quote.prepay) * 1000), quote.deposit)
}

/** Returns what the escrow pays in all for a voucher over `cumulative` once `elapsedSeconds` count. */
export function redeemable(quote: Quote, cumulative: bigint, elapsedSeconds: number): bigint {
  return least(cumulative, owed(quote, (elapsedSeconds + quote.prepay) * 1000), quote.deposit)
}

/** Returns the cumulative amount a voucher may state now; never above deposit or the escrow's cap. */
export function voucherAmount(
  quote: Quote,
  servedMs: number,
  opening: Opening | null,
  time: ChainTime,
): bigint {
  const ahead = Math.min(PAYMENT.aheadSeconds, quote.prepay) * 1000
  return least(owed(quote, servedMs + ahead), payable(quote, opening, time))
}

/**
 * Returns the amount to close on: what was promised, or what was served if that is more, within the escrow's cap;
 * beyond it `closeCooperative` would revert.
 */
export function closingAmount(quote: Quote, servedMs: number, promised: bigint, cap: bigint): bigint {
  const due = least(owed(quote, servedMs), cap)
  return due > promised ? due : promised
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a))
}
