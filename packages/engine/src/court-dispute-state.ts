import type { CourtId, CourtRules, Hex, NetworkId, Quote, Receipt, SeatedVote } from '@souk/protocol'
import type { Answer, Collection } from './court-collect.ts'

/** What the program of a dispute is given. */
export interface DisputeContext {
  readonly rules: CourtRules
  readonly court: CourtId
  readonly network: NetworkId
}

/** A result as a challenge names it. */
export type ChallengedResult = Pick<Receipt, 'lease' | 'task' | 'output'>

/** A result before a jury, as one side of its lease carries the dispute on. */
export interface Dispute {
  readonly quote: Quote
  readonly result: ChallengedResult
  /** Proves the result to the court; `null` on the side that is accused of it, which challenges nothing. */
  readonly receipt: Receipt | null
  readonly subject: Hex
  head: number | null
  /** As the court has it; `null` until it was read. */
  standing: DisputeStanding | null
  collection: Collection | null
  /** Block of the head when the jury was drawn; `null` where it has to be drawn, again perhaps. */
  drawnBlock: number | null
  /** Blocks of the head when the jury was last asked for, and when a call was last sent. */
  askedBlock: number | null
  sentBlock: number | null
  /** Block of the head when enough ballots first agreed. */
  readyBlock: number | null
  isOver: boolean
}

/** Where a dispute stands on chain. */
export type DisputeStanding =
  /** `isOpen`: the lease can still be challenged: it is not closed, and no other result of it was. */
  | { readonly stage: 'none'; readonly isOpen: boolean }
  | { readonly stage: 'pending'; readonly challengedAt: number }
  | { readonly stage: 'done' }

export type DisputeEvent =
  | { readonly type: 'head'; readonly block: number }
  | { readonly type: 'standing'; readonly standing: DisputeStanding }
  /** Table of the term of the seed's block, and the seed; `block`: for which block's seed it was asked. */
  | {
      readonly type: 'seats'
      readonly table: readonly Hex[]
      readonly seed: Hex
      readonly block?: number
    }
  | { readonly type: 'answered'; readonly key: Hex; readonly vote: Answer | null }
  | { readonly type: 'tick' }

export type DisputeEffect =
  /** Wanted: where it stands, as event `standing`. */
  | { readonly do: 'look'; readonly subject: Hex }
  | { readonly do: 'challenge'; readonly quote: Quote; readonly receipt: Receipt }
  /**
   * Wanted: the seed that `block` gives, and the table of its term, as event `seats`; again when the challenge was
   * mined anew, before a verdict that was not counted is sent again, and every few blocks until there is a verdict. `fresh`: both as the chain has them now, not as
   * they were read before, for a key may have been slashed.
   */
  | { readonly do: 'seats'; readonly subject: Hex; readonly block: number; readonly fresh: boolean }
  /** Wanted: the ballot of `key` on `subject`, as event `answered`, also when it gives none. */
  | { readonly do: 'ask'; readonly subject: Hex; readonly key: Hex }
  | {
      readonly do: 'resolve'
      readonly quote: Quote
      readonly task: Hex
      readonly output: Hex
      readonly verdict: Hex
      /** Ballots for the verdict, by seat. */
      readonly votes: readonly SeatedVote[]
    }
  | { readonly do: 'lapse'; readonly quote: Quote; readonly task: Hex; readonly output: Hex }
  | { readonly do: 'over' }
