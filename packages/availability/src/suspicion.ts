/** Gaps between beats that the estimate remembers: half a minute of beats every 500 ms. */
const MAX_GAPS = 64
/** Milliseconds of silence that are never suspicious: four lost beats. */
export const MIN_SUSPICION_MS = 2_000
/** Milliseconds of silence about which nobody is asked yet: two lost beats, the second late by half a gap. */
export const MIN_ODD_MS = 1_250
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
  return Math.max(MIN_SUSPICION_MS, unlikelyMs(gapsMs))
}

/**
 * Returns the silence in milliseconds about which others are asked: mean + 4σ of the gaps, between 1.25 s and 30 s. It is
 * shorter than what is suspicious for those alone whose beats are regular, so that the others' answers are there sooner.
 */
export function oddMs(gapsMs: readonly number[]): number {
  return Math.max(MIN_ODD_MS, unlikelyMs(gapsMs))
}

/** 0 where no gap is known. */
function unlikelyMs(gapsMs: readonly number[]): number {
  if (gapsMs.length === 0) return 0
  const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length
  const variance = gapsMs.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gapsMs.length
  return Math.min(MAX_SUSPICION_MS, mean + SIGMAS * Math.sqrt(variance))
}

/** Remembers a gap between beats, in milliseconds, in place; the oldest makes room. */
export function learnGap(gapsMs: number[], gapMs: number): void {
  gapsMs.push(Math.min(gapMs, LEARNED_TIMES * suspicionMs(gapsMs)))
  if (gapsMs.length > MAX_GAPS) gapsMs.shift()
}
