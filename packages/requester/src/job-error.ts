import { errorMessage, SoukError } from '@souk/protocol'
import { BudgetError } from './budget.ts'

/** A job that cannot start. */
export class JobError extends SoukError<
  | { code: 'CHAIN_UNAVAILABLE' }
  | { code: 'MISSING_CONTENT'; cid: string }
  | { code: 'NO_LEASE'; reasons: string[] }
> {}

/** Returns why a job got no lease: the balance where that was all, else what every provider said. */
export function noLease(failures: readonly unknown[]): Error {
  const [first] = failures
  if (first instanceof BudgetError && failures.every((one) => one instanceof BudgetError)) return first
  const reasons = failures.map(errorMessage)
  return new JobError(
    `expected a lease, but every provider refused: ${reasons.join('; ')}; try again, or ask for less`,
    { code: 'NO_LEASE', reasons },
  )
}
