/** Gaps between beats that the estimate remembers: half a minute of beats every 500 ms. */
const MAX_GAPS = 64
/** Milliseconds of silence that are never suspicious: four lost beats. */
export const MIN_SUSPICION_MS = 2_000
/** Milliseconds after which silence is suspicious however irregular a peer made its beats before. */
const MAX_SUSPICION_MS = 30_000
/** Standard deviations above the mean gap that a late beat may take. */
const SIGMAS = 4
/** A gap is remembered as so many times what was suspicious at most: one outage must not blunt the next minute. */
const LEARNED_TIMES = 2

/**
 * Returns the silence in milliseconds that is suspicious: mean + 4σ of the gaps, between 2 s and 30 s.
 *
 * Source: the accrual idea of Hayashibara et al., "The φ accrual failure detector" (2004), with one fixed level.
 */
export function suspicionMs(gapsMs: readonly number[]): number {
  if (gapsMs.length === 0) return MIN_SUSPICION_MS
  const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length
  const variance = gapsMs.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gapsMs.length
  const late = mean + SIGMAS * Math.sqrt(variance)
  return Math.min(MAX_SUSPICION_MS, Math.max(MIN_SUSPICION_MS, late))
}

/** Remembers a gap between beats, in milliseconds, in place; the oldest makes room. */
export function learnGap(gapsMs: number[], gapMs: number): void {
  gapsMs.push(Math.min(gapMs, LEARNED_TIMES * suspicionMs(gapsMs)))
  if (gapsMs.length > MAX_GAPS) gapsMs.shift()
}
