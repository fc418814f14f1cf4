import { type Evidence, newcomer, observe } from '@souk/availability'
import type { ExperienceRow } from '@souk/engine'

/** What a requester sees itself of a provider; ages are milliseconds since the lease began. */
export type Happening =
  /**
   * How a lease ended: `finished` when it was no longer needed, `lost` with its provider, `left` by its provider with
   * notice, `degraded` because nothing moved although it beat.
   */
  | { readonly kind: 'finished' | 'lost' | 'left' | 'degraded'; readonly ageMs: number }
  /** A result that was accepted: others came to the same, or nobody looked. */
  | { readonly kind: 'verified' | 'unchecked' }
  /** An attempt that the provider failed, and a result that was found wrong. */
  | { readonly kind: 'failed' | 'convicted' }

/** Starts a row of somebody nobody has seen. */
export function noExperience(nowMs: number): ExperienceRow {
  const { tallies, exposures } = newcomer(nowMs)
  return {
    record: { atMs: nowMs, tallies, exposures: [...exposures] },
    leases: { finished: 0, lost: 0, left: 0, degraded: 0 },
    results: { verified: 0, unchecked: 0, failed: 0, convicted: 0 },
  }
}

/** Adds what was seen to a row, in place. */
export function experience(row: ExperienceRow, seen: Happening, atMs: number): void {
  for (const evidence of evidenceOf(seen, atMs)) observe(row.record, evidence)
  switch (seen.kind) {
    case 'finished':
    case 'lost':
    case 'left':
    case 'degraded':
      row.leases[seen.kind] += 1
      return
    default:
      row.results[seen.kind] += 1
  }
}

/** A lease that lasted shows as well that the offer behind it was true. */
function evidenceOf(seen: Happening, atMs: number): Evidence[] {
  const own = { source: 'own', atMs } as const
  const good = { outcome: 'good', ...own } as const
  const fault = { outcome: 'fault', ...own } as const
  switch (seen.kind) {
    case 'finished':
      return [lived(seen.ageMs, false, atMs), { measure: 'truthfulness', ...good }]
    case 'lost':
    case 'left':
    case 'degraded':
      return [lived(seen.ageMs, true, atMs)]
    case 'verified':
      return [
        { measure: 'completion', ...good },
        { measure: 'correctness', ...good },
      ]
    case 'unchecked':
      return [{ measure: 'completion', ...good }]
    case 'failed':
      return [{ measure: 'completion', ...fault }]
    case 'convicted':
      return [{ measure: 'correctness', ...fault }]
  }
}

function lived(ageMs: number, ended: boolean, atMs: number): Evidence {
  const untilAgeMs = Math.max(0, ageMs)
  return { measure: 'availability', fromAgeMs: 0, untilAgeMs, ended, source: 'own', atMs }
}
