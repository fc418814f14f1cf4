import { decideQuorum, type Replica } from '@souk/availability'
import type { Job, JobTask } from './job-state.ts'

/** A replica is slow after this many times the median duration, and never before the floor. */
const SLOW_FACTOR = 4
const SLOW_FLOOR_MS = 4_000
/** Durations remembered for the median. */
const DURATIONS = 64

/** Files the task under what it wants; returns the quorum's decision. */
export function classify(job: Job, task: JobTask, nowMs: number): ReturnType<typeof decideQuorum> {
  for (const set of job.wanting) set.delete(task.index)
  const decision = decideQuorum({ k: job.row.k, n: job.row.n }, replicasOf(job, task, nowMs))
  if (task.state === 'open' && decision.kind === 'start') job.wanting[urgency(job, task)]?.add(task.index)
  return decision
}

function urgency(job: Job, task: JobTask): 0 | 1 | 2 {
  if (task.slots.length === 0) return 2
  const live = task.slots.filter((slot) => slot.state === 'running' || slot.state === 'result').length
  return task.slots.length > live || live >= job.row.k ? 0 : 1
}

function replicasOf(job: Job, task: JobTask, nowMs: number): Replica[] {
  const limit = slowAfter(job)
  return task.slots.map((slot, index) => ({
    slot: index,
    account: slot.account,
    state: slot.state,
    ...(slot.digest === null ? {} : { output: slot.digest }),
    slow: slot.state === 'running' && nowMs - slot.startedMs > limit,
  }))
}

export function slowAfter(job: Job): number {
  const sorted = [...job.durations].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
  return Math.max(SLOW_FLOOR_MS, SLOW_FACTOR * median)
}

export function remember(durations: number[], durationMs: number): void {
  durations.push(durationMs)
  if (durations.length > DURATIONS) durations.shift()
}
