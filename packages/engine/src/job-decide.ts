import type { FailureCode, Hex } from '@souk/protocol'
import { classify } from './job-quorum.ts'
import { answered, type Job, type JobEffect, type JobTask, PROGRAM_FAILURES, type Slot } from './job-state.ts'
import { persist } from './program.ts'
import { accepted, jobs, mismatches, put, taskKey } from './records.ts'

/** Attempts of one task before it is given up. */
const MOST_ATTEMPTS = 12

/** Looks at a task after something happened to a replica: accept it, give it up, or want more replicas. */
export function decide(job: Job, task: JobTask, nowMs: number): JobEffect[] {
  const decision = classify(job, task, nowMs)
  if (decision.kind === 'accepted') return accept(job, task, decision.output as Hex)
  if (decision.kind === 'undecided') {
    const { answered, best } = decision.reason
    return giveUp(job, task, 'internal', `${answered} providers answered, at most ${best} alike`)
  }
  return []
}

function accept(job: Job, task: JobTask, digest: Hex): JobEffect[] {
  const agreeing = task.slots.filter((slot) => slot.digest === digest)
  const wrong = task.slots.filter((slot) => slot.state === 'result' && slot.digest !== digest)
  const output = agreeing[0]?.output
  if (output === null || output === undefined) return []
  const row = put(accepted, taskKey(job.row.id, task.index), {
    output,
    digest,
    failure: null,
    message: '',
    agreeing: agreeing.map((slot) => slot.attempt),
    disagreeing: wrong.map((slot) => slot.attempt),
  })
  task.state = 'accepted'
  task.output = digest
  return [
    persist('synced', row),
    { do: 'accepted', index: task.index, output, agreeing: agreeing.map((slot) => slot.attempt) },
    ...caught(job, task, wrong),
    ...conclude(job, task),
  ]
}

export function caught(job: Job, task: JobTask, wrong: readonly Slot[]): JobEffect[] {
  if (wrong.length === 0) return []
  const rows = wrong.map((slot) =>
    put(mismatches, slot.attempt, {
      job: job.row.id,
      index: task.index,
      lease: slot.lease,
      subject: slot.subject,
      output: slot.digest ?? '0x',
    }),
  )
  const events = wrong.map(
    ({ lease, subject }) => ({ do: 'caught', index: task.index, lease, subject }) as const,
  )
  return [persist('committed', ...rows), ...events]
}

export function failedForGood(
  job: Job,
  task: JobTask,
  event: { code: FailureCode; message: string },
): JobEffect[] | undefined {
  const same = task.slots.filter((slot) => slot.state === 'failed' && slot.failure === event.code)
  const accounts = new Set(same.map((slot) => slot.account)).size
  const isProgram = PROGRAM_FAILURES.includes(event.code) && accounts >= job.row.k
  return isProgram || task.attempts >= MOST_ATTEMPTS
    ? giveUp(job, task, event.code, event.message)
    : undefined
}

function giveUp(job: Job, task: JobTask, code: FailureCode, message: string): JobEffect[] {
  const row = put(accepted, taskKey(job.row.id, task.index), {
    output: null,
    digest: null,
    failure: code,
    message: message.slice(0, 1024),
    agreeing: [],
    disagreeing: [],
  })
  task.state = 'failed'
  return [
    persist('synced', row),
    { do: 'task-failed', index: task.index, code, message },
    ...conclude(job, task),
  ]
}

/** Cancels what still runs for a decided task, and ends the job after its last one. */
function conclude(job: Job, task: JobTask): JobEffect[] {
  for (const set of job.wanting) set.delete(task.index)
  job.open -= 1
  const running = task.slots.filter((slot) => slot.state === 'running')
  for (const slot of running) answered(job, slot)
  const cancels = running.map(({ lease, attempt }) => ({ do: 'cancel', lease, attempts: [attempt] }) as const)
  if (job.open > 0) return cancels
  const failed = job.tasks.some((one) => one.state === 'failed')
  return [...cancels, ...finish(job, failed ? 'failed' : 'done')]
}

export function stop(job: Job, state: 'failed' | 'cancelled'): JobEffect[] {
  const running = job.tasks.flatMap((task) => (task.state === 'open' ? task.slots : []))
  const cancels = running
    .filter((slot) => slot.state === 'running')
    .map(({ lease, attempt }) => ({ do: 'cancel', lease, attempts: [attempt] }) as const)
  return [...cancels, ...finish(job, state)]
}

function finish(job: Job, state: 'done' | 'failed' | 'cancelled'): JobEffect[] {
  job.row.state = state
  return [persist('synced', put(jobs, job.row.id, job.row)), { do: 'finished', state }]
}
