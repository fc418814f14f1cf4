import { SoukError } from '@souk/protocol'
import { DOMAIN_FAILURES, type DomainFailures, type Member, survival } from './survival.ts'

/** An offer that a plan may take, with what it costs: base units × 1e12 per second. */
export interface PlanOffer extends Member {
  readonly id: string
  readonly rateE12: bigint
}

/** What is to survive. */
export interface RedundancyGoal {
  /** Members that must be alive. */
  readonly k: number
  /** Chance that they are, in (0, 1). */
  readonly target: number
  /** Members at most; {@link MAX_REPLICAS} unless told. */
  readonly most?: number
}

/** A set of offers, and what it is worth. */
export interface RedundancySet {
  readonly offers: readonly PlanOffer[]
  readonly rateE12: bigint
  readonly survival: number
}

/** The cheapest set that meets the goal, or the best there is and what it lacks. */
export type RedundancyPlan =
  | { readonly kind: 'plan'; readonly set: RedundancySet; readonly considered: number }
  | {
      readonly kind: 'short'
      /** The set that survives most likely; null where there is none of k members that is spread. */
      readonly best: RedundancySet | null
      /** Target less what the best reaches. */
      readonly missing: number
      /** `spread`: without the rule about domains the target could be met. */
      readonly reason: 'offers' | 'spread' | 'reliability'
      readonly considered: number
    }

/** Members of a set at most. */
export const MAX_REPLICAS = 7
/** Offers among which sets are searched: 9,908 sets of up to seven, a fraction of a second. */
export const MAX_CANDIDATES = 14

/** A goal that nothing could meet or that means nothing. */
export class RedundancyError extends SoukError<{ code: 'BAD_GOAL'; k: number; target: number }> {}

/**
 * Finds the cheapest set of offers of which k survive with the chance that is wanted.
 *
 * At most half of a set shares a domain, whichever: two or more never all hang on one thing. Exact among the
 * candidates: all offers where there are few, else the cheapest and the most reliable, no domain before another has
 * had its turn. Equal prices: the likelier to survive, then the fewer. Throws {@link RedundancyError}.
 */
export function planRedundancy(
  offers: readonly PlanOffer[],
  goal: RedundancyGoal,
  failures: DomainFailures = DOMAIN_FAILURES,
): RedundancyPlan {
  requireGoal(goal)
  const candidates = pickCandidates(offers)
  const search = { k: goal.k, most: Math.min(goal.most ?? MAX_REPLICAS, MAX_REPLICAS), failures }
  const set = cheapest(candidates, { ...search, target: goal.target })
  if (set !== null) return { kind: 'plan', set, considered: candidates.length }
  return { ...lack(candidates, search, goal.target), considered: candidates.length }
}

/** Tells whether at most half of a set, and at least one, shares any one domain. */
export function isSpread(set: readonly Member[]): boolean {
  const allowed = Math.max(1, Math.floor(set.length / 2))
  return [...countDomains(set).values()].every((count) => count <= allowed)
}

interface Search {
  readonly k: number
  readonly most: number
  readonly failures: DomainFailures
}

function requireGoal({ k, target, most = MAX_REPLICAS }: RedundancyGoal): void {
  if (Number.isSafeInteger(k) && k >= 1 && k <= Math.min(most, MAX_REPLICAS) && target > 0 && target < 1)
    return
  throw new RedundancyError(
    `expected k from 1 to ${Math.min(most, MAX_REPLICAS)} and a target between 0 and 1, got ${k} and ${target}`,
    { code: 'BAD_GOAL', k, target },
  )
}

/** Walks the sets by price; a set is left when what could still be added cannot help, or costs too much. */
function cheapest(
  candidates: readonly PlanOffer[],
  search: Search & { target: number },
): RedundancySet | null {
  let best: RedundancySet | null = null
  const visit = (chosen: readonly PlanOffer[], rateE12: bigint, from: number) => {
    if (chosen.length >= search.k && isSpread(chosen)) {
      const chance = survival(chosen, search.k, search.failures)
      const found = { offers: chosen, rateE12, survival: chance }
      if (chance >= search.target && (best === null || isCheaper(found, best))) best = found
    }
    const room = search.most - chosen.length
    if (room === 0 || survival(chosen, search.k - room, search.failures) < search.target) return
    for (let i = from; i < candidates.length; i++) {
      const next = candidates[i]
      if (next === undefined || (best !== null && rateE12 + next.rateE12 > best.rateE12)) return
      visit([...chosen, next], rateE12 + next.rateE12, i + 1)
    }
  }
  visit([], 0n, 0)
  return best
}

function isCheaper(one: RedundancySet, other: RedundancySet): boolean {
  if (one.rateE12 !== other.rateE12) return one.rateE12 < other.rateE12
  if (one.survival !== other.survival) return one.survival > other.survival
  return one.offers.length < other.offers.length
}

/** Says what the market lacks: looks at every set for the likeliest to survive, with the rule of spread and without. */
function lack(
  candidates: readonly PlanOffer[],
  search: Search,
  target: number,
): Omit<Extract<RedundancyPlan, { kind: 'short' }>, 'considered'> {
  let best: RedundancySet | null = null
  let anywhere: RedundancySet | null = null
  for (const offers of subsets(candidates, search.most)) {
    if (offers.length < search.k) continue
    const rateE12 = offers.reduce((total, offer) => total + offer.rateE12, 0n)
    const found = { offers, rateE12, survival: survival(offers, search.k, search.failures) }
    if (anywhere === null || isLikelier(found, anywhere)) anywhere = found
    if ((best === null || isLikelier(found, best)) && isSpread(offers)) best = found
  }
  const reason = anywhere === null ? 'offers' : anywhere.survival >= target ? 'spread' : 'reliability'
  return { kind: 'short', best, missing: target - (best?.survival ?? 0), reason }
}

function isLikelier(one: RedundancySet, other: RedundancySet): boolean {
  return one.survival === other.survival ? one.rateE12 < other.rateE12 : one.survival > other.survival
}

function* subsets<T>(items: readonly T[], most: number, from = 0): Generator<readonly T[]> {
  yield []
  if (most === 0) return
  for (let i = from; i < items.length; i++) {
    for (const rest of subsets(items, most - 1, i + 1)) yield [...items.slice(i, i + 1), ...rest]
  }
}

/** Returns at most {@link MAX_CANDIDATES}, by price: half the cheapest, then the most reliable. */
function pickCandidates(offers: readonly PlanOffer[]): PlanOffer[] {
  const byPrice = [...offers].sort(byRate)
  if (byPrice.length <= MAX_CANDIDATES) return byPrice
  const picked = new Set(inTurn(byPrice).slice(0, MAX_CANDIDATES / 2))
  const byFailure = [...byPrice].sort((a, b) => a.failure - b.failure)
  for (const offer of inTurn(byFailure)) if (picked.size < MAX_CANDIDATES) picked.add(offer)
  return [...picked].sort(byRate)
}

/** Orders offers so that those which share a domain with fewer before them come first; keeps their order otherwise. */
function inTurn(offers: readonly PlanOffer[]): PlanOffer[] {
  const seen = new Map<string, number>()
  return offers
    .map((offer) => {
      const turn = Math.max(0, ...offer.domains.map((domain) => seen.get(domain) ?? 0))
      for (const domain of offer.domains) seen.set(domain, (seen.get(domain) ?? 0) + 1)
      return { offer, turn }
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ offer }) => offer)
}

function byRate(a: PlanOffer, b: PlanOffer): number {
  return a.rateE12 === b.rateE12 ? a.failure - b.failure : a.rateE12 < b.rateE12 ? -1 : 1
}

function countDomains(set: readonly Member[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { domains } of set) {
    for (const domain of new Set(domains)) counts.set(domain, (counts.get(domain) ?? 0) + 1)
  }
  return counts
}
