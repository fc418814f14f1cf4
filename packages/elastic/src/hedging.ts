import { type ExtraBudget, spendExtra } from './retry-budget.ts'
import { type Sketch, sketchQuantile } from './sketch.ts'

/** Share of the requests that are answered before a second copy is sent. */
export const HEDGE_SHARE = 0.95
/** Share of the requests that may be sent twice. */
export const HEDGE_EXTRA = 0.05
/** Answers before hedging is more than guessing. */
export const HEDGE_LEAST = 20

/** A replica that could take a second copy. */
export interface HedgeCandidate {
  readonly id: string
  readonly domains: readonly string[]
  readonly load: number
}

/**
 * Returns the milliseconds after which an unanswered request is sent a second time; null while too few were answered.
 *
 * Dean and Barroso, "The tail at scale" (2013): after the 95th percentile of the latencies, so that a twentieth is sent
 * twice at most, and the tail is that of two tries.
 */
export function hedgeAfterMs(latencies: Sketch): number | null {
  return latencies.count < HEDGE_LEAST ? null : sketchQuantile(latencies, HEDGE_SHARE)
}

/**
 * Chooses who gets the second copy: the least loaded that shares no domain with the first, and pays for it from the
 * budget of extra load. Null where nobody is elsewhere, or nothing is left.
 */
export function chooseHedge(
  first: HedgeCandidate,
  candidates: readonly HedgeCandidate[],
  budget: ExtraBudget,
): string | null {
  const elsewhere = candidates.filter(
    ({ id, domains }) => id !== first.id && !domains.some((each) => first.domains.includes(each)),
  )
  const [best] = elsewhere.sort((a, b) => a.load - b.load)
  return best !== undefined && spendExtra(budget) ? best.id : null
}
