import type { PoolPolicy } from './policy.ts'
import type { Cap, MarketView, PoolView } from './scaler-input.ts'

/** Seconds of an hour × 1e12: turns base units × 1e12 per second into base units per hour. */
const E12_PER_HOUR = 10n ** 12n
const SECONDS_PER_HOUR = 3_600n

/** How many replicas a pool may hold, and what says so. */
export interface Capped {
  readonly count: number
  readonly by: Cap | null
}

/**
 * Holds a number of replicas to what the policy and the market allow; the tightest bound is named.
 *
 * A pool that is over its rate shrinks until it is within; over its amount it acquires nothing more, since giving a
 * lease up earlier commits nothing less than it has cost.
 */
export function capReplicas(wanted: number, policy: PoolPolicy, view: PoolView, market: MarketView): Capped {
  const bounds: [Cap, number][] = [
    ['max', policy.max],
    ['rate', withinRate(policy, view, market)],
    ['budget', withinAmount(policy, view, market)],
    ['market', held(view) + Math.max(0, market.offers)],
  ]
  return bounds.reduce<Capped>((best, [by, most]) => (most < best.count ? { count: most, by } : best), {
    count: wanted,
    by: null,
  })
}

/** Returns the replicas that are capacity: ready, and being acquired. */
export function held({ ready, acquiring }: PoolView): number {
  return ready + acquiring
}

/** Returns the base units that may still be committed, 0 at least. */
export function budgetLeft({ budget }: PoolPolicy, { committed }: PoolView): bigint {
  return committed >= budget.amount ? 0n : budget.amount - committed
}

function withinAmount(policy: PoolPolicy, view: PoolView, { commit }: MarketView): number {
  const left = budgetLeft(policy, view)
  if (commit === 0n) return Number.POSITIVE_INFINITY
  return held(view) + toCount(left / commit)
}

/** What is held is taken to cost the same each when it is over the rate: dear ones go first (`portfolio.ts`). */
function withinRate({ budget }: PoolPolicy, view: PoolView, { rateE12 }: MarketView): number {
  if (budget.ratePerHour === null) return Number.POSITIVE_INFINITY
  const mostE12 = (budget.ratePerHour * E12_PER_HOUR) / SECONDS_PER_HOUR
  const count = held(view)
  if (view.rateE12 > mostE12) return toCount((BigInt(count) * mostE12) / view.rateE12)
  if (rateE12 === 0n) return Number.POSITIVE_INFINITY
  return count + toCount((mostE12 - view.rateE12) / rateE12)
}

function toCount(value: bigint): number {
  return Number(value > 1_000_000n ? 1_000_000n : value)
}
