import { codec, count, LIMITS, text, uint } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Ranges of addresses that one mapping names. */
export const MOST_RANGES = 4_096
/** Bytes of a row: a whole mapping. */
const PLAN_ROW_BYTES = 2 * LIMITS.frameBytes

/** What an operator knows of a range of addresses. */
export const domainRow = z.strictObject({
  /** `address/bits`. */
  prefix: text(64),
  region: text(32).nullable(),
  asn: count(2 ** 32 - 1).nullable(),
})
export type DomainRow = z.output<typeof domainRow>

const plan = z.strictObject({
  /** Chance that enough leases survive, in (0, 1), and how many are enough. */
  target: z.number().gt(0).lt(1),
  k: count(16).min(1),
  /** Seconds that they shall survive. */
  seconds: count(),
  domains: z.array(domainRow).max(MOST_RANGES),
  /** The set that was chosen last. */
  chosen: z.strictObject({
    peers: z.array(text(128)).max(16),
    /** Base units × 1e12 per second, of all together. */
    rateE12: uint(128),
    /** Chance that k of them survive, never more than it is. */
    survival: z.number().min(0).max(1),
    /** Members whose place nobody knows: they count as one place. */
    unknown: count(16),
  }),
})
export type PlanRow = z.output<typeof plan>

/** What a job wants of its leases' availability, and the set that was chosen for it. */
export const plans: Table<PlanRow> = { table: 'plans', codec: codec('plans row', plan, PLAN_ROW_BYTES) }
