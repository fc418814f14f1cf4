import { codec, count, uint } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of a row: some counts and four amounts. */
const SERVICE_ROW_BYTES = 1_024

const serviceRow = z.strictObject({
  /** Milliseconds since the epoch at which the lease began, and up to which it was watched. */
  sinceMs: count(),
  untilMs: count(),
  /** Milliseconds in which beats came and the provider was of use, in which it was doubted, and without a connection. */
  upMs: count(),
  degradedMs: count(),
  downMs: count(),
  /** Milliseconds in which we were not there to see. */
  unseenMs: count(),
  /** Times that the connection was lost, and the longest of them in milliseconds. */
  outages: count(),
  longestMs: count(),
  /** Slots that the escrow counts as down. */
  downSlots: count(),
  /** Base units of the result bond that went to the court. */
  seized: uint(96),
  /** What the escrow did with the money at the end, in base units; `null` until then. */
  closed: z
    .strictObject({ paid: uint(96), refund: uint(96), toRequester: uint(96), burned: uint(96) })
    .nullable(),
})
export type ServiceRow = z.output<typeof serviceRow>

/** What one lease came to, as its requester saw it and as the chain says (docs/AVAILABILITY.md). */
export const serviceLevels: Table<ServiceRow> = {
  table: 'serviceLevels',
  codec: codec('serviceLevels row', serviceRow, SERVICE_ROW_BYTES),
}
