import type { StandbyLevel, VerdictReason } from '@souk/availability'
import type { FailureCode, Hex, Output, Task } from '@souk/protocol'
import { type JobAudits, newAudits, type TaskCheck } from './audit-state.ts'
import type { Failures } from './job-failures.ts'
import type { HotStandby } from './job-hot.ts'
import { growLanes, type Lanes, newLanes } from './job-lanes.ts'
import type { Relation } from './job-relation.ts'
import type { Persist, Write } from './program.ts'
import { attempts, type JobRow, type KeptCheckpoint, put } from './records.ts'

/** A job: its tasks, the replicas of each, and the leases they run on (PROTOCOL §8, docs/ARCHITECTURE.md). */
export interface Job {
  readonly row: JobRow
  readonly tasks: JobTask[]
  readonly leases: Map<Hex, JobLease>
  /** Tasks that want a replica. */
  readonly lanes: Lanes
  /** Where each attempt belongs. */
  readonly where: Map<string, { index: number; slot: number }>
  /** The newest durations in milliseconds, and the one from which a running replica counts as slow. */
  readonly durations: number[]
  slowMs: number | null
  open: number
  /** Running attempts of open tasks. */
  readonly inFlight: Set<string>
  /** Since when nothing runs although tasks are open. */
  idleSinceMs: number | null
  /** Tasks that a restart found decided by rows, but not in the journal. */
  readonly ripe: number[]
  /** Attempts of decided tasks, by lease, that may still run after a restart. */
  readonly stale: Map<Hex, string[]>
  /** Leases whose providers are in doubt, and why: they are given nothing new. */
  readonly doubts: Map<Hex, Doubt>
  /** Attempts that run beside one in doubt, by their own id. */
  readonly hot: Map<string, HotStandby>
  /** How results are looked at beyond their quorum; null where they are not. */
  readonly audits: JobAudits | null
}

export type { StandbyLevel }

/** Why a lease is in doubt: what its provider is suspected of, or that it says that it leaves. */
export type Doubt = VerdictReason | 'draining'

/** A lease as the job sees it. */
export interface JobLease {
  readonly account: Hex
  readonly subject: Hex
  /** Attempts that it takes at the same time; 0 while it cannot be used. */
  credit: number
  /** Attempts that it is given at the same time, as far as its credit goes. */
  window: number
  /** Attempts that it was given and has not answered. */
  readonly running: Set<string>
  /** Base units that its provider loses for a wrong result. */
  readonly stake?: bigint
  /** Base units × 1e12 per second. */
  readonly rateE12?: bigint
}

export interface JobTask {
  readonly index: number
  readonly slots: Slot[]
  state: 'open' | 'accepted' | 'failed'
  output: Hex | null
  /** By account; `null` until there is one. */
  failures: Map<Hex, Failures> | null
  /** Which of its outputs are equal, by pair; `null` where nobody had to compare. */
  relation: Relation | null
  /** Checkpoints that are wholly here, by slot, the oldest first; `null` until there is one. */
  kept: Map<number, readonly KeptCheckpoint[]> | null
  /** What it waits for although there is a result; null where it does not. */
  check: TaskCheck | null
}

/** One replica: its newest attempt fences all earlier ones. */
export interface Slot {
  n: number
  attempt: string
  lease: Hex
  account: Hex
  subject: Hex
  state: 'running' | 'result' | 'failed' | 'lost'
  output: Output | null
  digest: Hex | null
  failure: FailureCode | null
  startedMs: number
  /** The checkpoint that the attempt goes on from; null from the beginning. */
  readonly resumed: string | null
  /** Highest number that an attempt of this slot has had, where that was a standby's. */
  newest?: number
}

export type JobEvent =
  | {
      type: 'lease'
      lease: Hex
      account: Hex
      subject: Hex
      credit: number
      /** Base units that a wrong result costs its provider; nothing unless told. */
      stake?: bigint
      /** Base units × 1e12 per second. */
      rateE12?: bigint
    }
  | { type: 'results'; results: readonly { attempt: string; output: Output }[] }
  | { type: 'failed'; attempt: string; code: FailureCode; message: string }
  | { type: 'lost'; attempts: readonly string[] }
  /** A checkpoint of an attempt of task `index` is wholly here; `atMs` since the epoch. */
  | { type: 'checkpoint'; attempt: string; index: number; cid: string; bytes: number; atMs: number }
  /** Outputs of task `index`, by digest, were compared. */
  | { type: 'compared'; index: number; a: Hex; b: Hex; equal: boolean }
  /** Outputs of task `index` cannot be compared: that is the requester's own failure. */
  | { type: 'incomparable'; index: number; message: string }
  /** Task `index` was executed here, with this output; null where that came to nothing. */
  | { type: 'rechecked'; index: number; output: Output | null }
  /** The provider of a lease is in doubt: it is given nothing new, and what runs there gets a standby. */
  | { type: 'suspect'; lease: Hex; reason: Doubt }
  /** It is there after all. */
  | { type: 'refuted'; lease: Hex }
  /** Attempts of a lease stand still by what their programs said of their own pace. */
  | { type: 'stuck'; lease: Hex; attempts: readonly string[] }
  /** Further tasks of an open job; with what it has, at most `MOST_TASKS`. */
  | { type: 'add'; tasks: readonly Task[] }
  /** No further tasks come. */
  | { type: 'seal' }
  | { type: 'stop'; state: 'failed' | 'cancelled' }
  | { type: 'tick' }

/** An attempt to dispatch. */
export interface Assignment {
  readonly attempt: string
  readonly n: number
  readonly index: number
  /** What it goes on from; null from the beginning. */
  readonly checkpoint: string | null
}

export type JobEffect =
  | Persist
  | { readonly do: 'dispatch'; readonly lease: Hex; readonly assignments: readonly Assignment[] }
  | { readonly do: 'cancel'; readonly lease: Hex; readonly attempts: readonly string[] }
  /** Outputs that somebody has to compare, each once: their content is here. The answer is an event for each. */
  | {
      readonly do: 'compare'
      readonly index: number
      readonly pairs: readonly { readonly a: Output; readonly b: Output }[]
    }
  /** The one result of a task; `agreeing` are attempts whose output equals it. */
  | {
      readonly do: 'accepted'
      readonly index: number
      readonly output: Output
      readonly agreeing: readonly string[]
    }
  | {
      readonly do: 'task-failed'
      readonly index: number
      readonly code: FailureCode
      readonly message: string
    }
  /** A result that the quorum contradicted. */
  | { readonly do: 'caught'; readonly index: number; readonly lease: Hex; readonly subject: Hex }
  /** A checkpoint is journalled: its provider may hear that it is no longer needed there. */
  | {
      readonly do: 'kept'
      readonly index: number
      readonly attempt: string
      readonly cid: string
      readonly bytes: number
    }
  /** Of the checkpoints of a task, exactly these must stay. */
  | { readonly do: 'needed'; readonly index: number; readonly cids: readonly string[] }
  /** A lease that may get an attempt that goes on from this checkpoint: it should fetch it now. */
  | { readonly do: 'ahead'; readonly lease: Hex; readonly cid: string }
  /** A result is held back until it was looked at, or nobody wanted to for long enough. */
  | { readonly do: 'held'; readonly index: number; readonly attempt: string }
  /** Execute a task here; `given` are the outputs of others, by digest. The answer is an event. */
  | { readonly do: 'recheck'; readonly index: number; readonly given: readonly Hex[] }
  /** An audit is over, on an account of which this many in a row were right. */
  | {
      readonly do: 'audited'
      readonly index: number
      readonly attempt: string
      readonly account: Hex
      readonly verdict: 'valid' | 'wrong'
      readonly valid: number
    }
  /** An account gave a wrong result: it gets nothing more, and what it delivered is looked at again. */
  | { readonly do: 'convicted'; readonly account: Hex; readonly attempt: string; readonly again: number }
  /** A result that was shown is in question: it is not believed until it is accepted again. */
  | { readonly do: 'recalled'; readonly index: number }
  /** What runs on a lease in doubt has room nowhere else: prepare for that as far as the level says. */
  | { readonly do: 'stand-by'; readonly lease: Hex; readonly level: StandbyLevel }
  /** The lease is there after all: what was prepared for it is of no use. */
  | { readonly do: 'stand-down'; readonly lease: Hex }
  /** A task that was lost runs on another lease. */
  | {
      readonly do: 'failed-over'
      readonly index: number
      readonly attempt: string
      readonly from: Hex
      readonly lease: Hex
    }
  /** Nothing runs and no lease can take what is open. */
  | { readonly do: 'starved' }
  | { readonly do: 'finished'; readonly state: 'done' | 'failed' | 'cancelled' }

/** Starts a job with nothing dispatched; `before` are audits in a row that found accounts right in earlier jobs. */
export function newJob(row: JobRow, before?: ReadonlyMap<Hex, number>): Job {
  const tasks = Array.from({ length: row.tasks }, (_, index) => newTask(index))
  return {
    row,
    tasks,
    leases: new Map(),
    lanes: newLanes(row.tasks),
    where: new Map(),
    durations: [],
    slowMs: null,
    open: row.tasks,
    inFlight: new Set(),
    idleSinceMs: null,
    ripe: [],
    stale: new Map(),
    doubts: new Map(),
    hot: new Map(),
    audits: newAudits(row, before),
  }
}

/** Makes room for `count` more tasks, which want a replica at once. */
export function growJob(job: Job, count: number): void {
  growLanes(job.lanes, count)
  for (let left = count; left > 0; left--) job.tasks.push(newTask(job.tasks.length))
  job.row.tasks += count
  job.open += count
}

function newTask(index: number): JobTask {
  return {
    ...{ index, slots: [], state: 'open', output: null },
    ...{ failures: null, relation: null, kept: null, check: null },
  }
}

/** Finds an attempt unless a newer one of its slot has fenced it. */
export function current(job: Job, attempt: string): { task: JobTask; slot: Slot } | undefined {
  const place = job.where.get(attempt)
  const task = place && job.tasks[place.index]
  const slot = place && task?.slots[place.slot]
  return task !== undefined && slot !== undefined ? { task, slot } : undefined
}

/** Notes that an attempt no longer takes a place on its lease. */
export function answered(job: Job, slot: Slot): void {
  job.inFlight.delete(slot.attempt)
  job.leases.get(slot.lease)?.running.delete(slot.attempt)
}

/** Returns the attempts of a lease that are running by the job's own books. */
export function runningOn(job: Job, lease: Hex): Set<string> {
  return new Set([...job.inFlight].filter((attempt) => current(job, attempt)?.slot.lease === lease))
}

/** Puts a new attempt at slot `at` of a task; the slot's earlier attempt is fenced from now on. */
export function placeAttempt(
  job: Job,
  task: JobTask,
  at: number,
  placed: Pick<Slot, 'attempt' | 'n' | 'lease' | 'account' | 'subject' | 'startedMs' | 'resumed'>,
): Slot {
  const old = task.slots[at]
  if (old !== undefined) job.where.delete(old.attempt)
  const slot: Slot = { ...placed, state: 'running', output: null, digest: null, failure: null }
  task.slots[at] = slot
  job.where.set(slot.attempt, { index: task.index, slot: at })
  return slot
}

/** Returns the row of an attempt as it stands. */
export function attemptWrite(job: Job, task: JobTask, slot: Slot): Write {
  return put(attempts, slot.attempt, {
    job: job.row.id,
    index: task.index,
    slot: task.slots.indexOf(slot),
    n: slot.n,
    lease: slot.lease,
    checkpoint: slot.resumed,
    failure: slot.state === 'lost' ? 'lost' : slot.failure,
  })
}
