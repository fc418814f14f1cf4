import type { CourtRules, FailureCode, Hex, Output, Quote } from '@souk/protocol'
import type { Summons, VoteRow } from './court-records.ts'
import type { CourtSigner } from './court-signer.ts'
import { type JuryDebt, newDebt } from './jury-allowance.ts'
import type { Persist } from './program.ts'

/** What the juror's program is given. */
export interface JuryContext {
  readonly rules: CourtRules
  readonly signer: CourtSigner
  /** Cores of this machine that trials may take, on average; as many as they like where it is not there. */
  readonly cores?: number
}

/** One juror: the challenges in whose committee it sits, each to be decided by executing the task again. */
export interface Jury {
  head: number | null
  readonly cases: Map<Hex, JuryCase>
  /** Subjects that have a row among the votes, and until which block it is kept. */
  readonly kept: Map<Hex, number>
  /** Highest such block of a vote that is deleted; see `forgotten`. */
  forgottenUntil: number
  /** What trials took lately. */
  readonly debt: JuryDebt
}

export interface JuryCase {
  readonly summons: Summons
  /**
   * `drawing`: its committee is not known yet; `queued`: this juror sits in it, and has too many cases open;
   * `waiting`: for its turn, or until it is tried again.
   */
  stage: 'drawing' | 'queued' | 'fetching' | 'waiting' | 'executing'
  isFetched: boolean
  /** Executions that this machine failed. */
  failures: number
  /** When it is tried again. */
  nextMs: number
  /** When the execution under way began. */
  sinceMs: number
  /** Block of the head when the committee was last asked for. */
  askedBlock: number | null
}

export type JuryEvent =
  | { readonly type: 'head'; readonly block: number }
  /** Again with another block where the challenge was mined anew. */
  | { readonly type: 'challenged'; readonly summons: Summons }
  /** Table of the term of the seed's block, and the seed; `block`: for which block's seed it was asked. */
  | {
      readonly type: 'seats'
      readonly subject: Hex
      readonly table: readonly Hex[]
      readonly seed: Hex
      readonly block?: number
    }
  /**
   * Whether the task and all its content are here now. `isWithheld`: somebody who has to serve it was reached and did
   * not; without it, it may be this machine that reached nobody.
   */
  | {
      readonly type: 'fetched'
      readonly subject: Hex
      readonly isComplete: boolean
      readonly isWithheld?: boolean
    }
  | { readonly type: 'executed'; readonly subject: Hex; readonly output: Output }
  /** `isTasksFault`: a `deadline` that no machine keeps, as the run had all the computing time that a court gives. */
  | {
      readonly type: 'failed'
      readonly subject: Hex
      readonly code: FailureCode
      readonly isTasksFault?: boolean
    }
  /** Resolved or lapsed on chain. */
  | { readonly type: 'settled'; readonly subject: Hex }
  | { readonly type: 'tick' }

export type JuryEffect =
  | Persist
  /** Wanted: the seed that `block` gives, and the table of its term, as event `seats`. */
  | { readonly do: 'seats'; readonly subject: Hex; readonly block: number }
  /** Wanted: the task and its content, of either party of the lease, as event `fetched`. */
  | { readonly do: 'fetch'; readonly subject: Hex; readonly task: Hex; readonly quote: Quote }
  /** Wanted: what the task gives here, as event `executed` or `failed`. */
  | { readonly do: 'execute'; readonly subject: Hex; readonly task: Hex }
  /** A ballot is on disk. */
  | { readonly do: 'voted'; readonly subject: Hex; readonly value: Hex }
  /** The case is over here; what is under way for it can stop. */
  | { readonly do: 'dropped'; readonly subject: Hex }

/** Starts a juror with what an earlier run left in the tables of summonses and votes, and the mark of `forgotten`. */
export function newJury(
  summonses: ReadonlyMap<string, Summons> = new Map(),
  rows: ReadonlyMap<string, VoteRow> = new Map(),
  forgottenUntil = 0,
): Jury {
  const open = [...summonses].filter(([subject]) => !rows.has(subject))
  return {
    head: null,
    cases: new Map(open.map(([subject, summons]) => [subject as Hex, newCase(summons)])),
    kept: new Map([...rows].map(([subject, row]) => [subject as Hex, row.untilBlock])),
    forgottenUntil,
    debt: newDebt(),
  }
}

/** Starts a case of which only the challenge is known. */
export function newCase(summons: Summons): JuryCase {
  const times = { nextMs: Number.NEGATIVE_INFINITY, sinceMs: 0 }
  const fresh = { isFetched: false, failures: 0, ...times, askedBlock: null }
  return { summons, stage: 'drawing', ...fresh }
}
