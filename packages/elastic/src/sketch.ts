/**
 * A histogram whose quantiles are within {@link RELATIVE_ERROR} of the true ones, whatever the values.
 *
 * DDSketch (Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", VLDB 2019): a value x is counted in bin ⌈log_γ x⌉ with γ = (1 + α) / (1 − α). Two are merged by adding.
 */
export interface Sketch {
  readonly bins: Map<number, number>
  count: number
}

/** Share by which a quantile may be off. */
export const RELATIVE_ERROR = 0.02
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GAMMA = Math.log(GAMMA)
/** Values are held to this range, so that there are 690 bins at most: a millisecond's thousandth to eleven days. */
const LEAST = 1e-3
const MOST = 1e9

/** Creates an empty sketch. */
export function createSketch(): Sketch {
  return { bins: new Map(), count: 0 }
}

/** Counts a value. */
export function addToSketch(sketch: Sketch, value: number): void {
  const bin = Math.ceil(Math.log(Math.min(MOST, Math.max(LEAST, value))) / LOG_GAMMA)
  sketch.bins.set(bin, (sketch.bins.get(bin) ?? 0) + 1)
  sketch.count++
}

/** Adds what one sketch counted to another. */
export function mergeSketch(into: Sketch, from: Sketch): void {
  for (const [bin, count] of from.bins) into.bins.set(bin, (into.bins.get(bin) ?? 0) + count)
  into.count += from.count
}

/** Returns the value below which a share, 0 to 1, of those counted lies; null of none. */
export function sketchQuantile(sketch: Sketch, share: number): number | null {
  if (sketch.count === 0) return null
  const rank = Math.max(1, Math.ceil(share * sketch.count))
  let seen = 0
  let last = 0
  for (const [bin, count] of [...sketch.bins].sort(([a], [b]) => a - b)) {
    last = bin
    seen += count
    if (seen >= rank) break
  }
  return (2 * GAMMA ** last) / (GAMMA + 1)
}
