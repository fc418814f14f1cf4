import type { Evidence } from '@souk/availability'
import type { UptimeEvidence } from '@souk/engine'
import type { Hex } from '@souk/protocol'

/** What watchers proved of providers, in slots of one length. */
export interface UptimeSource {
  /** Milliseconds of one slot. */
  readonly slotMs: number
  /** Returns what is known of a subject; `undefined` where no book of its was read. */
  of(subject: Hex): ProvenUptime | undefined
  /** Has the books of these subjects looked at, beside everything else and none too often. */
  want?(subjects: readonly Hex[]): void
}

/** What a book of uptime proves, when it was read, and how many entries in it are lies. */
export interface ProvenUptime extends UptimeEvidence {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  readonly lies?: number
}

/** Milliseconds of one lease, at the longest: time under watch counts as leases of that length. */
const LONGEST_MS = 3_600_000
/** Leases, and outages, that one book counts for at the most: two weeks. */
const MOST_COUNTED = 336

/**
 * Returns what a verified book says of its subject: the time up as leases of an hour, each slot down as the end of one
 * of them, at ages that are spread evenly, because nobody knows when a lease would have begun. A lie in it is a fault.
 */
export function uptimeEvidence(proven: ProvenUptime, slotMs: number): Evidence[] {
  const { upSlots, downSlots, lies = 0, atMs } = proven
  const seen = { measure: 'availability', source: 'watchers', atMs } as const
  const upMs = Math.min(upSlots * slotMs, MOST_COUNTED * LONGEST_MS)
  const whole = Math.floor(upMs / LONGEST_MS)
  const stretches = [...Array.from({ length: whole }, () => LONGEST_MS), upMs - whole * LONGEST_MS]
  const ends = Math.min(downSlots, MOST_COUNTED)
  const evidence: Evidence[] = stretches.map((untilAgeMs) => ({
    ...seen,
    fromAgeMs: 0,
    untilAgeMs,
    ended: false,
  }))
  for (let i = 0; i < ends; i++) {
    const ageMs = ((i + 0.5) / ends) * LONGEST_MS
    evidence.push({ ...seen, fromAgeMs: ageMs, untilAgeMs: ageMs, ended: true })
  }
  for (let i = 0; i < Math.min(lies, MOST_COUNTED); i++)
    evidence.push({ measure: 'truthfulness', outcome: 'fault', source: 'watchers', atMs })
  return evidence
}
