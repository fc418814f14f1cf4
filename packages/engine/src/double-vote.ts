import { address, type CourtId, codec, digest, type Hex, isCourtSigned, signature } from '@souk/protocol'
import { z } from 'zod'
import type { Answer } from './court-collect.ts'
import { type Persist, persist } from './program.ts'
import { put, type Table } from './records.ts'

/** A value that a key signed for a subject. */
export interface SignedVote extends Answer {
  readonly subject: Hex
  readonly key: Hex
}

/** Bytes of one row: four words and two signatures. */
const DOUBLE_VOTE_ROW_BYTES = 4_096
/** Votes remembered to compare others with, the newest. */
const MOST_SEEN_VOTES = 8_192
/** Double votes remembered, also after their stakes are gone: the same proof is not brought twice. */
const MOST_DOUBLE_VOTES = 256
/** Blocks until the proof is brought again where that failed, or was not worth its gas. */
const PROVE_AGAIN_BLOCKS = 8

const answer = z.strictObject({ value: digest, signature })
const doubleVote = z.strictObject({
  ...{ subject: digest, key: address, first: answer, second: answer },
  /** Whether its key's stake is gone, whoever saw to it. */
  done: z.boolean(),
})
export type DoubleVote = z.output<typeof doubleVote>

/** Keys that signed two values for one subject, by court, key and subject. */
export const doubleVotes: Table<DoubleVote> = {
  table: 'double-votes',
  codec: codec('double votes row', doubleVote, DOUBLE_VOTE_ROW_BYTES),
}

/** Returns the prefix of the rows of a court. */
export function doubleVotePrefix({ chainId, court }: CourtId): string {
  return `${chainId}/${court}/`
}

/** What one process saw signed before the court. */
export interface VoteStock {
  readonly seen: Map<string, Answer>
  /** By the key of their row. */
  readonly found: Map<string, DoubleVote>
  /** Block at which a proof may be brought again, of those that are under way or failed. */
  readonly againAt: Map<string, number>
  head: number
}

export type VoteStockEvent =
  /** Votes that were given; what their signatures are worth is looked at here. */
  | { readonly type: 'votes'; readonly votes: readonly SignedVote[] }
  | { readonly type: 'head'; readonly block: number }
  /** The stake of a double voter is gone. */
  | { readonly type: 'gone'; readonly row: string }

export type VoteStockEffect =
  | Persist
  /** Wanted: the stake of `vote.key` taken by this proof, and event `gone` once it is. */
  | { readonly do: 'prove'; readonly row: string; readonly vote: DoubleVote }

/** Opens a stock with the rows that an earlier run left. */
export function newVoteStock(rows: Iterable<readonly [string, DoubleVote]> = []): VoteStock {
  return { seen: new Map(), found: new Map(rows), againAt: new Map(), head: 0 }
}

/**
 * Decides what one event means for keys that sign two values for one subject, which costs them their stake: the proof is
 * durable before it is brought, and brought until the stake is gone.
 */
export function advanceVoteStock(court: CourtId, stock: VoteStock, event: VoteStockEvent): VoteStockEffect[] {
  switch (event.type) {
    case 'votes':
      return event.votes.flatMap((vote) => note(court, stock, vote))
    case 'head':
      stock.head = Math.max(stock.head, event.block)
      return [...stock.found].flatMap(([row, vote]) => prove(stock, row, vote))
    case 'gone':
      return finish(stock, event.row)
  }
}

function note(court: CourtId, stock: VoteStock, vote: SignedVote): VoteStockEffect[] {
  const { subject, key, value, signature: signed } = vote
  const row = `${doubleVotePrefix(court)}${key}/${subject}`
  const before = stock.seen.get(row)
  if (before === undefined) remember(stock, row, { value, signature: signed })
  if (before === undefined || before.signature === signed) return []
  if (stock.found.has(row) || !isSigned(court, vote)) return []
  // Nobody looked at the one before as long as there was nothing to compare it with.
  const isDouble = before.value !== value && isSigned(court, { ...vote, ...before })
  if (isDouble) return find(stock, row, { subject, key, first: before, second: { value, signature: signed } })
  remember(stock, row, { value, signature: signed })
  return []
}

function isSigned(court: CourtId, { subject, key, value, signature: signed }: SignedVote): boolean {
  return isCourtSigned(court, 'Vote', { subject, value }, signed, key)
}

function remember({ seen }: VoteStock, row: string, given: Answer): void {
  seen.delete(row)
  seen.set(row, given)
  const [oldest] = seen.keys()
  if (seen.size > MOST_SEEN_VOTES && oldest !== undefined) seen.delete(oldest)
}

function find(stock: VoteStock, row: string, proof: Omit<DoubleVote, 'done'>): VoteStockEffect[] {
  const vote = { ...proof, done: false }
  stock.found.set(row, vote)
  const [oldest] = stock.found.keys()
  const forgotten = stock.found.size > MOST_DOUBLE_VOTES && oldest !== undefined ? [oldest] : []
  for (const old of forgotten) stock.found.delete(old)
  const writes = forgotten.map((old) => ({ table: doubleVotes.table, key: old, value: null }))
  return [persist('synced', put(doubleVotes, row, vote), ...writes), ...prove(stock, row, vote)]
}

function prove({ againAt, head }: VoteStock, row: string, vote: DoubleVote): VoteStockEffect[] {
  if (vote.done || head < (againAt.get(row) ?? 0)) return []
  againAt.set(row, head + PROVE_AGAIN_BLOCKS)
  return [{ do: 'prove', row, vote }]
}

function finish(stock: VoteStock, row: string): VoteStockEffect[] {
  const vote = stock.found.get(row)
  stock.againAt.delete(row)
  if (vote === undefined || vote.done) return []
  vote.done = true
  return [persist('committed', put(doubleVotes, row, vote))]
}
