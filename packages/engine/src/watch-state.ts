import type { CourtSpans, Hex } from '@souk/protocol'
import type { VoteRow } from './court-records.ts'
import type { CourtSigner } from './court-signer.ts'
import type { Persist } from './program.ts'
import type { Draws } from './watch-draw.ts'

/** What the watcher's program is given. */
export interface WatchContext {
  readonly rules: CourtSpans
  readonly signer: CourtSigner
}

/** Where a subject can be reached; passed through to the probe. */
export interface Whereabouts {
  readonly peerId: string
  readonly addresses: readonly string[]
}

/** Who is drawn for an epoch: its term's table and its seed. */
export interface Lot {
  readonly table: readonly Hex[]
  readonly seed: Hex
}

/** One watcher: the subjects that its seats give it, probed in each slot, and a vote on each after the epoch. */
export interface Watch {
  readonly draws: Draws
  /** Newest block seen, and when. */
  head: number | null
  headMs: number
  /** Milliseconds between blocks, by the newest two heads. */
  blockMs: number
  /** First block of the first slot that begins while this process runs: it abstains before. */
  fromBlock: number
  subjects: ReadonlyMap<Hex, Whereabouts>
  readonly epochs: Map<number, EpochWatch>
  /** Probes under way, by nonce. */
  readonly flights: Map<Hex, Flight>
  /** Subjects that have a row among the votes, and until which block it is kept. */
  readonly kept: Map<Hex, number>
  /** Highest such block of a vote that is deleted; see `forgotten`. */
  forgottenUntil: number
}

export interface EpochWatch {
  lot: Lot | null
  /** Keys whose seats were looked up under `lot`. */
  readonly considered: Set<Hex>
  readonly watched: Map<Hex, Watched>
}

export interface Watched {
  at: Whereabouts
  /** Slots, one bit each. */
  seen: number
  up: number
  plan: Plan | null
}

/** What is done about one subject in one slot. */
export interface Plan {
  /** Block from whose arrival on, and then so much of a block later, it is probed. */
  readonly block: number
  readonly blockShare: number
  /** `null` until that block has come. */
  dueMs: number | null
  tries: number
  /** Nonce of the probe under way. */
  flight: Hex | null
  outcome: 'open' | 'up' | 'down'
}

export interface Flight {
  readonly epoch: number
  readonly subject: Hex
  /** When its result is no longer waited for. */
  readonly untilMs: number
}

export type WatchEvent =
  | { readonly type: 'head'; readonly block: number }
  /** All keys that have bonds at stake now. */
  | { readonly type: 'subjects'; readonly subjects: ReadonlyMap<Hex, Whereabouts> }
  | ({ readonly type: 'seats'; readonly epoch: number } & Lot)
  /** A probe's end: the compact signature that came, or `null` when none did. */
  | { readonly type: 'probed'; readonly nonce: Hex; readonly signature: Hex | null }
  | { readonly type: 'tick' }

export type WatchEffect =
  | Persist
  /** Wanted: table and seed of an epoch, as event `seats`. Asked again in each slot until they come. */
  | { readonly do: 'seats'; readonly epoch: number }
  /** Wanted: the signature of `subject` over `Probe{nonce}`, as event `probed`, also when it fails. */
  | {
      readonly do: 'probe'
      readonly subject: Hex
      readonly at: Whereabouts
      readonly nonce: Hex
      readonly timeoutMs: number
    }
  /** A vote is on disk. */
  | {
      readonly do: 'voted'
      readonly subject: Hex
      readonly key: Hex
      readonly epoch: number
      readonly seen: number
      readonly up: number
    }

/**
 * Starts a watcher with what an earlier run left in the table of votes, and the mark of `forgotten`; `secret` is fresh
 * and random, 32 bytes.
 */
export function newWatch(
  secret: Hex,
  rows: ReadonlyMap<string, VoteRow> = new Map(),
  forgottenUntil = 0,
): Watch {
  return {
    draws: { secret, drawn: 0 },
    head: null,
    headMs: 0,
    blockMs: 0,
    fromBlock: 0,
    subjects: new Map(),
    epochs: new Map(),
    flights: new Map(),
    kept: new Map([...rows].map(([subject, row]) => [subject as Hex, row.untilBlock])),
    forgottenUntil,
  }
}
