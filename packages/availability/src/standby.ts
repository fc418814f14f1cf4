import { assert } from '@souk/protocol'

/** How far ahead of a failure its successor is prepared, from everything to nothing. */
export const STANDBY_LEVELS = ['hot', 'warm', 'prepared', 'cold'] as const
export type StandbyLevel = (typeof STANDBY_LEVELS)[number]

/** What recovery is made of, in milliseconds, and what a lease costs. */
export interface StandbyCosts {
  /** Until a failure is known: nothing where the peer closes, else `detectionBoundMs`. */
  readonly detectMs: number
  /** To find an offer and have a quote. */
  readonly quoteMs: number
  /** From the quote to a lease that has started. */
  readonly startMs: number
  /** To load program and inputs. */
  readonly loadMs: number
  /** To fetch the newest checkpoint, or to begin anew where there are none. */
  readonly fetchMs: number
  /** Work since the newest checkpoint, on average half of what lies between two. */
  readonly reworkMs: number
  /** Base units × 1e12 per second of one lease. */
  readonly rateE12: bigint
  /** Leases that one warm standby stands by for. */
  readonly sharedBy: number
}

/** What a level gives and takes. */
export interface StandbyEstimate {
  readonly level: StandbyLevel
  /** Milliseconds until work is as far as it was. */
  readonly recoveryMs: number
  /** Base units × 1e12 per second, rounded up, beside the lease itself. */
  readonly rateE12: bigint
}

/** The cheapest level that recovers in time; where none does, the quickest, and by how much it misses. */
export interface StandbyChoice extends StandbyEstimate {
  /** Milliseconds by which recovery takes longer than the target; 0 where it is met. */
  readonly lateMs: number
}

/**
 * Estimates every level, the quickest first.
 *
 * `hot`: another lease does the same work, so that nothing is lost. `warm`: a lease is held, with program and
 * checkpoints there. `prepared`: a fresh quote is in hand, which reserves nothing and costs nothing. `cold`: nothing is.
 */
export function estimateStandbys(costs: StandbyCosts): StandbyEstimate[] {
  assert(costs.sharedBy >= 1, 'a standby stands by for somebody')
  const { detectMs, quoteMs, startMs, loadMs, fetchMs, reworkMs, rateE12 } = costs
  const shared = BigInt(Math.floor(costs.sharedBy))
  const warmMs = detectMs + reworkMs
  const preparedMs = warmMs + startMs + loadMs + fetchMs
  return [
    { level: 'hot', recoveryMs: 0, rateE12 },
    { level: 'warm', recoveryMs: warmMs, rateE12: (rateE12 + shared - 1n) / shared },
    { level: 'prepared', recoveryMs: preparedMs, rateE12: 0n },
    { level: 'cold', recoveryMs: preparedMs + quoteMs, rateE12: 0n },
  ]
}

/**
 * Chooses the cheapest of the levels that can be had which recovers within `targetMs`; of equal prices the one that
 * prepares the least. `cold` can always be had.
 */
export function chooseStandby(
  costs: StandbyCosts,
  targetMs: number,
  available: readonly StandbyLevel[] = STANDBY_LEVELS,
): StandbyChoice {
  const levels = estimateStandbys(costs).filter(({ level }) => level === 'cold' || available.includes(level))
  const inTime = levels.filter(({ recoveryMs }) => recoveryMs <= targetMs)
  const candidates = inTime.length > 0 ? inTime : levels.slice(0, 1)
  const best = candidates.reduce((chosen, each) => (each.rateE12 <= chosen.rateE12 ? each : chosen))
  return { ...best, lateMs: Math.max(0, best.recoveryMs - targetMs) }
}
