import { rateE12, suitable, takeResources } from '@souk/market'
import {
  classOf,
  type Demand,
  type FrameOf,
  type Gpu,
  type GpuClass,
  type Hex,
  LIMITS,
  type Prices,
  type ProofTerms,
  type Quote,
  type RefusalCode,
  type Resources,
  SoukError,
  type Terms,
  termsDigest,
} from '@souk/protocol'
import type { Head } from './program.ts'

/** What a provider asks for and promises, as its operator set it. */
export interface SellingPolicy {
  readonly account: Hex
  readonly subject: Hex
  readonly prices: Prices
  readonly blockSeconds: number
  /** Seconds of one slot of the court; a penalty is twice the price of one (docs/SETTLEMENT.md). */
  readonly slotSeconds: number
  /** Seconds of the rate that the provider puts up against downtime. */
  readonly bondSeconds: number
  /** Seconds of the rate that the provider puts up for each lease's results. */
  readonly resultBondSeconds: number
  /** Seconds of service paid ahead at most. */
  readonly prepaySeconds: number
  readonly noticeBlocks: number
  /** Says what may be asked of leased GPUs; `null` where they cannot be proven. */
  proofs?(gpus: readonly Gpu[]): ProofTerms | null
}

/** A refusal before anything was reserved, with the sentence for the requester. */
export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
}

/** The quote that came back does not keep to the demand. */
export class QuoteError extends SoukError<{ code: 'BAD_QUOTE'; field: string }> {}

/**
 * Returns the unsigned quote for a demand, or why there is none. Nothing is reserved: a dry run costs nothing
 * and hoards nothing (PROTOCOL §6).
 */
export function makeQuote(
  policy: SellingPolicy,
  free: Resources,
  request: FrameOf<'demand'>,
  head: Head,
  salt: Hex,
): { quote: Quote; terms: Terms } | Refusal {
  const { demand } = request
  const resources = takeResources(free, demand.resources)
  if (resources === null) return noCapacity(free, demand)
  const rate = rateE12(policy.prices, resources)
  if (demand.maxRateE12 !== null && rate > demand.maxRateE12) {
    return {
      code: 'price-too-low',
      message: `asked ${rate} e-12 units per second, the demand allows ${demand.maxRateE12}`,
    }
  }
  const terms: Terms = {
    v: 1,
    resources,
    runtime: demand.runtime,
    network: demand.network,
    proofs: resources.gpus.length === 0 ? null : (policy.proofs?.(resources.gpus) ?? null),
    predecessor: request.predecessor,
  }
  return { quote: quoteOf(policy, request, rate, terms, head, salt), terms }
}

function quoteOf(
  policy: SellingPolicy,
  request: FrameOf<'demand'>,
  rate: bigint,
  terms: Terms,
  head: Head,
  salt: Hex,
): Quote {
  const seconds = request.demand.durationSeconds
  return {
    provider: policy.account,
    requester: request.requester,
    resultSigner: policy.subject,
    voucherSigner: request.voucherSigner,
    rate,
    startFee: policy.prices.startFee,
    deposit: policy.prices.startFee + cost(rate, seconds + policy.prepaySeconds),
    bond: cost(rate, policy.bondSeconds),
    resultBond: cost(rate, policy.resultBondSeconds),
    slotPenalty: cost(rate, 2 * policy.slotSeconds),
    openBefore: head.timestampSeconds + LIMITS.openBeforeSeconds,
    blocks: Math.ceil(seconds / policy.blockSeconds),
    notice: policy.noticeBlocks,
    prepay: policy.prepaySeconds,
    terms: termsDigest(terms),
    salt,
  }
}

/** Base units for `seconds` at `rate` (base units × 1e12 per second), rounded up. */
export function cost(rate: bigint, seconds: number): bigint {
  return (rate * BigInt(seconds) + 10n ** 12n - 1n) / 10n ** 12n
}

/** Says what of a demand is not there. */
export function noCapacity(free: Resources, demand: Demand): Refusal {
  const { millicores, memoryBytes, gpu } = demand.resources
  const gpus = gpu === null ? 0 : suitable(free.gpus, gpu).length
  if (gpu !== null && gpus < gpu.count) {
    return {
      code: 'no-gpu',
      message: `expected ${gpu.count} free ${gpu.family} GPUs of the model ${gpu.model} with ${gpu.vramBytes} bytes, ${gpus} are free`,
    }
  }
  return {
    code: 'no-capacity',
    message: `expected ${millicores} millicores and ${memoryBytes} bytes of memory, ${free.millicores} and ${free.memoryBytes} are free`,
  }
}

/** What the requester measures a quote against. */
export interface Expectation {
  readonly request: FrameOf<'demand'>
  readonly provider: Hex
  readonly subject: Hex
  readonly prices: Prices
  /** Most seconds that may be paid ahead. */
  readonly maxPrepaySeconds: number
  /** Of the offer: a GPU whose proof it tells of can be proven on the lease. */
  readonly gpuClasses: readonly GpuClass[]
  readonly blockSeconds: number
  readonly head: Head
}

/** Throws {@link QuoteError} naming the first field that does not keep to demand and offer. */
export function checkQuote(expected: Expectation, quote: Quote, terms: Terms): void {
  const { request } = expected
  const { demand } = request
  const rules: [field: string, holds: boolean][] = [
    ['provider', quote.provider === expected.provider],
    ['resultSigner', quote.resultSigner === expected.subject],
    ['requester', quote.requester === request.requester],
    ['voucherSigner', quote.voucherSigner === request.voucherSigner],
    ['terms', quote.terms === termsDigest(terms)],
    ['predecessor', terms.predecessor === request.predecessor],
    ['runtime', terms.runtime === demand.runtime && terms.network === demand.network],
    ['proofs', terms.proofs !== null || !terms.resources.gpus.some((gpu) => classOf(expected, gpu)?.proof)],
    ['resources', takeResources(terms.resources, demand.resources) !== null],
    ['rate', quote.rate <= rateE12(expected.prices, terms.resources)],
    ['maxRate', demand.maxRateE12 === null || quote.rate <= demand.maxRateE12],
    ['startFee', quote.startFee <= expected.prices.startFee],
    ['prepay', quote.prepay <= expected.maxPrepaySeconds],
    ['blocks', quote.blocks >= Math.floor(demand.durationSeconds / expected.blockSeconds)],
    ['deposit', quote.deposit <= quote.startFee + cost(quote.rate, demand.durationSeconds + quote.prepay)],
    ['openBefore', quote.openBefore <= expected.head.timestampSeconds + 2 * LIMITS.openBeforeSeconds],
    ['openBefore', quote.openBefore > expected.head.timestampSeconds],
  ]
  const broken = rules.find(([, holds]) => !holds)
  if (broken === undefined) return
  throw new QuoteError(
    `expected a quote that keeps to the offer and the demand, got another ${broken[0]}; the next candidate is asked`,
    { code: 'BAD_QUOTE', field: broken[0] },
  )
}
