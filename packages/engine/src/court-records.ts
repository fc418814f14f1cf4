import { address, codec, count, digest, type Hex, quote, signature } from '@souk/protocol'
import { z } from 'zod'
import type { Write } from './program.ts'
import { put, type Table } from './records.ts'

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

/**
 * What was the last of all votes' `untilBlock` that are deleted, by who deleted them: nothing is signed again that would
 * be deleted by now, however far the chain that is shown afterwards is behind.
 */
export const forgotten: Table<{ untilBlock: number }> = {
  table: 'forgotten',
  codec: codec('forgotten row', z.strictObject({ untilBlock: count() }), COURT_ROW_BYTES),
}

/** Forgets the votes that nobody can use at `head` any more; returns the writes, the mark of `who` among them. */
export function forgetVotes(
  who: 'jury' | 'watch',
  held: { readonly kept: Map<Hex, number>; forgottenUntil: number },
  head: number,
): Write[] {
  const old = [...held.kept].filter(([, untilBlock]) => untilBlock <= head)
  if (old.length === 0) return []
  for (const [subject] of old) held.kept.delete(subject)
  held.forgottenUntil = Math.max(held.forgottenUntil, ...old.map(([, untilBlock]) => untilBlock))
  const rows = old.map(([key]) => ({ table: votes.table, key, value: null }))
  return [put(forgotten, who, { untilBlock: held.forgottenUntil }), ...rows]
}

/** Returns the mark that an earlier run left, whoever set it. */
export function lastForgotten(rows: ReadonlyMap<string, { untilBlock: number }>): number {
  return Math.max(0, ...[...rows.values()].map(({ untilBlock }) => untilBlock))
}

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

const membership = z.strictObject({
  /** Whether the key takes its further places by itself. */
  renews: z.boolean(),
  /** Whose stake it had when that was last looked at. */
  account: address.nullable(),
})
/** Whether this process goes on watching from term to term, by chain and key: the operator's word, until it is changed. */
export const memberships: Table<z.output<typeof membership>> = {
  table: 'memberships',
  codec: codec('memberships row', membership, COURT_ROW_BYTES),
}
export type MembershipRow = z.output<typeof membership>
