import { SoukError } from '@souk/protocol'
import type { PoolPolicy, Target } from './policy.ts'

/** Replicas of one pool at most: each is a lease with beats and vouchers of its own. */
export const MAX_POOL = 1_000
/** Milliseconds between the looks of a window at least: the narrowest bucket. */
export const MIN_WINDOW_MS = 100
/** Requests that may be let wait at an edge at most. */
export const MAX_EDGE_BUFFER = 10_000

/** What a policy is held against: the clock, and the least that the market asks. */
export interface PolicyGround {
  readonly nowMs: number
  /** Base units that leasing the cheapest replica commits, and its cost per hour; null where no offer is known. */
  readonly cheapest: { readonly commit: bigint; readonly ratePerHour: bigint } | null
}

/** A policy that contradicts itself, or that nothing could meet. */
export class PolicyError extends SoukError<{
  code: 'BAD_REPLICAS' | 'BAD_TARGET' | 'BAD_WINDOW' | 'BAD_BUDGET' | 'BUDGET_TOO_SMALL' | 'DEADLINE_PAST'
  field: string
}> {}

/** Checks that a policy can be followed. Throws {@link PolicyError}, which names the first field that cannot. */
export function checkPolicy(policy: PoolPolicy, ground: PolicyGround): void {
  checkReplicas(policy)
  checkTarget(policy.target, ground.nowMs)
  checkWindows(policy)
  checkBudget(policy, ground)
}

function checkReplicas({ min, max, slots, spread, edgeBuffer }: PoolPolicy): void {
  refuseUnless(isWhole(max, 1, MAX_POOL), 'BAD_REPLICAS', 'max', `a whole number from 1 to ${MAX_POOL}`, max)
  refuseUnless(isWhole(min, 0, max), 'BAD_REPLICAS', 'min', `a whole number from 0 to max (${max})`, min)
  refuseUnless(isWhole(slots, 1, MAX_POOL), 'BAD_REPLICAS', 'slots', 'a whole number of at least 1', slots)
  refuseUnless(isWhole(spread, 1, max), 'BAD_REPLICAS', 'spread', `1 to max (${max}) domains`, spread)
  refuseUnless(
    isWhole(edgeBuffer, 0, MAX_EDGE_BUFFER),
    'BAD_REPLICAS',
    'edgeBuffer',
    `a whole number from 0 to ${MAX_EDGE_BUFFER}`,
    edgeBuffer,
  )
}

function checkTarget(target: Target, nowMs: number): void {
  const bad = (field: string, expected: string, got: number) =>
    refuseUnless(false, 'BAD_TARGET', `target.${field}`, expected, got)
  switch (target.kind) {
    case 'concurrency':
      if (!isPositive(target.perReplica)) bad('perReplica', 'more than 0', target.perReplica)
      return
    case 'latency':
      if (!(target.percentile > 0 && target.percentile < 1)) {
        bad('percentile', 'a share between 0 and 1', target.percentile)
      }
      if (!isPositive(target.ms)) bad('ms', 'more than 0 ms', target.ms)
      return
    case 'queue-time':
      if (!isPositive(target.ms)) bad('ms', 'more than 0 ms', target.ms)
      return
    case 'deadline':
      refuseUnless(
        target.atMs > nowMs,
        'DEADLINE_PAST',
        'target.atMs',
        `an instant after ${nowMs}`,
        target.atMs,
      )
  }
}

function checkWindows({ panicMs, stableMs, coolDownMs, scaleToZeroAfterMs, forecast }: PoolPolicy): void {
  const check = (field: string, ms: number, least: number) =>
    refuseUnless(isPositive(ms + 1) && ms >= least, 'BAD_WINDOW', field, `at least ${least} ms`, ms)
  check('panicMs', panicMs, MIN_WINDOW_MS)
  check('stableMs', stableMs, panicMs)
  check('coolDownMs', coolDownMs, 0)
  check('scaleToZeroAfterMs', scaleToZeroAfterMs, 0)
  check('forecast.memoryMs', forecast.memoryMs, MIN_WINDOW_MS)
  refuseUnless(isPositive(forecast.worth + 1), 'BAD_WINDOW', 'forecast.worth', 'at least 0', forecast.worth)
}

/** A budget must pay for what the pool holds at the least, and for one replica wherever that is nothing. */
function checkBudget({ min, budget }: PoolPolicy, { cheapest }: PolicyGround): void {
  const { amount, ratePerHour } = budget
  refuseUnless(amount > 0n, 'BAD_BUDGET', 'budget.amount', 'more than 0 base units', amount)
  refuseUnless(
    ratePerHour === null || ratePerHour > 0n,
    'BAD_BUDGET',
    'budget.ratePerHour',
    'more than 0',
    ratePerHour,
  )
  if (cheapest === null) return
  const least = BigInt(Math.max(1, min))
  const commit = least * cheapest.commit
  const hour = least * cheapest.ratePerHour
  const want = (what: bigint) => `at least ${what} base units, which ${least} of the cheapest replicas take`
  refuseUnless(amount >= commit, 'BUDGET_TOO_SMALL', 'budget.amount', want(commit), amount)
  refuseUnless(
    ratePerHour === null || ratePerHour >= hour,
    'BUDGET_TOO_SMALL',
    'budget.ratePerHour',
    want(hour),
    ratePerHour,
  )
}

function refuseUnless(
  holds: boolean,
  code: PolicyError['code'],
  field: string,
  expected: string,
  got: number | bigint | null,
): void {
  if (!holds)
    throw new PolicyError(`pool policy: expected ${field} to be ${expected}, got ${got}`, { code, field })
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0
}
