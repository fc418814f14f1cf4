import type { Comparator } from '@souk/availability'
import type { SecretUse, Shortage } from '@souk/engine'
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
  /** `k` equal results of distinct accounts, of at most `n` replicas; 1 of 1 is no checking. */
  readonly assurance: { readonly k: number; readonly n: number }
  /**
   * When two results count as equal; unless told, what is usual for the engine (`defaultComparator`). The program of a
   * `custom` one is among the content.
   */
  readonly comparator?: Comparator
  /** Milliseconds of execution per attempt. */
  readonly deadlineMs: number
  readonly demand: Demand
  /** Leases to hold at the same time. */
  readonly leases: number
  /**
   * The user's secrets that tasks find below `/run/secrets`, if their environment says so (`withSecrets`). Every
   * provider of the job sees them.
   */
  readonly secrets?: readonly SecretUse[]
  /** It takes further tasks of the same content (`JobRunner.add`) until it is sealed; not unless told. */
  readonly open?: boolean
  /** Milliseconds that the job waits for money before it fails, each time; it does not wait unless told. */
  readonly graceMs?: number
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
  /** A running attempt saved its state, and that is here. */
  | { kind: 'checkpoint'; index: number; attempt: string; bytes: number }
  /** A checkpoint that a provider told of is none, or could not be had; the attempt goes on. */
  | { kind: 'checkpoint-refused'; lease: Hex; attempt: string; code: string; message: string }
  /** An attempt goes on from a checkpoint: the court judges no such result. */
  | { kind: 'continued'; index: number; attempt: string; lease: Hex }
  | { kind: 'accepted'; index: number; done: number; total: number; status: Output['status'] }
  | { kind: 'task-failed'; index: number; code: string; message: string }
  /** The job leases this model of GPU alone, so that its results can be compared. */
  | { kind: 'device-class'; model: string }
  /** Two results of a task do not count as equal. */
  | { kind: 'differs'; index: number; why: string }
  | { kind: 'caught'; index: number; lease: Hex; subject: Hex }
  /** A leased GPU was asked for a proof; what it came to, and who gave it. */
  | ({ kind: 'proof'; lease: Hex; subject: Hex } & ProofVerdict)
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
