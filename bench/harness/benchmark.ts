import type { TraceSource } from './trace-source.ts'

/** Samples of one round, in the benchmark's unit. */
export interface Round {
  readonly ours: readonly number[]
  readonly peer: readonly number[]
  readonly limit: readonly number[]
}

/** A further condition of a target. */
export interface Condition {
  readonly name: string
  readonly value: number
  readonly op: '<=' | '>='
  readonly bound: number
  readonly ok: boolean
}

/** What single transactions cost, as the median of their receipts, and which targets that meets. */
export interface GasFigures {
  readonly gas: Readonly<Record<string, number>>
  readonly targets: Readonly<Record<string, { readonly bound: number; readonly met: boolean }>>
}

/** A benchmark that is set up and can be measured. */
export interface Session {
  /** Name and version of the peer that `ours` is held against. */
  readonly peerVersion: string
  /** Measures ours, the peer and the raw limit alternately. */
  round(): Promise<Round>
  /** Returns the further conditions of the target, over all rounds. */
  conditions(): readonly Condition[]
  /** Returns the ratio so far, where the target is about more than the quotient of two medians. */
  ratio?(): number
  /** What was replayed, where the benchmark replays anything. */
  readonly source?: readonly TraceSource[]
  /** Returns what each transaction cost, where the benchmark is about that. */
  gasFigures?(): GasFigures
  /** Returns sentences about where the time went, for people. */
  remarks(): readonly string[]
  stop(): Promise<void>
}

/** What a benchmark is told while it is set up. */
export interface Setup {
  readonly signal: AbortSignal
  /** Folder of the traces to replay; null for made-up ones. */
  readonly traces: string | null
  /** Says on standard error what is being done. */
  step(sentence: string): void
}

/** One comparison that `npm run bench -- NAME` runs. */
export interface Benchmark {
  readonly name: string
  readonly unit: 'ms' | 'us' | 'gas' | 'tasks/s' | 'MiB' | '%'
  /** What ours, the peer and the limit are, each in a few words. */
  readonly compares: { readonly ours: string; readonly peer: string; readonly limit: string }
  /** The target: ours against the peer or the limit, at most `bound` times it, or at least where `op` says so. */
  readonly target: { readonly against: 'peer' | 'limit'; readonly bound: number; readonly op?: '<=' | '>=' }
  /** Starts what is measured. Throws {@link MissingPeer} where this machine lacks the peer. */
  open(setup: Setup): Promise<Session>
}

/** The peer of a comparison is not on this machine; the sentence says what to install. */
export class MissingPeer extends Error {}
