import { rateUpper } from './confidence.ts'

/** Time under watch at one age of leases, and how often it ended by the provider's fault. */
export interface Exposure {
  watchedMs: number
  ends: number
}

/** Ages at which a lease passes into the next stretch: a minute, ten minutes, an hour. */
const AGE_LIMITS = [60_000, 600_000, 3_600_000] as const
/** Milliseconds to one end that we assume of a stranger in each stretch: leases that are old do not end soon. */
const ASSUMED = [1_800_000, 3_600_000, 14_400_000, 43_200_000] as const
/** Ends that we assume to have seen: how fast own experience outweighs the assumption. */
const ASSUMED_ENDS = 1

/** Returns exposures of somebody nobody has seen, one for each stretch of ages. */
export function noExposure(): Exposure[] {
  return ASSUMED.map(() => ({ watchedMs: 0, ends: 0 }))
}

/** Adds, in place, a stretch of a lease from one age to another, in milliseconds, which did or did not end it. */
export function expose(
  exposures: readonly Exposure[],
  { fromAgeMs, untilAgeMs, ended }: { fromAgeMs: number; untilAgeMs: number; ended: boolean },
  weight: { credit: number; blame: number },
): void {
  exposures.forEach((exposure, i) => {
    const [start, end] = stretch(i)
    exposure.watchedMs += weight.credit * Math.max(0, Math.min(end, untilAgeMs) - Math.max(start, fromAgeMs))
    if (ended && start <= untilAgeMs && untilAgeMs < end) exposure.ends += weight.blame
  })
}

/**
 * Returns the ends per millisecond in each stretch of ages, an upper bound with 95 % confidence.
 *
 * What is assumed of a stretch is what was found of the one before, times the ratio of the assumptions: the level is
 * the provider's own, the shape is everybody's until it is seen.
 */
export function hazards(exposures: readonly Exposure[]): number[] {
  let level = 1
  return exposures.map(({ watchedMs, ends }, i) => {
    const assumedMs = (ASSUMED_ENDS * (ASSUMED[i] ?? Number.POSITIVE_INFINITY)) / level
    const events = ASSUMED_ENDS + ends
    const exposureMs = assumedMs + watchedMs
    level *= (events / exposureMs) * (assumedMs / ASSUMED_ENDS)
    return rateUpper(events, exposureMs)
  })
}

/** Returns the chance, in (0, 1], that a lease of this age lasts so many milliseconds more: exp(−∫ hazard). */
export function lasts(exposures: readonly Exposure[], ageMs: number, forMs: number): number {
  const expected = hazards(exposures).reduce((sum, hazard, i) => {
    const [start, end] = stretch(i)
    return sum + hazard * Math.max(0, Math.min(end, ageMs + forMs) - Math.max(start, ageMs))
  }, 0)
  return Math.exp(-expected)
}

/** Returns the upper bound of ends per millisecond at an age. */
export function hazardAt(exposures: readonly Exposure[], ageMs: number): number {
  return hazards(exposures).find((_, i) => ageMs < stretch(i)[1]) ?? 0
}

function stretch(index: number): readonly [number, number] {
  return [AGE_LIMITS[index - 1] ?? 0, AGE_LIMITS[index] ?? Number.POSITIVE_INFINITY]
}
