import type { Assurance, Comparator, StandbyLevel, VerdictReason } from '@souk/availability'
import type { PoolPolicy } from '@souk/elastic'
import type { DecisionRow, DomainRow, Doubt, PlanRow, SecretUse, Shortage } from '@souk/engine'
import type { Content, Demand, Hex, Output, Task } from '@souk/protocol'
import type { ProofVerdict } from './gpu-verdict.ts'
import type { RunwayWarning } from './runway-watch.ts'

/** Content of a job: whole bytes, or what the job's block store has already, pinned to the job. */
export type ContentSource = Uint8Array | Content

/** What a user asks for: tasks, how far their results are checked, and on what they run. */
export interface JobSpec {
  /** For people. */
  readonly name: string
  readonly tasks: readonly Task[]
  /** Every program, input and standard input that the tasks name. */
  readonly content: readonly ContentSource[]
  /**
   * How far results are checked; `k` and `n` alone are a quorum of `k` equal results of distinct accounts, of at most
   * `n` replicas, and 1 of 1 is no checking.
   */
  readonly assurance: Assurance | { readonly k: number; readonly n: number }
  /**
   * When two results count as equal; unless told, what is usual for the engine (`defaultComparator`). The program of a
   * `custom` one is among the content.
   */
  readonly comparator?: Comparator
  /** Milliseconds of execution per attempt. */
  readonly deadlineMs: number
  /** Milliseconds that an execution is expected to take, for the estimate; the deadline unless told. */
  readonly expectedMs?: number
  readonly demand: Demand
  /** Leases to hold at the same time. */
  readonly leases: number
  /**
   * The user's secrets that tasks find below `/run/secrets`, if their environment says so (`withSecrets`). Every
   * provider of the job sees them.
   */
  readonly secrets?: readonly SecretUse[]
  /** Its tasks are replicas of a service, each on a core of its own for as long as it may run; not unless told. */
  readonly service?: boolean
  /** It takes further tasks of the same content (`JobRunner.add`) until it is sealed; not unless told. */
  readonly open?: boolean
  /**
   * Chance, in (0, 1), that `assurance.k` of its leases live as long as the demand says. The leases are then those that a
   * plan chooses, whatever `leases` says (docs/AVAILABILITY.md §3).
   */
  readonly availability?: number
  /** Where addresses are, by the operator's own knowledge, for that plan. */
  readonly domains?: readonly DomainRow[]
  /** How far a successor of a provider in doubt is prepared; `warm` unless told. */
  readonly standby?: StandbyLevel
  /** Milliseconds that the job waits for money before it fails, each time; it does not wait unless told. */
  readonly graceMs?: number
  /** How its leases grow and shrink with its work and within a budget; it holds as many as `leases` says unless told. */
  readonly pool?: PoolPolicy
}

/** What a job costs and takes under its assurance, as expected values. */
export interface JobEstimate {
  /** As `--assurance` reads it. */
  readonly assurance: string
  /** Executions of one task. */
  readonly executions: number
  /** Base units, rounded up. */
  readonly price: bigint
  readonly timeMs: number
  /** Milliseconds of one execution that it reckons with, and whether that is the deadline alone. */
  readonly taskMs: number
  readonly isBound: boolean
  readonly leases: number
}

/** How far bytes of a job have come: told while they move, to those who listen then. */
export interface Progress {
  readonly what: 'input' | 'upload' | 'download'
  /** The source of an input, or the peer at the other end. */
  readonly name: string
  readonly haveBytes: number
  /** Null where nobody knows it before. */
  readonly totalBytes: number | null
}

/** What happens to a job, in order; times are milliseconds since the epoch. */
export type JobEventReport = { readonly atMs: number } & (
  | { kind: 'lease'; lease: Hex; provider: Hex; subject: Hex; peerId: string; negotiatedMs: number }
  | { kind: 'lease-over'; lease: Hex; subject: Hex; phase: 'closed' | 'lost'; why: string }
  | { kind: 'refused'; peerId: string; why: string }
  | { kind: 'dispatched'; lease: Hex; attempts: readonly string[] }
  | { kind: 'suspended'; lease: Hex; attempts: readonly string[] }
  | { kind: 'failed'; lease: Hex; attempt: string; code: string; message: string }
  /** The provider of a lease is in doubt, by what was seen of it, after so much silence. */
  | { kind: 'suspect'; lease: Hex; subject: Hex; reason: VerdictReason; silentMs: number }
  /** A task that was lost runs on another lease; what its old provider was in doubt for, null where nothing was. */
  | { kind: 'failed-over'; index: number; attempt: string; from: Hex; lease: Hex; reason: Doubt | null }
  /** It is there after all. */
  | { kind: 'refuted'; lease: Hex; subject: Hex; reason: VerdictReason; afterMs: number }
  /** A running attempt saved its state, and that is here. */
  | { kind: 'checkpoint'; index: number; attempt: string; bytes: number }
  /** A checkpoint that a provider told of is none, or could not be had; the attempt goes on. */
  | { kind: 'checkpoint-refused'; lease: Hex; attempt: string; code: string; message: string }
  /** An attempt goes on from a checkpoint: the court judges no such result. */
  | { kind: 'continued'; index: number; attempt: string; lease: Hex }
  | { kind: 'accepted'; index: number; done: number; total: number; status: Output['status'] }
  | { kind: 'task-failed'; index: number; code: string; message: string }
  /** The leases that the job holds, or is about to: of these `k` survive `seconds` with the chance `survival`. */
  | ({ kind: 'plan'; target: number; k: number; seconds: number } & PlanRow['chosen'])
  /** What the job's pool of leases is to be from now on, and why. */
  | ({ kind: 'pool' } & Omit<DecisionRow, 'atMs'>)
  /** The job leases this model of GPU alone, so that its results can be compared. */
  | { kind: 'device-class'; model: string }
  /** Two results of a task do not count as equal. */
  | { kind: 'differs'; index: number; why: string }
  | { kind: 'caught'; index: number; lease: Hex; subject: Hex }
  /** A leased GPU was asked for a proof; what it came to, and who gave it. */
  | ({ kind: 'proof'; lease: Hex; subject: Hex } & ProofVerdict)
  /** What the job costs and takes, said before anything is bought. */
  | ({ kind: 'estimate' } & JobEstimate)
  /** A result is held back until it was looked at, or nobody wanted to for long enough. */
  | { kind: 'held'; index: number }
  /** A task was executed again on this machine; false where it did not come to an output. */
  | { kind: 'rechecked'; index: number; done: boolean }
  /** An audit of an account's result is over; `valid` counts those in a row that found it right. */
  | { kind: 'audited'; index: number; account: Hex; verdict: 'valid' | 'wrong'; valid: number }
  /** An account gave a wrong result: it gets nothing more, and `again` of its results are executed again. */
  | { kind: 'convicted'; account: Hex; again: number }
  /** A result that was shown is in question; the task is accepted again, with what is right. */
  | { kind: 'recalled'; index: number }
  | { kind: 'starved' }
  /** No lease can be paid: the job waits, and fails at `untilMs`, since the epoch, unless money comes. */
  | ({ kind: 'paused'; untilMs: number } & Shortage)
  | { kind: 'resumed'; pausedMs: number }
  /** Something that the job lives on runs out; told once until it is there again. */
  | ({ kind: 'low' } & RunwayWarning)
  | ({ kind: 'progress' } & Progress)
  | { kind: 'finished'; state: 'done' | 'failed' | 'cancelled' }
)

/** A job is in the journal: whatever happens, it is known from here on. Told once, before anything else happens to it. */
export interface JobStarted {
  readonly kind: 'started'
  readonly job: string
  readonly atMs: number
}

/** One task's result with its content at hand. */
export interface TaskResult {
  readonly index: number
  readonly output: Output | null
  readonly stdout: Uint8Array
  readonly files: readonly { path: string; bytes: Uint8Array }[]
  readonly failure: { code: string; message: string } | null
}
