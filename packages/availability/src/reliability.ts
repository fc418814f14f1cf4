import { wilsonLower } from './confidence.ts'
import { type Exposure, expose, lasts, noExposure } from './hazard.ts'

/** What is counted in goods and faults: work done, results right, claims true. */
export type Measure = 'completion' | 'correctness' | 'truthfulness'

/** Whose word something is. */
export type EvidenceSource =
  /** We saw it. */
  | 'own'
  /** Attestations of watchers that we drew and verified. */
  | 'watchers'
  /** The chain: what the court decided, or a lease with an account that we know. */
  | 'chain'
  /** A lease on the chain between accounts that we do not know: one hand may have washed the other. */
  | 'strangers'
  /** Its own. */
  | 'self'

/** One thing that was seen of a provider, and when, in milliseconds of one clock. */
export type Evidence =
  | {
      readonly measure: Measure
      readonly outcome: 'good' | 'fault'
      readonly source: EvidenceSource
      readonly atMs: number
    }
  | {
      readonly measure: 'availability'
      /** Ages of a lease between which it was watched, in milliseconds, and whether its provider ended it. */
      readonly fromAgeMs: number
      readonly untilAgeMs: number
      readonly ended: boolean
      readonly source: EvidenceSource
      readonly atMs: number
    }

interface Tally {
  good: number
  faults: number
}

/** What is known of a provider; every weight is that of `atMs`. */
export interface TrackRecord {
  atMs: number
  readonly tallies: { readonly [measure in Measure]: Tally }
  readonly exposures: readonly Exposure[]
}

/** Lower bounds, in (0, 1), with 95 % confidence. */
export interface Reliability {
  /** That a lease of the given age lasts as long as is asked. */
  readonly availability: number
  readonly completion: number
  readonly correctness: number
  readonly truthfulness: number
  /** The least of them. */
  readonly overall: number
}

/** Milliseconds after which what was seen weighs half: two weeks. */
export const RECORD_HALF_LIFE_MS = 1_209_600_000
/** Goods that one fault outweighs, by far: after a fault and three goods nobody stands better than before. */
const FAULT_WEIGHT = 10
/** What we assume to have seen of a stranger, in goods and in weighted faults: neither nothing nor everything. */
const ASSUMED = { good: 2, bad: 1 }

const MEASURES = ['availability', 'completion', 'correctness', 'truthfulness'] as const

/** What a good weighs by whose word it is. */
export const GOOD_WEIGHTS = { own: 1, watchers: 0.5, chain: 0.5, strangers: 0, self: 0 }
/** What a fault weighs. Strangers could slander as cheaply as praise; who owns up to a fault is believed. */
export const FAULT_WEIGHTS = { own: 1, watchers: 1, chain: 1, strangers: 0, self: 1 }

/** Returns the record of a newcomer. */
export function newcomer(nowMs: number): TrackRecord {
  const tally = () => ({ good: 0, faults: 0 })
  return {
    atMs: nowMs,
    tallies: { completion: tally(), correctness: tally(), truthfulness: tally() },
    exposures: noExposure(),
  }
}

/** Adds what was seen, in place. The order in which evidence comes does not matter. */
export function observe(record: TrackRecord, evidence: Evidence): void {
  age(record, Math.max(record.atMs, evidence.atMs))
  const fresh = decay(record.atMs - evidence.atMs)
  const [credit, blame] = [fresh * GOOD_WEIGHTS[evidence.source], fresh * FAULT_WEIGHTS[evidence.source]]
  if (evidence.measure === 'availability') expose(record.exposures, evidence, { credit, blame })
  else if (evidence.outcome === 'good') record.tallies[evidence.measure].good += credit
  else record.tallies[evidence.measure].faults += blame
}

/** Adds what another record knows of the named measures, in place; of all of them unless told. */
export function mergeRecord(
  record: TrackRecord,
  other: TrackRecord,
  measures: readonly (Measure | 'availability')[] = MEASURES,
): void {
  age(record, Math.max(record.atMs, other.atMs))
  const fresh = decay(record.atMs - other.atMs)
  for (const measure of measures) {
    if (measure === 'availability') {
      record.exposures.forEach((exposure, i) => {
        exposure.watchedMs += fresh * (other.exposures[i]?.watchedMs ?? 0)
        exposure.ends += fresh * (other.exposures[i]?.ends ?? 0)
      })
      continue
    }
    record.tallies[measure].good += fresh * other.tallies[measure].good
    record.tallies[measure].faults += fresh * other.tallies[measure].faults
  }
}

/** Returns what may be counted on now, for a lease that is so old and shall last so much longer, in milliseconds. */
export function reliability(
  record: TrackRecord,
  lease: { readonly ageMs: number; readonly forMs: number },
  nowMs: number,
): Reliability {
  const seen = structuredClone(record)
  age(seen, Math.max(nowMs, record.atMs))
  const bound = ({ good, faults }: Tally) =>
    wilsonLower(ASSUMED.good + good, ASSUMED.bad + FAULT_WEIGHT * faults)
  const availability = lasts(seen.exposures, lease.ageMs, lease.forMs)
  const completion = bound(seen.tallies.completion)
  const correctness = bound(seen.tallies.correctness)
  const truthfulness = bound(seen.tallies.truthfulness)
  const overall = Math.min(availability, completion, correctness, truthfulness)
  return { availability, completion, correctness, truthfulness, overall }
}

/** Lets everything weigh what it weighs at a later time. */
function age(record: TrackRecord, nowMs: number): void {
  const factor = decay(nowMs - record.atMs)
  record.atMs = nowMs
  for (const tally of Object.values(record.tallies)) {
    tally.good *= factor
    tally.faults *= factor
  }
  for (const exposure of record.exposures) {
    exposure.watchedMs *= factor
    exposure.ends *= factor
  }
}

function decay(elapsedMs: number): number {
  return 0.5 ** (elapsedMs / RECORD_HALF_LIFE_MS)
}
