/** Capacity of the zones of one market over time. */
export interface SpotTrace {
  readonly name: string
  readonly gapMs: number
  /** Replicas that each zone has room for, one row per zone, one value per gap. */
  readonly zones: readonly (readonly number[])[]
}

/** Returns how long a trace lasts, in milliseconds. */
export function durationOf({ zones, gapMs }: SpotTrace): number {
  return Math.min(...zones.map((zone) => zone.length)) * gapMs
}
