import type { Resources } from '@souk/protocol'
import { type GpuWish, ofFamily, ofModel, suitable } from './capacity.ts'
import type { IndexedOffer } from './offer-entry.ts'
import type { Query } from './query.ts'
import { isSurelyAbove } from './rates.ts'
import type { MatchReason } from './reason.ts'

/** One way in which an offer can fail to fit. */
export interface Rule {
  /** Tells whether any offer can break this rule. */
  applies(query: Query): boolean
  breaks(entry: IndexedOffer, query: Query): boolean
  /** States the facts of an offer that breaks the rule. */
  reason(entry: IndexedOffer, query: Query): MatchReason
}

const expired: Rule = {
  applies: () => true,
  breaks: (entry, { context }) => entry.expires <= context.nowSeconds,
  reason: ({ expires }, { context }) => ({ code: 'expired', expires, nowSeconds: context.nowSeconds }),
}

const excluded: Rule = {
  applies: ({ context }) => (context.exclude?.size ?? 0) > 0,
  breaks: (entry, { context }) => context.exclude?.has(entry.peerId) === true,
  reason: () => ({ code: 'excluded' }),
}

const unreachable: Rule = {
  applies: ({ context }) => (context.unreachable?.size ?? 0) > 0,
  breaks: (entry, { context }) => context.unreachable?.has(entry.peerId) === true,
  reason: () => ({ code: 'unreachable' }),
}

const unbonded: Rule = {
  applies: ({ context }) => context.requireBonded === true,
  breaks: (entry) => !entry.bonded,
  reason: () => ({ code: 'unbonded' }),
}

const runtime: Rule = {
  applies: () => true,
  breaks: ({ offer }, { demand }) => !offer.runtimes.some(({ name }) => name === demand.runtime),
  reason: ({ offer }, { demand }) => ({
    ...{ code: 'runtime', wanted: demand.runtime },
    offered: offer.runtimes.map(({ name }) => name),
  }),
}

const region: Rule = {
  applies: ({ demand }) => demand.region !== null,
  breaks: ({ offer }, { demand }) => offer.region !== demand.region,
  reason: ({ offer }, { demand }) => ({ code: 'region', wanted: demand.region ?? '', offered: offer.region }),
}

const roundTrip: Rule = {
  applies: ({ demand, context }) => demand.maxRoundTripMs !== null && context.roundTripMs !== undefined,
  breaks: (entry, query) => measuredMs(entry, query) > maxMs(query),
  reason: (entry, query) => ({
    code: 'round-trip',
    maxMs: maxMs(query),
    measuredMs: measuredMs(entry, query),
  }),
}

const gpu: Rule = {
  applies: ({ demand }) => (demand.resources.gpu?.count ?? 0) > 0,
  breaks({ offer }, { demand }) {
    const wish = demand.resources.gpu
    if (wish === null) return false
    return offer.free.gpus.length < wish.count || suitable(offer.free.gpus, wish).length < wish.count
  },
  reason: ({ offer }, { demand }) => gpuReason(offer.free, demand.resources.gpu),
}

const unproven: Rule = {
  applies: ({ demand }) => demand.resources.gpu?.proven === true,
  breaks: ({ offer }, { context }) => context.isProven?.(offer) !== true,
  reason: () => ({ code: 'unproven' }),
}

const cores: Rule = {
  applies: ({ demand }) => demand.resources.millicores > 0,
  breaks: (entry, { demand }) => entry.millicores < demand.resources.millicores,
  reason: (entry, { demand }) => ({
    code: 'too-few-cores',
    wantedMillicores: demand.resources.millicores,
    freeMillicores: entry.millicores,
  }),
}

const memory: Rule = {
  applies: ({ demand }) => demand.resources.memoryBytes > 0,
  breaks: (entry, { demand }) => entry.memoryBytes < demand.resources.memoryBytes,
  reason: (entry, { demand }) => ({
    code: 'too-little-memory',
    wantedBytes: demand.resources.memoryBytes,
    freeBytes: entry.memoryBytes,
  }),
}

const disk: Rule = {
  applies: ({ demand }) => demand.resources.diskBytes > 0,
  breaks: (entry, { demand }) => entry.diskBytes < demand.resources.diskBytes,
  reason: (entry, { demand }) => ({
    code: 'too-little-disk',
    wantedBytes: demand.resources.diskBytes,
    freeBytes: entry.diskBytes,
  }),
}

const price: Rule = {
  applies: ({ demand }) => demand.maxRateE12 !== null,
  breaks({ priceList }, { demand, rates, maxRate }) {
    const rate = rates.approximate(priceList)
    if (isSurelyAbove(rate, maxRate)) return true
    return !isSurelyAbove(maxRate, rate) && rates.exact(priceList) > (demand.maxRateE12 ?? 0n)
  },
  reason: ({ priceList }, { demand, rates }) => ({
    code: 'over-price',
    rateE12: rates.exact(priceList),
    maxRateE12: demand.maxRateE12 ?? 0n,
  }),
}

/**
 * In this order: who has no GPU does not run what needs one, so that the GPU is what is said to be missing; an offer over
 * the price is one that fits in everything else, so raising it would help.
 */
const RULES: readonly Rule[] = [
  expired,
  excluded,
  unreachable,
  unbonded,
  gpu,
  unproven,
  runtime,
  region,
  roundTrip,
  cores,
  memory,
  disk,
  price,
]

/** Returns the rules that an offer can break under `query`, in order. */
export function rulesFor(query: Query): readonly Rule[] {
  return RULES.filter((rule) => rule.applies(query))
}

/** Returns the first of `rules` that an offer breaks, or undefined when it fits. */
export function brokenRule(entry: IndexedOffer, query: Query, rules: readonly Rule[]): Rule | undefined {
  for (const rule of rules) if (rule.breaks(entry, query)) return rule
  return undefined
}

/** Says how far the free GPUs get: family, number, model, then memory. */
function gpuReason(free: Resources, wish: GpuWish | null): MatchReason {
  if (wish === null) return { code: 'too-few-gpus', wanted: 0, free: free.gpus.length }
  const family = ofFamily(free.gpus, wish)
  if (family.length === 0) return { code: 'no-gpu', family: wish.family }
  if (family.length < wish.count) return { code: 'too-few-gpus', wanted: wish.count, free: family.length }
  const model = ofModel(free.gpus, wish)
  if (model.length < wish.count) {
    return { code: 'gpu-model', wanted: wish.model, offered: family.map((each) => each.model) }
  }
  const largestBytes = Math.max(...model.map((each) => each.vramBytes))
  return { code: 'too-little-vram', wantedBytes: wish.vramBytes, largestBytes }
}

function maxMs({ demand }: Query): number {
  return demand.maxRoundTripMs ?? Number.POSITIVE_INFINITY
}

function measuredMs(entry: IndexedOffer, { context }: Query): number {
  return context.roundTripMs?.get(entry.peerId) ?? 0
}
