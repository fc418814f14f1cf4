import type { Hex } from '@souk/protocol'
import { classify } from './job-quorum.ts'
import {
  attemptWrite,
  type Job,
  type JobEffect,
  type JobLease,
  type JobTask,
  PROGRAM_FAILURES,
  placeAttempt,
  type Slot,
} from './job-state.ts'
import { persist } from './program.ts'

/** Tasks looked at per free place, so that one event stays cheap in a job of any size. */
const SCAN = 256

/** Gives every free place the most urgent task that its account may take. */
export function fill(job: Job, nowMs: number): JobEffect[] {
  const effects: JobEffect[] = []
  for (const [lease, member] of [...job.leases].sort((a, b) => spare(b[1]) - spare(a[1]))) {
    const assigned = assign(job, lease, member, nowMs)
    if (assigned.length === 0) continue
    const rows = assigned.map(({ task, slot }) => attemptWrite(job, task, slot))
    const assignments = assigned.map(({ task, slot }) => ({
      attempt: slot.attempt,
      n: slot.n,
      index: task.index,
    }))
    effects.push(persist('committed', ...rows), { do: 'dispatch', lease, assignments })
  }
  return effects
}

function assign(job: Job, lease: Hex, member: JobLease, nowMs: number): { task: JobTask; slot: Slot }[] {
  const assigned: { task: JobTask; slot: Slot }[] = []
  while (spare(member) > 0) {
    const task = nextTask(job, member.account)
    if (task === undefined) break
    const reusable = task.slots.findIndex((slot) => slot.state === 'lost' || slot.state === 'failed')
    const at = reusable === -1 ? task.slots.length : reusable
    const n = (task.slots[at]?.n ?? 0) + 1
    const id = `${job.row.id}.${task.index}.${at}.${n}`
    const { account, subject } = member
    const slot = placeAttempt(job, task, at, { attempt: id, n, lease, account, subject, startedMs: nowMs })
    task.attempts += 1
    job.inFlight.add(id)
    member.running.add(id)
    assigned.push({ task, slot })
    classify(job, task, nowMs)
  }
  return assigned
}

function nextTask(job: Job, account: Hex): JobTask | undefined {
  for (const set of job.wanting) {
    let looked = 0
    for (const index of set) {
      const task = job.tasks[index]
      if (task !== undefined && mayTake(task, account)) return task
      if (++looked >= SCAN) break
    }
  }
  return undefined
}

/** An account serves a task once, except where its attempt was lost or its machine failed. */
function mayTake(task: JobTask, account: Hex): boolean {
  return task.slots.every((slot) => {
    if (slot.account !== account) return true
    if (slot.state === 'lost') return true
    return slot.state === 'failed' && slot.failure !== null && !PROGRAM_FAILURES.includes(slot.failure)
  })
}

function spare({ credit, running }: JobLease): number {
  return credit - running.size
}
