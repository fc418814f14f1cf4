import {
  type PlanOffer,
  planRedundancy,
  type RedundancyPlan,
  type RedundancySet,
  survival,
  UNKNOWN_DOMAIN,
} from '@souk/availability'
import type { PlanRow } from '@souk/engine'

/** An offer, or a lease that is held, as a plan sees it. */
export interface PlanCandidate {
  readonly peerId: string
  readonly account: string
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
  /** What may take it down together with others. */
  readonly domains: readonly string[]
  /** Chance that it fails by itself within the time, in [0, 1]. */
  readonly failure: number
  /** It is leased already, or kept for us: it comes before what has to be bought. */
  readonly held?: boolean
}

/** How likely so many of the leases shall survive. */
export type PlanGoal = Pick<PlanRow, 'k' | 'target'>

/** A set for a job, and whether it is good enough. */
export type AvailabilityPlan = { readonly considered: number } & (
  | { readonly kind: 'plan'; readonly chosen: PlanRow['chosen'] }
  | {
      readonly kind: 'short'
      /** The best there is; null where no set is spread. */
      readonly chosen: PlanRow['chosen'] | null
      readonly reason: Extract<RedundancyPlan, { kind: 'short' }>['reason']
    }
)

/**
 * Finds the cheapest set that meets the goal, or the best there is; what is held counts as paid. Where several
 * leases must survive, no two are of one account: a task wants answers of different ones.
 */
export function planAvailability(candidates: readonly PlanCandidate[], goal: PlanGoal): AvailabilityPlan {
  const usable = goal.k > 1 ? onePerAccount(candidates) : candidates
  const found = planRedundancy(usable.map(offerOf), goal)
  const { considered } = found
  if (found.kind === 'plan') return { kind: 'plan', chosen: chosenOf(found.set, usable), considered }
  const chosen = found.best === null ? null : chosenOf(found.best, usable)
  return { kind: 'short', chosen, reason: found.reason, considered }
}

/** Returns the chance that k of these leases survive, never more than it is. */
export function standingOf(held: readonly PlanCandidate[], k: number): number {
  return survival(k > 1 ? onePerAccount(held) : held, k)
}

function offerOf({ peerId, rateE12, domains, failure, held = false }: PlanCandidate): PlanOffer {
  return { id: peerId, rateE12: held ? 0n : rateE12, domains, failure }
}

function onePerAccount(candidates: readonly PlanCandidate[]): PlanCandidate[] {
  const best = new Map<string, PlanCandidate>()
  for (const one of candidates) {
    const other = best.get(one.account)
    if (other === undefined || isBetter(one, other)) best.set(one.account, one)
  }
  return [...best.values()]
}

function isBetter(one: PlanCandidate, other: PlanCandidate): boolean {
  const [isHeld, wasHeld] = [one.held === true, other.held === true]
  return isHeld === wasHeld ? one.rateE12 < other.rateE12 : isHeld
}

function chosenOf(set: RedundancySet, candidates: readonly PlanCandidate[]): PlanRow['chosen'] {
  const peers = set.offers.map(({ id }) => id)
  const members = candidates.filter(({ peerId }) => peers.includes(peerId))
  return {
    peers,
    rateE12: members.reduce((sum, { rateE12 }) => sum + rateE12, 0n),
    survival: set.survival,
    unknown: members.filter(({ domains }) => domains.includes(UNKNOWN_DOMAIN)).length,
  }
}
