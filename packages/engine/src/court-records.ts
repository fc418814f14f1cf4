import { codec, count, digest, quote, signature } from '@souk/protocol'
import { z } from 'zod'
import type { Table } from './records.ts'

/** Bytes of one row of the court's tables. */
const COURT_ROW_BYTES = 4_096

const vote = z.strictObject({
  value: digest,
  /** Over `Vote(subject, value)`. */
  signature,
  /** First block in which nobody needs it any more. */
  untilBlock: count(),
})
export type VoteRow = z.output<typeof vote>

/**
 * What this key signed, by subject: votes on downtime and on results alike. Written once and never changed, for two
 * values for one subject burn the stake; what peers ask for is answered from this table and from nowhere else.
 */
export const votes: Table<VoteRow> = { table: 'votes', codec: codec('votes row', vote, COURT_ROW_BYTES) }

const summons = z.strictObject({
  quote,
  lease: digest,
  task: digest,
  /** The provider's output, which is challenged. */
  output: digest,
  /** Block of the challenge. */
  block: count(),
})
/** A challenge that may want this juror's ballot, by subject, until it has voted or need not. */
export const summonses: Table<Summons> = {
  table: 'summonses',
  codec: codec('summonses row', summons, COURT_ROW_BYTES),
}
export type Summons = z.output<typeof summons>
