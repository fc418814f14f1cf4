import type { Assurance, StandbyLevel } from '@souk/availability'
import type { ForecastRule } from './forecast.ts'

/** What a pool is to achieve. */
export type Target =
  /** So many requests on one replica at the same time. */
  | { readonly kind: 'concurrency'; readonly perReplica: number }
  /** Nineteen of twenty requests begin within so many milliseconds ({@link QUEUE_PERCENTILE}). */
  | { readonly kind: 'queue-time'; readonly ms: number }
  /** A share of the requests, in (0, 1), is answered within so many milliseconds. */
  | { readonly kind: 'latency'; readonly percentile: number; readonly ms: number }
  /** All work is done by an instant, in milliseconds since the epoch. */
  | { readonly kind: 'deadline'; readonly atMs: number }

/** What a pool may cost, in base units; committed deposits count as spent until they are given back. */
export interface Budget {
  /** All that the pool may ever commit. */
  readonly amount: bigint
  /** All that its leases may cost per hour together; null for no such bound. */
  readonly ratePerHour: bigint | null
}

/** How a pool grows and shrinks. {@link checkPolicy} refuses what contradicts itself. */
export interface PoolPolicy {
  /** Replicas at least; 0 lets the pool go to zero. */
  readonly min: number
  /** Replicas at most. */
  readonly max: number
  readonly target: Target
  readonly budget: Budget
  /** Requests, or attempts, that a replica serves at the same time. */
  readonly slots: number
  /** Failure domains that the replicas are spread over, where there are so many. */
  readonly spread: number
  /** How far ahead of a failure a replica's successor is prepared. */
  readonly standby: StandbyLevel
  readonly assurance: Assurance
  /** Milliseconds without any work after which the last replica goes, where `min` is 0. */
  readonly scaleToZeroAfterMs: number
  /** Milliseconds in which what is no longer wanted is kept. */
  readonly coolDownMs: number
  /** Milliseconds of the window that steady demand is taken from. */
  readonly stableMs: number
  /** Milliseconds of the window in which a burst shows. */
  readonly panicMs: number
  /** How much of the demand to come is provided for ahead; it only ever raises the number. */
  readonly forecast: ForecastRule
  /** Requests that may wait at the edge of a pool that has no replica ready. */
  readonly edgeBuffer: number
}

/** Share of requests that a target of queue time speaks of. */
export const QUEUE_PERCENTILE = 0.95

/** Milliseconds of the stable window: Knative's default. */
export const STABLE_MS = 60_000
/** Milliseconds of the panic window: a tenth of the stable one, Knative's default. */
export const PANIC_MS = 6_000
/** Milliseconds in which what is no longer wanted is kept. With the next two the best of its kind on half of a trace. */
export const COOL_DOWN_MS = 20_000
/** Milliseconds without work until the last replica goes: a lease costs little by the minute, and a start is slow. */
export const SCALE_TO_ZERO_MS = 300_000
/** Requests that wait at the edge while there is no replica: some screens of text, each at most a few KiB. */
export const EDGE_BUFFER = 100

/** Idle replica-seconds that the forecast gives for one request within its target. */
export const FORECAST_WORTH = 30
/** Milliseconds in which what the forecast has seen fades to a third. */
export const FORECAST_MEMORY_MS = 900_000

/** What a policy is where nothing else is said; limits of number, target and money have no default. */
export const POLICY_DEFAULTS = {
  slots: 1,
  spread: 1,
  standby: 'cold',
  assurance: { kind: 'none' },
  scaleToZeroAfterMs: SCALE_TO_ZERO_MS,
  coolDownMs: COOL_DOWN_MS,
  stableMs: STABLE_MS,
  panicMs: PANIC_MS,
  forecast: { worth: FORECAST_WORTH, memoryMs: FORECAST_MEMORY_MS },
  edgeBuffer: EDGE_BUFFER,
} as const satisfies Partial<PoolPolicy>
