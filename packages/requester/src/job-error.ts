import { MOST_TASKS, type Shortage } from '@souk/engine'
import { errorMessage, type GpuFamily, SoukError } from '@souk/protocol'
import { BudgetError, budgetError } from './budget.ts'

/** A job that cannot start. */
export class JobError extends SoukError<
  | { code: 'CHAIN_UNAVAILABLE' }
  | { code: 'MISSING_CONTENT'; cid: string }
  | { code: 'SECRETS_REFUSED' | 'NO_SECRETS' | 'BAD_SECRETS' }
  | { code: 'NO_LEASE'; reasons: string[] }
  | { code: 'JOB_CLOSED'; job: string }
  | { code: 'TOO_MANY_TASKS'; tasks: number }
  | { code: 'NO_DEVICE_CLASS'; family: GpuFamily; wanted: number }
  | { code: 'CANNOT_COMPARE' }
> {}

/**
 * Returns what the `count` cheapest leases lacked that could not be paid, where fewer were asked for as much as the
 * dearest of them for each of the others; null where money kept nobody from leasing.
 */
export function shortageIn(failures: readonly unknown[], count = 1): Shortage | null {
  const short = failures.flatMap((one) => (one instanceof BudgetError ? [one.data] : []))
  const cheapest = short.sort((a, b) => (a.needed < b.needed ? -1 : 1)).slice(0, count)
  const [first, dearest] = [cheapest[0], cheapest.at(-1)]
  if (first === undefined || dearest === undefined) return null
  const others = BigInt(count - cheapest.length) * dearest.needed
  const needed = cheapest.reduce((sum, one) => sum + one.needed, others)
  return { lacks: first.lacks, needed, available: first.available }
}

/** Returns why a job got no lease: the money where somebody would have leased, else what every provider said. */
export function noLease(failures: readonly unknown[]): Error {
  const shortage = shortageIn(failures)
  if (shortage !== null) return budgetError(shortage)
  const reasons = failures.map(errorMessage)
  return new JobError(
    `expected a lease, but every provider refused: ${reasons.join('; ')}; try again, or ask for less`,
    { code: 'NO_LEASE', reasons },
  )
}

/** Says that a task names content that did not come with the job. */
export function missingContent(cid: string): JobError {
  return new JobError(
    `expected the content of ${cid} with the job, it is not there; add it to the job's content`,
    { code: 'MISSING_CONTENT', cid },
  )
}

/** Says that a job takes no further tasks. */
export function jobClosed(job: string): JobError {
  return new JobError(`expected job ${job} to take further tasks, but it is closed; start another`, {
    code: 'JOB_CLOSED',
    job,
  })
}

/** Says that a job would have more tasks than one can. */
export function tooManyTasks(tasks: number): JobError {
  return new JobError(
    `expected at most ${MOST_TASKS} tasks in one job, got ${tasks}; seal it and start another`,
    { code: 'TOO_MANY_TASKS', tasks },
  )
}

/** Says that no model of GPU is offered by as many accounts as results must agree; `offered` says how many offer which. */
export function noDeviceClass(family: GpuFamily, wanted: number, offered: readonly string[]): JobError {
  return new JobError(
    `expected ${wanted} providers with the same model of ${family} GPU, because results of different models cannot be ` +
      `compared, found ${offered.join(', ') || 'none'}; wait for more, or do without comparing (--assurance none)`,
    { code: 'NO_DEVICE_CLASS', family, wanted },
  )
}

/** Says that a program must compare results where none can be run. */
export function cannotCompare(): JobError {
  return new JobError(
    'expected a way to run the program that compares results, this process has none; compare by tolerance, or let an agent run the job',
    { code: 'CANNOT_COMPARE' },
  )
}
