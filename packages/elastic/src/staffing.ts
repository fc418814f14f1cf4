import { assert } from '@souk/protocol'

/** What servers are staffed for. */
export interface StaffingGoal {
  /** Offered load in Erlangs: arrivals per millisecond × mean milliseconds of service. */
  readonly load: number
  readonly serviceMs: number
  /** Share of the requests, in (0, 1), that wait for no longer than `waitMs`. */
  readonly share: number
  readonly waitMs: number
}

/** Servers at most that staffing counts up to: far beyond what a pool may hold. */
const MOST_SERVERS = 1_000_000

/**
 * Returns the fewest servers with which a share of requests waits no longer than wanted.
 *
 * Square-root staffing: n = a + β √a, and with Halfin and Whitt, "Heavy-traffic limits for queues with many
 * exponential servers" (1981), P(wait > t) ≈ α(β) e^(−(n − a) t / s), where α(β) = 1 / (1 + β Φ(β) / φ(β)), Φ and φ
 * of the normal distribution, and s the mean time of service. Always more than the load, so that the queue ends.
 */
export function staffFor({ load, serviceMs, share, waitMs }: StaffingGoal): number {
  assert(
    load >= 0 && share > 0 && share < 1 && waitMs >= 0,
    'a load is not negative, a share lies within 0 and 1',
  )
  if (load === 0) return 0
  const isEnough = (servers: number) => lateShare(servers, load, serviceMs, waitMs) <= 1 - share
  let low = Math.floor(load) + 1
  let high = low
  while (!isEnough(high) && high < MOST_SERVERS) high = high * 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Returns the share of requests that wait longer than `waitMs` with more servers than the load. */
export function lateShare(servers: number, load: number, serviceMs: number, waitMs: number): number {
  const beta = (servers - load) / Math.sqrt(load)
  const delayed = 1 / (1 + (beta * normalBelow(beta)) / normalDensity(beta))
  return delayed * Math.exp((-(servers - load) * waitMs) / Math.max(serviceMs, Number.MIN_VALUE))
}

function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
}

/** Abramowitz and Stegun 26.2.17, off by less than 7.5e-8. */
function normalBelow(x: number): number {
  if (x < 0) return 1 - normalBelow(-x)
  const t = 1 / (1 + 0.2316419 * x)
  const factors = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const series = factors.reduceRight((sum, factor) => (sum + factor) * t, 0)
  return 1 - normalDensity(x) * series
}
