import type { Hex } from '@souk/protocol'
import { resumable } from './job-checkpoints.ts'
import { dropHot, hotOf, startHot } from './job-hot.ts'
import { fill, roomFor } from './job-schedule.ts'
import {
  current,
  type Doubt,
  type Job,
  type JobEffect,
  type JobEvent,
  type StandbyLevel,
} from './job-state.ts'

/** How far a successor is prepared unless the job says. */
export const DEFAULT_STANDBY: StandbyLevel = 'warm'

/** What leaves no doubt that a provider is gone. */
const FACTS: ReadonlySet<Doubt> = new Set(['refused', 'rebooted'])

/**
 * Has another lease fetch what the next attempt of a slot would go on from, so that this one does not wait for it. The
 * lease is one with a free place whose account may take the task and failed it the least; tasks are spread over them.
 */
export function standBy(job: Job, attempt: string): JobEffect[] {
  const found = current(job, attempt)
  if (found === undefined || found.task.state !== 'open') return []
  const { task, slot } = found
  const cid = resumable(job, task, task.slots.indexOf(slot))
  if (cid === undefined) return []
  const [lease] = roomFor(job, task) ?? []
  return lease === undefined ? [] : [{ do: 'ahead', lease, cid }]
}

/**
 * Gives a lease in doubt nothing new, and prepares what runs there elsewhere. Of one that is closed it is on its way
 * already.
 */
export function onSuspect(
  job: Job,
  { lease, reason }: Extract<JobEvent, { type: 'suspect' }>,
  nowMs: number,
): JobEffect[] {
  const isNew = !job.doubts.has(lease)
  job.doubts.set(lease, reason)
  if (FACTS.has(reason)) return job.lanes.wanted > 0 && isLast(job) ? [{ do: 'starved' }] : []
  return isNew && reason !== 'closed' ? prepare(job, lease, nowMs) : []
}

/** Goes on with a lease that is there after all; what was prepared goes. */
export function onRefuted(job: Job, lease: Hex, nowMs: number): JobEffect[] {
  if (!job.doubts.delete(lease)) return []
  const gone = runningAt(job, lease).flatMap((attempt) => dropHot(job, hotOf(job, attempt) ?? '', true))
  return [...gone, ...fill(job, nowMs), { do: 'stand-down', lease }]
}

/** Prepares what runs on all leases in doubt, after another lease has joined. */
export function prepareAll(job: Job, nowMs: number): JobEffect[] {
  return [...job.doubts].flatMap(([lease, reason]) => (reason === 'closed' ? [] : prepare(job, lease, nowMs)))
}

/** Prepares what runs on a lease at other leases, and asks for one where none has room. */
function prepare(job: Job, lease: Hex, nowMs: number): JobEffect[] {
  const level = job.row.standby ?? DEFAULT_STANDBY
  const running = runningAt(job, lease)
  if (level === 'cold' || running.length === 0) return []
  const effects = running.flatMap((attempt) => {
    if (level === 'hot') return startHot(job, attempt, nowMs)
    return level === 'warm' ? standBy(job, attempt) : []
  })
  const isHomeless = running.some((attempt) => isWithoutRoom(job, attempt))
  return isHomeless ? [...effects, { do: 'stand-by', lease, level }] : effects
}

/** Tells whether no other lease could run anything: then nothing is gained by waiting for one. */
function isLast(job: Job): boolean {
  return [...job.leases].every(([lease, { credit }]) => credit === 0 || job.doubts.has(lease))
}

function isWithoutRoom(job: Job, attempt: string): boolean {
  const task = current(job, attempt)?.task
  return task?.state === 'open' && hotOf(job, attempt) === undefined && roomFor(job, task) === undefined
}

function runningAt(job: Job, lease: Hex): string[] {
  const running = [...(job.leases.get(lease)?.running ?? [])]
  return running.filter((attempt) => current(job, attempt)?.slot.state === 'running')
}
