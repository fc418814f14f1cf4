import type { Hex } from '@souk/protocol'
import type { JobAudits } from './audit-state.ts'
import { classify } from './job-quorum.ts'
import {
  answered,
  attemptWrite,
  current,
  type Job,
  type JobEffect,
  type JobTask,
  type Slot,
} from './job-state.ts'
import { persist } from './program.ts'

/** Gives an account nothing more: what runs there runs elsewhere, and what it says of others counts no more. */
export function exclude(job: Job, audits: JobAudits, account: Hex, nowMs: number): JobEffect[] {
  audits.excluded.add(account)
  for (const member of job.leases.values()) if (member.account === account) member.credit = 0
  const running = [...job.inFlight].flatMap((id) => {
    const found = current(job, id)
    return found?.slot.account === account ? [found] : []
  })
  const lost = running.flatMap(({ task, slot }) => takeBack(job, task, slot))
  for (const index of audits.held) reclassify(job, job.tasks[index], nowMs)
  for (const { task } of running) classify(job, task, nowMs)
  return lost
}

function takeBack(job: Job, task: JobTask, slot: Slot): JobEffect[] {
  answered(job, slot)
  slot.state = 'lost'
  const { lease, attempt } = slot
  return [persist('committed', attemptWrite(job, task, slot)), { do: 'cancel', lease, attempts: [attempt] }]
}

function reclassify(job: Job, task: JobTask | undefined, nowMs: number): void {
  if (task !== undefined && task.check?.policy != null) classify(job, task, nowMs)
}

/** Lets anybody audit what was drawn for an account that cannot: its leases are gone or take nothing. */
export function unpin(job: Job, audits: JobAudits): void {
  for (const index of audits.pinned) {
    const task = job.tasks[index]
    const auditor = task?.check?.auditor ?? null
    const hasIt = auditor !== null && task?.slots.some(({ account }) => account === auditor)
    const isThere = [...job.leases.values()].some(({ account, credit }) => account === auditor && credit > 0)
    if (isThere && !hasIt) continue
    audits.pinned.delete(index)
    if (task?.check != null) task.check.auditor = null
  }
}
