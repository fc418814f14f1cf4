import { codec, LIMITS, offer } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

const holdRecord = z.strictObject({
  /** The offer by which it was made: what a lease of it is measured against. */
  offer,
  /** Whether a lease had its capacity: then all of its fee is due. */
  claimed: z.boolean(),
  /** Why the last lease that was asked of it did not come; empty where none failed. */
  failure: z.string().max(512),
  /** Whether its provider was away in its time: then nothing is agreed, for that would waive its bond. */
  broke: z.boolean().default(false),
})
export type HoldRecord = z.output<typeof holdRecord>

/** What a requester keeps of a reservation beside its purchase (PROTOCOL §15). */
export const reservations: Table<HoldRecord> = {
  table: 'reservations',
  codec: codec('reservations row', holdRecord, 2 * LIMITS.offerBytes),
}
