/** How something of this machine is. */
export type HealthLevel = 'ok' | 'degraded' | 'failing'

const RANK: Readonly<Record<HealthLevel, number>> = { ok: 0, degraded: 1, failing: 2 }

/** What one look at it says. */
export interface Finding {
  readonly level: HealthLevel
  /** What was found, for people; `null` where nothing is wrong. */
  readonly why: string | null
  /** Whether one look is enough, because nothing about it passes by itself. */
  readonly isCertain?: boolean
}

/** A look that found nothing wrong. */
export const WELL: Finding = { level: 'ok', why: null }

/** Looks in a row that agree before a level changes. */
export interface Pace {
  readonly worse: number
  readonly better: number
}

/** What is held of something over several looks. */
export interface Gauge {
  readonly level: HealthLevel
  readonly why: string | null
  /** When it came to this level, in milliseconds of the monotonic clock. */
  readonly sinceMs: number
  /** Looks in a row that say better, or worse, and the level that all of them bear. */
  readonly run: { readonly isWorse: boolean; readonly finding: Finding; readonly looks: number } | null
}

/** Makes the gauge of something that nobody has looked at. */
export function newGauge(nowMs: number): Gauge {
  return { level: 'ok', why: null, sinceMs: nowMs, run: null }
}

/** Returns the gauge after one more look: a level changes only when enough looks in a row say so. */
export function read(gauge: Gauge, finding: Finding, pace: Pace, nowMs: number): Gauge {
  if (finding.level === gauge.level) return { ...gauge, why: finding.why, run: null }
  const isWorse = RANK[finding.level] > RANK[gauge.level]
  const run = runOf(gauge, finding, isWorse)
  const isEnough = isWorse && finding.isCertain === true
  if (!isEnough && run.looks < (isWorse ? pace.worse : pace.better)) return { ...gauge, run }
  const { level, why } = isEnough ? finding : run.finding
  return { level, why, sinceMs: nowMs, run: null }
}

/** Of a run for the worse the mildest finding counts, of one for the better the gravest: all of its looks bear that. */
function runOf({ run }: Gauge, finding: Finding, isWorse: boolean): NonNullable<Gauge['run']> {
  if (run === null || run.isWorse !== isWorse) return { isWorse, finding, looks: 1 }
  const by = RANK[finding.level] - RANK[run.finding.level]
  const isOldKept = isWorse ? by > 0 : by < 0
  return { isWorse, finding: isOldKept ? run.finding : finding, looks: run.looks + 1 }
}

/** Returns the worse of two levels. */
export function worse(a: HealthLevel, b: HealthLevel): HealthLevel {
  return RANK[a] >= RANK[b] ? a : b
}
