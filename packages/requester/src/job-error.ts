import type { Shortage } from '@souk/engine'
import { errorMessage, SoukError } from '@souk/protocol'
import { BudgetError, budgetError } from './budget.ts'

/** A job that cannot start. */
export class JobError extends SoukError<
  | { code: 'CHAIN_UNAVAILABLE' }
  | { code: 'MISSING_CONTENT'; cid: string }
  | { code: 'NO_LEASE'; reasons: string[] }
> {}

/** Returns what the cheapest lease lacked that could not be paid; null where money kept nobody from leasing. */
export function shortageIn(failures: readonly unknown[]): Shortage | null {
  const short = failures.flatMap((one) => (one instanceof BudgetError ? [one.data] : []))
  const [first] = short.sort((a, b) => (a.needed < b.needed ? -1 : 1))
  return first === undefined ? null : { lacks: first.lacks, needed: first.needed, available: first.available }
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
