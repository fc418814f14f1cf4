import { resumable } from './job-checkpoints.ts'
import { failuresOf } from './job-failures.ts'
import { isOpenTo } from './job-schedule.ts'
import { current, type Job, type JobEffect } from './job-state.ts'
import { spare } from './job-window.ts'

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
  const fit = [...job.leases].filter(([, member]) => spare(member) > 0 && isOpenTo(task, member.account))
  const fewest = Math.min(...fit.map(([, { account }]) => failuresOf(task, account)))
  const best = fit.filter(([, { account }]) => failuresOf(task, account) === fewest)
  const [lease] = best[task.index % best.length] ?? []
  return lease === undefined ? [] : [{ do: 'ahead', lease, cid }]
}
