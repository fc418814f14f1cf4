import { decideQuorum, type QuorumDecision, type Replica } from '@souk/availability'
import { isVoid, policyOf } from './audit-state.ts'
import { fileTask, type Lane } from './job-lanes.ts'
import { equalityOf } from './job-relation.ts'
import type { Job, JobTask, Slot } from './job-state.ts'

/** A replica is slow after this many times the median duration, and never before the floor. */
const SLOW_FACTOR = 4
const SLOW_FLOOR_MS = 4_000
/** Durations remembered for the median. */
const DURATIONS = 64

/** Files the task under what it wants; returns the quorum's decision. */
export function classify(job: Job, task: JobTask, nowMs: number): QuorumDecision {
  const decision = decideQuorum(policyOf(job, task), replicasOf(job, task, nowMs), equalityOf(job, task))
  const isWanted = task.state === 'open' && decision.kind === 'start'
  fileTask(job.lanes, task.index, isWanted ? urgency(job, task) : null)
  return decision
}

function urgency(job: Job, task: JobTask): Lane {
  if (task.slots.length === 0) return 2
  const live = task.slots.filter((slot) => slot.state === 'running' || slot.state === 'result').length
  return task.slots.length > live || live >= job.row.k ? 0 : 1
}

function replicasOf(job: Job, task: JobTask, nowMs: number): Replica[] {
  return task.slots.map((slot, index) => ({
    slot: index,
    account: slot.account,
    state: isVoid(job, task, slot) ? 'lost' : slot.state,
    ...(slot.digest === null ? {} : { output: slot.digest }),
    slow: isSlow(job, slot, nowMs),
  }))
}

/** Tells whether a running replica takes much longer than the others did, or than it may where none is known. */
export function isSlow(job: Job, slot: Slot, nowMs: number): boolean {
  const limitMs = job.slowMs ?? Math.max(SLOW_FLOOR_MS, job.row.deadlineMs)
  return slot.state === 'running' && nowMs - slot.startedMs > limitMs
}

/** Takes a duration into the median from which replicas count as slow. */
export function remember(job: Job, durationMs: number): void {
  job.durations.push(durationMs)
  if (job.durations.length > DURATIONS) job.durations.shift()
  const sorted = [...job.durations].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? durationMs
  job.slowMs = Math.max(SLOW_FLOOR_MS, SLOW_FACTOR * median)
}
