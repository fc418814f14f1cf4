import type { FailureCode, Hex } from '@souk/protocol'
import { policyOf } from './audit-state.ts'
import type { Job, JobTask } from './job-state.ts'

/** How often an account could not run a task, and what it said last. */
export interface Failures {
  count: number
  code: FailureCode
}

/** Failures that say something about the program: k accounts that agree on one end the task. */
const PROGRAM_FAILURES: readonly FailureCode[] = ['deadline', 'out-of-memory', 'bad-program']
/** Failures of one account on one task after which any other account that may still answer is waited for. */
const MANY = 3
/** Failures of one task after which it is given up, whoever failed. */
const MOST_FAILURES = 12

/** Notes that an account could not run a task. */
export function noteFailure(task: JobTask, account: Hex, code: FailureCode): void {
  task.failures ??= new Map()
  const count = (task.failures.get(account)?.count ?? 0) + 1
  task.failures.set(account, { count, code })
}

/** Tells whether an account has said that a task's program fails: it would only say so again. */
export function isSpent(task: JobTask, account: Hex): boolean {
  const code = task.failures?.get(account)?.code
  return code !== undefined && PROGRAM_FAILURES.includes(code)
}

/** Tells whether an account has failed a task so often that its machine looks broken. */
export function hasFailedOften(task: JobTask, account: Hex): boolean {
  return failuresOf(task, account) >= MANY
}

/** Returns how often an account has failed a task. */
export function failuresOf(task: JobTask, account: Hex): number {
  return task.failures?.get(account)?.count ?? 0
}

/**
 * Tells whether the failures of a task end it: k accounts agree that the program fails, it has failed too often, or
 * k accounts are spent and no lease of the job belongs to another.
 */
export function isHopeless(job: Job, task: JobTask): boolean {
  const failures = [...(task.failures ?? [])]
  if (failures.reduce((sum, [, one]) => sum + one.count, 0) >= MOST_FAILURES) return true
  const alike = (code: FailureCode) => failures.filter(([, one]) => one.code === code).length
  const { k } = policyOf(job, task)
  if (PROGRAM_FAILURES.some((code) => alike(code) >= k)) return true
  const spent = failures.filter(([account]) => isSpent(task, account)).length
  const isEngaged = task.slots.some((slot) => slot.state === 'running')
  return spent >= k && !isEngaged && everyoneSpent(job, task)
}

function everyoneSpent(job: Job, task: JobTask): boolean {
  if (job.leases.size === 0) return false
  return [...job.leases.values()].every(({ account }) => isSpent(task, account))
}
