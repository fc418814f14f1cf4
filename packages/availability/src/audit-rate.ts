import { assert } from '@souk/protocol'

/** Share of results that is executed again however good a record is: who knows to be safe begins to cheat. */
export const AUDIT_FLOOR = 0.05
/** Times the rate at which cheating breaks even, so that it loses also where some audits miss it. */
export const AUDIT_MARGIN = 2

/** What an account has shown, and what it could win and lose by a wrong result; money in base units. */
export interface AuditStanding {
  /** Audits in a row that found its results right. Results that nobody looked at do not count. */
  readonly valid: number
  /** What one wrong result that nobody notices is worth to it: at most the price of the task. */
  readonly gain: bigint
  /** What it loses when one is noticed: the result bond that a court would take. */
  readonly stake: bigint
}

/**
 * Returns the share of an account's results to execute again: max(1 / valid, 2 × gain / (gain + stake), floor), in
 * (0, 1].
 *
 * At gain / (gain + stake) an account that cheats gains as much as it loses. 1 / valid is the rate of adaptive
 * replication in BOINC (Anderson, "BOINC: a platform for volunteer computing", 2020), here over results that were
 * looked at.
 */
export function auditRate({ valid, gain, stake }: AuditStanding, floor: number = AUDIT_FLOOR): number {
  assert(gain >= 0n && stake >= 0n && valid >= 0, 'money and counts are not negative')
  const evens = gain === 0n ? 0 : Number(gain) / Number(gain + stake)
  return Math.min(1, Math.max(1 / Math.max(1, valid), AUDIT_MARGIN * evens, floor))
}
