import { assert } from '@souk/protocol'

/** Milliseconds between checkpoints at least: providers take up one in 250 ms, and a fetch of each is under way. */
export const MIN_CHECKPOINT_MS = 1_000
/** Milliseconds between checkpoints at most: what may be lost however rarely a provider fails. */
export const MAX_CHECKPOINT_MS = 600_000

/** What checkpoints of one task cost, and how often its provider fails. */
export interface CheckpointCosts {
  /** Milliseconds in which work stands still for one checkpoint, measured. */
  readonly costMs: number
  /** Milliseconds until another provider works on from one. */
  readonly restartMs: number
  /** Failures per millisecond (`hazardAt`). */
  readonly hazard: number
}

/**
 * Returns the milliseconds of work between two checkpoints that cost the least time in all, between 1 s and 10 min.
 *
 * Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps" (2006), after Young (1974):
 * with M milliseconds between failures and checkpoints of C, √(2CM) × (1 + ⅓ √(C / 2M) + C / 18M) − C while C < 2M,
 * else M.
 */
export function checkpointIntervalMs({ costMs, hazard }: Omit<CheckpointCosts, 'restartMs'>): number {
  assert(costMs >= 0 && hazard >= 0, 'costs and hazards are not negative')
  if (hazard === 0) return MAX_CHECKPOINT_MS
  const between = 1 / hazard
  const ratio = costMs / (2 * between)
  const best =
    ratio < 1 ? Math.sqrt(2 * costMs * between) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - costMs : between
  return Math.min(MAX_CHECKPOINT_MS, Math.max(MIN_CHECKPOINT_MS, best))
}

/**
 * Returns the time that work takes with checkpoints so far apart, as a multiple of what it takes without failures and
 * checkpoints; Infinity where it would not come to an end within a number.
 *
 * Daly's exact expectation for failures without memory: M e^(R/M) (e^((τ+C)/M) − 1) / τ, with R to restart.
 */
export function slowdown({ costMs, restartMs, hazard }: CheckpointCosts, intervalMs: number): number {
  if (hazard === 0) return (intervalMs + costMs) / intervalMs
  return (Math.exp(restartMs * hazard) * Math.expm1((intervalMs + costMs) * hazard)) / (hazard * intervalMs)
}
