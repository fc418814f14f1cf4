import type { FrameOf } from '@souk/protocol'
import { persist, type Write } from './program.ts'
import { executionKey, put, saved } from './records.ts'
import { type SellerEffect, type SellerLease, transmit } from './seller-state.ts'

/** A checkpoint whose blocks are here. */
export interface SavedCheckpoint {
  readonly cid: string
  /** Bytes of its files together. */
  readonly bytes: number
}

/** Checkpoints of one running attempt. */
export interface SavedPair {
  /** What the requester was told of and may be fetching. */
  told: SavedCheckpoint
  /** The newest since; it takes the place of one that nobody was told of. */
  next: SavedCheckpoint | null
}

/**
 * Takes in a checkpoint of a running program. The requester is told of one at a time, the newest when it is done with
 * the last: what it fetches stays here meanwhile, however fast the program saves.
 */
export function onSaved(state: SellerLease, attempt: string, checkpoint: SavedCheckpoint): SellerEffect[] {
  if (!state.running.has(attempt)) return [{ do: 'shelve', attempt, cids: [] }]
  const pair = state.saved.get(attempt)
  if (pair === undefined) return tell(state, attempt, checkpoint)
  pair.next = checkpoint.cid === pair.told.cid ? null : checkpoint
  return [shelve(state, attempt)]
}

/** The requester is done with a checkpoint: it is told of the newest since. */
export function onTaken(state: SellerLease, { attempt, cid }: FrameOf<'taken'>): SellerEffect[] {
  const pair = state.saved.get(attempt)
  if (pair?.told.cid !== cid) return []
  if (pair.next !== null) return tell(state, attempt, pair.next)
  state.saved.delete(attempt)
  return [persist('committed', rowOf(state, attempt, null)), shelve(state, attempt)]
}

/** Tells again, over a new stream, what was told over the last. */
export function tellAgain(state: SellerLease): SellerEffect[] {
  return [...state.saved].flatMap(([attempt, { told }]) => announce(state, attempt, told))
}

/** Lets the checkpoints of attempts go that are over; rows and effects. */
export function forgetSaved(
  state: SellerLease,
  attempts: readonly string[],
): { rows: Write[]; effects: SellerEffect[] } {
  const gone = attempts.filter((attempt) => state.saved.delete(attempt))
  return {
    rows: gone.map((attempt) => rowOf(state, attempt, null)),
    effects: gone.map((attempt) => ({ do: 'shelve', attempt, cids: [] })),
  }
}

/** Its row is durable before anybody hears of a checkpoint. */
function tell(state: SellerLease, attempt: string, told: SavedCheckpoint): SellerEffect[] {
  state.saved.set(attempt, { told, next: null })
  return [
    persist('committed', rowOf(state, attempt, told)),
    shelve(state, attempt),
    ...announce(state, attempt, told),
  ]
}

function announce(state: SellerLease, attempt: string, { cid, bytes }: SavedCheckpoint): SellerEffect[] {
  return transmit(state, { t: 'checkpoint', ack: state.channel.inSeq, attempt, cid, bytes })
}

function shelve(state: SellerLease, attempt: string): SellerEffect {
  const { told, next } = state.saved.get(attempt) ?? { told: null, next: null }
  const cids = [told, next].flatMap((one) => (one === null ? [] : [one.cid]))
  return { do: 'shelve', attempt, cids }
}

function rowOf({ sale }: SellerLease, attempt: string, checkpoint: SavedCheckpoint | null): Write {
  const key = executionKey(sale.lease, attempt)
  return checkpoint === null ? { table: saved.table, key, value: null } : put(saved, key, checkpoint)
}
