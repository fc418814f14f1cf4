import type { Hex } from '@souk/protocol'
import { mayServe } from './audit-state.ts'
import { resumable } from './job-checkpoints.ts'
import { failuresOf, hasFailedOften, isSpent } from './job-failures.ts'
import { nextNumber } from './job-hot.ts'
import { takeTask } from './job-lanes.ts'
import { classify } from './job-quorum.ts'
import {
  attemptWrite,
  type Job,
  type JobEffect,
  type JobLease,
  type JobTask,
  placeAttempt,
  type Slot,
} from './job-state.ts'
import { isWorthFilling, spare } from './job-window.ts'
import { persist } from './program.ts'

interface Assigned {
  readonly task: JobTask
  readonly slot: Slot
  /** Lease that lost the slot's attempt before; null where there was none, or it failed. */
  readonly from: Hex | null
}

/** Gives every free place the most urgent task that its account may take. */
export function fill(job: Job, nowMs: number): JobEffect[] {
  if (job.lanes.wanted === 0) return []
  const effects: JobEffect[] = []
  const idle = new Set<Hex>()
  for (const [lease, member] of freeLeases(job)) {
    // Another lease of an account that just found nothing would find nothing either.
    if (idle.has(member.account)) continue
    const assigned = assign(job, lease, member, nowMs)
    if (spare(member) > 0) idle.add(member.account)
    if (assigned.length > 0) effects.push(...dispatch(job, lease, assigned))
  }
  return effects
}

/** Returns the leases with enough free places, the freest first. */
function freeLeases(job: Job): [Hex, JobLease][] {
  const free = [...job.leases].filter(([lease, member]) => isWorthFilling(member) && !job.doubts.has(lease))
  return free.sort((a, b) => spare(b[1]) - spare(a[1]))
}

/** The attempts are durable before they are dispatched: from here on the slots' older attempts are fenced. */
function dispatch(job: Job, lease: Hex, assigned: readonly Assigned[]): JobEffect[] {
  const rows = assigned.map(({ task, slot }) => attemptWrite(job, task, slot))
  const assignments = assigned.map(({ task, slot }) => {
    return { attempt: slot.attempt, n: slot.n, index: task.index, checkpoint: slot.resumed }
  })
  const moved = assigned.flatMap(({ task: { index }, slot: { attempt }, from }): JobEffect[] =>
    from === null || from === lease ? [] : [{ do: 'failed-over', index, attempt, from, lease }],
  )
  return [persist('committed', ...rows), { do: 'dispatch', lease, assignments }, ...moved]
}

function assign(job: Job, lease: Hex, member: JobLease, nowMs: number): Assigned[] {
  const assigned: Assigned[] = []
  while (spare(member) > 0) {
    const task = nextTask(job, member.account)
    if (task === undefined) break
    const begun = start(job, task, lease, member, nowMs)
    member.running.add(begun.slot.attempt)
    assigned.push({ task, ...begun })
    classify(job, task, nowMs)
  }
  return assigned
}

/** Begins an attempt in the first slot whose replica is gone, or in a new slot. */
function start(job: Job, task: JobTask, lease: Hex, member: JobLease, nowMs: number): Omit<Assigned, 'task'> {
  const gone = task.slots.findIndex((slot) => slot.state === 'lost' || slot.state === 'failed')
  const at = gone === -1 ? task.slots.length : gone
  const old = task.slots[at]
  const n = old === undefined ? 1 : nextNumber(old)
  const attempt = `${job.row.id}.${task.index}.${at}.${n}`
  const { account, subject } = member
  const resumed = resumable(job, task, at) ?? null
  job.inFlight.add(attempt)
  const placed = { attempt, n, lease, account, subject, startedMs: nowMs, resumed }
  return { slot: placeAttempt(job, task, at, placed), from: old?.state === 'lost' ? old.lease : null }
}

function nextTask(job: Job, account: Hex): JobTask | undefined {
  const index = takeTask(job.lanes, (candidate) => {
    const task = job.tasks[candidate]
    return task !== undefined && mayTake(job, task, account)
  })
  return index === undefined ? undefined : job.tasks[index]
}

/**
 * An account serves a task once. Where its machine failed it may try again, but others with a free place come
 * first; where it failed often, so do others that will have one.
 */
function mayTake(job: Job, task: JobTask, account: Hex): boolean {
  if (!isOpenTo(job, task, account)) return false
  const failures = failuresOf(task, account)
  if (failures === 0) return true
  const waits = hasFailedOften(task, account)
  return ![...job.leases].some(
    ([lease, other]) =>
      !job.doubts.has(lease) &&
      (waits ? other.credit : spare(other)) > 0 &&
      failuresOf(task, other.account) < failures &&
      isOpenTo(job, task, other.account),
  )
}

/**
 * Returns the lease on which a task had best run next: one with a free place whose account may take it and failed it
 * the least, of those in turn; `undefined` where none has room.
 */
export function roomFor(job: Job, task: JobTask): [Hex, JobLease] | undefined {
  const fit = [...job.leases].filter(
    ([lease, member]) => spare(member) > 0 && !job.doubts.has(lease) && isOpenTo(job, task, member.account),
  )
  const fewest = Math.min(...fit.map(([, { account }]) => failuresOf(task, account)))
  const best = fit.filter(([, { account }]) => failuresOf(task, account) === fewest)
  return best[task.index % best.length]
}

/** Tells whether an account may serve a task now. */
function isOpenTo(job: Job, task: JobTask, account: Hex): boolean {
  return !isEngaged(job, task, account) && !isSpent(task, account) && mayServe(job, task, account)
}

function isEngaged(job: Job, task: JobTask, account: Hex): boolean {
  for (const { index, slot } of job.hot.values()) {
    if (index === task.index && slot.account === account) return true
  }
  return task.slots.some(
    (slot) => slot.account === account && (slot.state === 'running' || slot.state === 'result'),
  )
}
