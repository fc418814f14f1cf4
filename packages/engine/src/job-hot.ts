import { resumable } from './job-checkpoints.ts'
import { roomFor } from './job-schedule.ts'
import { answered, attemptWrite, current, type Job, type JobEffect, type Slot } from './job-state.ts'
import { persist, type Write } from './program.ts'
import { attempts, put } from './records.ts'

/** An attempt beside one in doubt: the next of its slot, which fences that one as soon as it takes its place. */
export interface HotStandby {
  readonly index: number
  /** Which of the task's slots it stands by for, and the attempt that is there. */
  readonly at: number
  readonly primary: string
  readonly slot: Slot
}

/** Starts what an attempt in doubt does again on a lease that has room, from its newest checkpoint. */
export function startHot(job: Job, primary: string, nowMs: number): JobEffect[] {
  const found = current(job, primary)
  if (found === undefined || found.task.state !== 'open' || found.slot.state !== 'running') return []
  if (hotOf(job, primary) !== undefined) return []
  const { task, slot: old } = found
  const [lease, member] = roomFor(job, task) ?? []
  if (lease === undefined || member === undefined) return []
  const { index } = task
  const at = task.slots.indexOf(old)
  const n = nextNumber(old)
  const attempt = `${job.row.id}.${index}.${at}.${n}`
  const slot: Slot = {
    ...{ n, attempt, lease, account: member.account, subject: member.subject, state: 'running' },
    ...{ output: null, digest: null, failure: null, startedMs: nowMs },
    resumed: resumable(job, task, at) ?? null,
  }
  old.newest = n
  job.hot.set(attempt, { index, at, primary, slot })
  member.running.add(attempt)
  const assignments = [{ attempt, n, index, checkpoint: slot.resumed }]
  return [
    persist('committed', rowOf(job, { index, at, primary, slot })),
    { do: 'dispatch', lease, assignments },
  ]
}

/** Returns the number of a slot's next attempt: none that a standby had comes again. */
export function nextNumber({ n, newest = n }: Pick<Slot, 'n' | 'newest'>): number {
  return Math.max(n, newest) + 1
}

/** Returns the standby of an attempt. */
export function hotOf(job: Job, primary: string): string | undefined {
  if (job.hot.size === 0) return undefined
  return [...job.hot].find(([, hot]) => hot.primary === primary)?.[0]
}

/** Puts a standby in the place of the attempt in doubt, which is fenced from now on. */
export function promote(job: Job, attempt: string): { rows: Write[]; effects: JobEffect[] } {
  const hot = job.hot.get(attempt)
  const task = hot && job.tasks[hot.index]
  const old = hot && task?.slots[hot.at]
  if (hot === undefined || task === undefined || old === undefined) return { rows: [], effects: [] }
  job.hot.delete(attempt)
  answered(job, old)
  old.state = 'lost'
  const rows = [attemptWrite(job, task, old)]
  job.where.delete(old.attempt)
  job.where.set(attempt, { index: task.index, slot: hot.at })
  task.slots[hot.at] = hot.slot
  job.inFlight.add(attempt)
  const from = old.lease
  return { rows, effects: [{ do: 'failed-over', index: task.index, attempt, from, lease: hot.slot.lease }] }
}

/** Lets a standby go that is not needed, or that is gone itself; `tell`: its provider is to hear of it. */
export function dropHot(job: Job, attempt: string, tell: boolean): JobEffect[] {
  const hot = job.hot.get(attempt)
  if (hot === undefined) return []
  job.hot.delete(attempt)
  job.leases.get(hot.slot.lease)?.running.delete(attempt)
  hot.slot.state = 'lost'
  const row = persist('committed', rowOf(job, hot))
  return tell ? [row, { do: 'cancel', lease: hot.slot.lease, attempts: [attempt] }] : [row]
}

/** Lets all standbys go whose attempts run no more, because they answered or their tasks are decided. */
export function sweepHot(job: Job): JobEffect[] {
  if (job.hot.size === 0) return []
  const idle = [...job.hot].filter(([, { index, at, primary }]) => {
    const task = job.tasks[index]
    const slot = task?.slots[at]
    const isRunning = slot?.attempt === primary && slot.state === 'running'
    return job.row.state !== 'running' || task?.state !== 'open' || !isRunning
  })
  return idle.flatMap(([attempt]) => dropHot(job, attempt, true))
}

function rowOf(job: Job, { index, at, slot }: HotStandby): Write {
  const { n, lease, resumed: checkpoint, state } = slot
  const failure = state === 'lost' ? 'lost' : null
  return put(attempts, slot.attempt, { job: job.row.id, index, slot: at, n, lease, checkpoint, failure })
}
