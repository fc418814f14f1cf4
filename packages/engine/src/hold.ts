import { freeOver, rateE12, takeResources } from '@souk/market'
import {
  type FrameOf,
  type Hex,
  type HoldTerms,
  LIMITS,
  type Prices,
  type Quote,
  type Resources,
  type Terms,
  termsDigest,
} from '@souk/protocol'
import { type Host, keep } from './host.ts'
import { bookingsOf, HOLD_LEEWAY_SECONDS, LEASE_SLACK_SECONDS } from './host-holds.ts'
import type { Head } from './program.ts'
import { cost, noCapacity, QuoteError, type Refusal, type SellingPolicy } from './quoting.ts'

/** A tenth of what the capacity would cost in the time in which nobody else gets it, in thousandths. */
const FEE_THOUSANDTHS = 100n
/** Reservations of one provider at the same time: each may keep it from selling for hours. */
export const MOST_HOLDS = 256
/** Thousandths of the fee that are paid when capacity is reserved; the rest when it was had. */
const EARNEST_THOUSANDTHS = 500n

/** Returns what of a reservation's fee is paid when it is made, rounded up. */
export function earnestOf({ startFee }: Pick<Quote, 'startFee'>): bigint {
  return (startFee * EARNEST_THOUSANDTHS + 999n) / 1000n
}

/**
 * Returns the unsigned quote of a reservation, or why there is none: a lease at no rate, whose start fee is the fee and
 * whose bond is that of the leases that it keeps capacity for (PROTOCOL §15).
 */
export function makeHoldQuote(
  policy: SellingPolicy,
  host: Host,
  request: FrameOf<'reserve'>,
  head: Head,
  salt: Hex,
): { quote: Quote; terms: Terms } | Refusal {
  const hold = holdTerms(policy, request)
  const refusal = refuseTime(hold, host.nowSeconds) ?? refuseMore(host)
  if (refusal !== undefined) return refusal
  const free = freeDuring(host, hold)
  const resources = takeResources(free, request.demand.resources)
  if (resources === null) return noCapacity(free, request.demand)
  const rate = rateE12(policy.prices, resources)
  const { maxRateE12, runtime, network } = request.demand
  if (maxRateE12 !== null && rate > maxRateE12) {
    return {
      code: 'price-too-low',
      message: `asked ${rate} e-12 units per second, the demand allows ${maxRateE12}`,
    }
  }
  const proofs = resources.gpus.length === 0 ? null : (policy.proofs?.(resources.gpus) ?? null)
  const terms: Terms = { v: 1, resources, runtime, network, proofs, predecessor: null, hold }
  return { quote: quoteOf(policy, request, rate, terms, head, salt, host.nowSeconds), terms }
}

/** Keeps the capacity of a reservation that was accepted. */
export function takeHold(host: Host, lease: Hex, quote: Quote, terms: Terms): void {
  const { hold = null } = terms
  keep(host, lease, quote, terms, { untilSeconds: hold?.until ?? 0, hold, of: null })
}

/** Returns why a lease of `seconds` cannot be had of a reservation now, or `undefined`. */
export function refuseClaim(hold: HoldTerms, nowSeconds: number, seconds: number): Refusal | undefined {
  if (nowSeconds < hold.from - HOLD_LEEWAY_SECONDS || nowSeconds >= hold.until) {
    return {
      code: 'expired',
      message: `expected a time from ${hold.from} to ${hold.until}, it is ${nowSeconds}; ask for another lease`,
    }
  }
  const left = hold.until - nowSeconds + HOLD_LEEWAY_SECONDS
  if (seconds <= left) return undefined
  return {
    code: 'duration-too-long',
    message: `expected at most ${left} s of the reservation, got ${seconds}`,
  }
}

/** What the requester measures the quote of a reservation against. */
export interface HoldExpectation {
  readonly request: FrameOf<'reserve'>
  readonly provider: Hex
  readonly subject: Hex
  readonly prices: Prices
  /** Most base units that the fee may be; `null` for what the capacity costs while it is kept. */
  readonly maxFee: bigint | null
  readonly blockSeconds: number
  readonly head: Head
  readonly nowSeconds: number
}

/** Throws {@link QuoteError} naming the first field that does not keep to what was asked for and the offer. */
export function checkHold(expected: HoldExpectation, quote: Quote, terms: Terms): void {
  const { request, prices, head } = expected
  const { hold } = terms
  const kept = request.seconds + LIMITS.leaseSeconds + LEASE_SLACK_SECONDS
  const full = cost(rateE12(prices, terms.resources), kept)
  const lasts = request.from + request.seconds - expected.nowSeconds
  const rules: [field: string, holds: boolean][] = [
    ['provider', quote.provider === expected.provider],
    ['resultSigner', quote.resultSigner === expected.subject],
    ['requester', quote.requester === request.requester],
    ['voucherSigner', quote.voucherSigner === request.voucherSigner],
    ['terms', quote.terms === termsDigest(terms)],
    ['hold', hold?.from === request.from && hold.until === request.from + request.seconds],
    ['claimBy', hold !== undefined && hold.claimBy >= Math.min(hold.until, hold.from + LIMITS.claimSeconds)],
    ['prices', hold !== undefined && isAtMost(hold.prices, prices)],
    ['runtime', terms.runtime === request.demand.runtime && terms.network === request.demand.network],
    ['resources', takeResources(terms.resources, request.demand.resources) !== null],
    ['rate', quote.rate === 0n && quote.prepay === 0],
    ['startFee', quote.startFee <= (expected.maxFee ?? full)],
    ['deposit', quote.deposit === quote.startFee],
    ['bond', quote.bond >= quote.slotPenalty],
    ['blocks', quote.blocks >= Math.floor(lasts / expected.blockSeconds)],
    ['openBefore', quote.openBefore <= head.timestampSeconds + 2 * LIMITS.openBeforeSeconds],
    ['openBefore', quote.openBefore > head.timestampSeconds],
  ]
  const broken = rules.find(([, isKept]) => !isKept)
  if (broken === undefined) return
  throw new QuoteError(
    `expected a reservation that keeps to the offer and the demand, got another ${broken[0]}; the next candidate is asked`,
    { code: 'BAD_QUOTE', field: broken[0] },
  )
}

function holdTerms({ prices }: SellingPolicy, { from, seconds }: FrameOf<'reserve'>): HoldTerms {
  return { from, claimBy: from + Math.min(seconds, LIMITS.claimSeconds), until: from + seconds, prices }
}

function refuseTime({ from }: HoldTerms, nowSeconds: number): Refusal | undefined {
  if (from >= nowSeconds - HOLD_LEEWAY_SECONDS && from <= nowSeconds + LIMITS.reserveAheadSeconds)
    return undefined
  return {
    code: from < nowSeconds ? 'expired' : 'duration-too-long',
    message: `expected a begin from ${nowSeconds} to ${nowSeconds + LIMITS.reserveAheadSeconds}, got ${from}`,
  }
}

/** Returns why no further reservation is taken, or `undefined`. */
export function refuseMore({ held }: Host): Refusal | undefined {
  const count = [...held.values()].filter(({ hold }) => hold !== null).length
  if (count < MOST_HOLDS) return undefined
  return { code: 'no-capacity', message: `${count} reservations are all that this provider takes` }
}

/** What is free during all of a reservation; a GPU that is gone now may be gone then. */
export function freeDuring(host: Host, hold: HoldTerms): Resources {
  const free = freeOver(
    host.total,
    bookingsOf(host),
    hold.from - HOLD_LEEWAY_SECONDS,
    hold.until + HOLD_LEEWAY_SECONDS,
  )
  return { ...free, gpus: free.gpus.filter(({ id }) => !host.lost.has(id)) }
}

function quoteOf(
  policy: SellingPolicy,
  { requester, voucherSigner, from, seconds }: FrameOf<'reserve'>,
  rate: bigint,
  terms: Terms,
  head: Head,
  salt: Hex,
  nowSeconds: number,
): Quote {
  // What would last into the reservation cannot be sold any more either.
  const kept = seconds + Math.min(Math.max(0, from - nowSeconds), LIMITS.leaseSeconds + LEASE_SLACK_SECONDS)
  const fee = (cost(rate, kept) * FEE_THOUSANDTHS + 999n) / 1000n
  const startFee = fee > 2n ? fee : 2n
  const lasts = from + seconds - nowSeconds + HOLD_LEEWAY_SECONDS
  return {
    ...{ provider: policy.account, requester, resultSigner: policy.subject, voucherSigner },
    ...{ rate: 0n, startFee, deposit: startFee, prepay: 0 },
    ...{ bond: cost(rate, policy.bondSeconds), resultBond: 0n },
    slotPenalty: cost(rate, 2 * policy.slotSeconds),
    openBefore: head.timestampSeconds + LIMITS.openBeforeSeconds,
    blocks: Math.ceil(lasts / policy.blockSeconds),
    notice: policy.noticeBlocks,
    ...{ terms: termsDigest(terms), salt },
  }
}

function isAtMost(prices: Prices, offered: Prices): boolean {
  return (
    prices.startFee <= offered.startFee &&
    prices.coreSecondE12 <= offered.coreSecondE12 &&
    prices.gibSecondE12 <= offered.gibSecondE12 &&
    prices.gpuSecondE12 <= offered.gpuSecondE12
  )
}
