import { type Output, outputDigest } from '@souk/protocol'
import { caught, decide, failedForGood, stop } from './job-decide.ts'
import { classify, remember, slowAfter } from './job-quorum.ts'
import { fill } from './job-schedule.ts'
import {
  answered,
  attemptWrite,
  current,
  type Job,
  type JobEffect,
  type JobEvent,
  runningOn,
} from './job-state.ts'
import { persist, type Write } from './program.ts'

/** Milliseconds without anything in flight before the shell is asked for more leases. */
const STARVED_MS = 3_000

/** Decides what one event means for the job. */
export function advanceJob(job: Job, event: JobEvent, nowMs: number): JobEffect[] {
  if (job.row.state !== 'running') return []
  switch (event.type) {
    case 'lease':
      return onLease(job, event, nowMs)
    case 'result':
      return onResult(job, event.attempt, event.output, nowMs)
    case 'failed':
      return onFailed(job, event, nowMs)
    case 'lost':
      return onLost(job, event.attempts, nowMs)
    case 'stop':
      return stop(job, event.state)
    case 'tick':
      return onTick(job, nowMs)
  }
}

function onLease(job: Job, event: Extract<JobEvent, { type: 'lease' }>, nowMs: number): JobEffect[] {
  const { lease, account, subject, credit } = event
  const known = job.leases.get(lease)
  if (known === undefined) job.leases.set(lease, { account, subject, credit, running: runningOn(job, lease) })
  else known.credit = credit
  return fill(job, nowMs)
}

function onResult(job: Job, attempt: string, output: Output, nowMs: number): JobEffect[] {
  const found = current(job, attempt)
  if (found === undefined) return []
  const { task, slot } = found
  Object.assign(slot, { state: 'result', output, digest: outputDigest(output) })
  answered(job, slot)
  if (task.state !== 'open')
    return task.output !== null && task.output !== slot.digest ? caught(job, task, [slot]) : []
  remember(job.durations, nowMs - slot.startedMs)
  return [...decide(job, task, nowMs), ...fill(job, nowMs)]
}

function onFailed(job: Job, event: Extract<JobEvent, { type: 'failed' }>, nowMs: number): JobEffect[] {
  const found = current(job, event.attempt)
  if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') return []
  const { task, slot } = found
  answered(job, slot)
  Object.assign(slot, { state: 'failed', failure: event.code })
  const row = persist('committed', attemptWrite(job, task, slot))
  return [row, ...(failedForGood(job, task, event) ?? decide(job, task, nowMs)), ...fill(job, nowMs)]
}

function onLost(job: Job, ids: readonly string[], nowMs: number): JobEffect[] {
  const rows: Write[] = []
  const effects: JobEffect[] = []
  for (const id of ids) {
    const found = current(job, id)
    if (found === undefined || found.slot.state !== 'running' || found.task.state !== 'open') continue
    answered(job, found.slot)
    found.slot.state = 'lost'
    rows.push(attemptWrite(job, found.task, found.slot))
    effects.push(...decide(job, found.task, nowMs))
  }
  if (rows.length === 0) return []
  return [persist('committed', ...rows), ...effects, ...fill(job, nowMs)]
}

function onTick(job: Job, nowMs: number): JobEffect[] {
  const limit = slowAfter(job)
  for (const id of job.inFlight) {
    const found = current(job, id)
    if (found !== undefined && nowMs - found.slot.startedMs > limit) classify(job, found.task, nowMs)
  }
  const effects = fill(job, nowMs)
  if (job.inFlight.size > 0 || job.open === 0) job.idleSinceMs = null
  else job.idleSinceMs ??= nowMs
  const starved = job.idleSinceMs !== null && nowMs - job.idleSinceMs >= STARVED_MS
  if (!starved) return effects
  job.idleSinceMs = nowMs
  return [...effects, { do: 'starved' }]
}
