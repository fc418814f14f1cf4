import { codec, count, text } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of a row: an address and some numbers. */
const FRONT_ROW_BYTES = 1_024

const frontRow = z.strictObject({
  host: text(256),
  /** The port that it listens on, the same after a restart. */
  port: count(65_535).min(1),
  /** The port of the program that serves HTTP itself; null for one that answers as CGI does. */
  programPort: count(65_535).min(1).nullable(),
  /** Path that a replica answers once it is ready. */
  health: text(1_024),
  /** Milliseconds that a request may run. */
  deadlineMs: count(3_600_000).min(1),
  /** Requests that one replica is given at the same time. */
  concurrency: count(16).min(1),
  /** Requests that may wait for a replica, and milliseconds that each may. */
  buffer: z.strictObject({ most: count(10_000), waitMs: count(3_600_000).min(1) }),
})
export type FrontRow = z.output<typeof frontRow>

/** The local ends of services, by job. */
export const fronts: Table<FrontRow> = {
  table: 'fronts',
  codec: codec('fronts row', frontRow, FRONT_ROW_BYTES),
}
