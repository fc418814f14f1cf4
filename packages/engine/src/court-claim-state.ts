import type { CourtId, CourtSpans, Hex, Quote, SeatedVote } from '@souk/protocol'
import type { Answer, Collection } from './court-collect.ts'

/** What programs that bring something before a court are given. */
export interface CourtContext {
  readonly rules: CourtSpans
  readonly court: CourtId
}

/** A lease as escrow and court have it. */
export interface ClaimedLease {
  /** Blocks [from, until) in which it was, or may yet be. */
  readonly from: number
  readonly until: number
  readonly downSlots: number
  readonly isClosed: boolean
}

/** What the court found about one epoch of a lease; bit s is slot s. */
export interface DownRecord {
  readonly down: number
  readonly refuted: number
}

/** A requester's claim that its provider was down during a lease. */
export interface Claim {
  readonly quote: Quote
  lease: ClaimedLease
  head: number | null
  /** The first epoch that was not yet looked at. */
  nextEpoch: number
  readonly epochs: Map<number, EpochClaim>
  isOver: boolean
}

export interface EpochClaim {
  /** `null` until the lot is known. */
  collection: Collection | null
  /** Whether the lot is known since the last report was sent. */
  isDrawn: boolean
  /** `null` until the court was read. */
  record: DownRecord | null
  /** Block of the head when both were last asked for, and when a report was last sent. */
  askedBlock: number | null
  sentBlock: number | null
}

export type ClaimEvent =
  | { readonly type: 'head'; readonly block: number }
  | { readonly type: 'lease'; readonly lease: ClaimedLease }
  /** Table and seed of an epoch. */
  | {
      readonly type: 'seats'
      readonly epoch: number
      readonly table: readonly Hex[]
      readonly seed: Hex
    }
  | ({ readonly type: 'record'; readonly epoch: number } & DownRecord)
  | {
      readonly type: 'answered'
      readonly epoch: number
      readonly key: Hex
      readonly vote: Answer | null
    }
  | { readonly type: 'tick' }

export type ClaimEffect =
  /**
   * Wanted: the lot of an epoch, as event `seats`, and what the court has found, as event `record`; at each head until
   * they come. `fresh`: the lot as the chain has it now, not as it was read before, for a key may have been slashed.
   */
  | { readonly do: 'look'; readonly epoch: number; readonly fresh: boolean }
  /** Wanted: the vote of `key` on `subject`, as event `answered`, also when it gives none. */
  | { readonly do: 'ask'; readonly epoch: number; readonly subject: Hex; readonly key: Hex }
  | {
      readonly do: 'report'
      readonly quote: Quote
      readonly epoch: number
      /** Slots that these votes prove and the court does not count yet, as a map. */
      readonly slots: number
      readonly votes: readonly SeatedVote[]
    }
  /** Nothing more can come of it. */
  | { readonly do: 'over' }

/** Starts the claim of a lease that broke or fell silent; everything else it asks for. */
export function newClaim(quote: Quote, lease: ClaimedLease): Claim {
  return { quote, lease, head: null, nextEpoch: 0, epochs: new Map(), isOver: false }
}
