import { held } from './caps.ts'
import { type PoolPolicy, QUEUE_PERCENTILE } from './policy.ts'
import type { MarketView, PoolView } from './scaler-input.ts'
import type { Measures } from './signals.ts'
import { staffFor } from './staffing.ts'

/** Milliseconds of waiting that a target still has where service alone takes as long as it allows, or longer. */
const LEAST_WAIT_MS = 50

/** What demand is taken from: a stretch of the signals, and the mean milliseconds of service, null before the first. */
export interface Demand {
  readonly measures: Measures
  readonly serviceMs: number | null
}

/**
 * Returns the replicas, a fraction perhaps, that a stretch of demand asks for by the policy's target.
 *
 * Concurrency: the mean of what waited and ran over what one replica takes (Knative). Queue time and latency: the
 * square-root staffing of the offered load (`staffing.ts`), where nothing is known of service what waited and ran.
 * A deadline asks nothing here: {@link deadlineReplicas} does.
 */
export function replicasFor(policy: PoolPolicy, { measures, serviceMs }: Demand): number {
  const { target, slots } = policy
  const together = measures.queued + measures.inFlight
  if (target.kind === 'concurrency') return together / target.perReplica
  if (target.kind === 'deadline') return 0
  if (serviceMs === null) return together / slots
  const load = (measures.arrivalRate * serviceMs) / 1_000
  const wait = allowedWait(policy, measures)
  return staffFor({ load, serviceMs, ...wait }) / slots
}

/**
 * Returns the replicas that serve in time, beside what runs, what will still wait when a replica that is acquired now is
 * ready: what those that are held work off until then needs nobody else.
 */
export function backlogReplicas(
  policy: PoolPolicy,
  { measures, serviceMs }: Demand,
  view: PoolView,
  { startMs }: MarketView,
): number {
  const { target, slots } = policy
  if (target.kind === 'deadline' || view.queued === 0) return 0
  const perMs = serviceMs === null ? 0 : (held(view) * slots) / serviceMs
  const left = Math.max(0, view.queued - perMs * startMs)
  if (left === 0) return 0
  if (target.kind === 'concurrency') return (left + view.inFlight) / target.perReplica
  const { waitMs } = allowedWait(policy, measures)
  return (view.inFlight + left * Math.min(1, (serviceMs ?? waitMs) / waitMs)) / slots
}

/** Returns the replicas with which all that remains is done in time; of an unknown service, one for each slot's work. */
export function deadlineReplicas(
  { target, slots }: PoolPolicy,
  { queued, inFlight, remaining }: PoolView,
  { serviceMs }: Pick<Demand, 'serviceMs'>,
  { startMs }: MarketView,
  nowMs: number,
): number {
  const tasks = remaining ?? queued + inFlight
  if (target.kind !== 'deadline' || tasks === 0) return 0
  if (serviceMs === null) return 1
  const leftMs = Math.max(target.atMs - nowMs - startMs, serviceMs)
  return Math.min(Math.ceil(tasks / slots), (tasks * serviceMs) / leftMs / slots)
}

/** Returns how long which share of requests may wait. */
export function allowedWait({ target }: PoolPolicy, measures: Measures): { share: number; waitMs: number } {
  if (target.kind !== 'latency') {
    return { share: QUEUE_PERCENTILE, waitMs: target.kind === 'queue-time' ? target.ms : LEAST_WAIT_MS }
  }
  const service = measures.serviceQuantileMs(target.percentile) ?? 0
  return { share: target.percentile, waitMs: Math.max(LEAST_WAIT_MS, target.ms - service) }
}
