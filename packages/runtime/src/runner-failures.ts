import { errorMessage, type FailureCode, ProgramError } from '@souk/protocol'
import type { FailedOutcome } from './executor.ts'
import { ContentMissing } from './guest-world.ts'

/** Returns the outcome of an execution without an output. */
export function failed(code: FailureCode, message: string): FailedOutcome {
  return { kind: 'failed', code, message }
}

/** Returns the outcome of an execution that nobody wants any more. */
export function cancelled(): FailedOutcome {
  return failed('cancelled', 'the task was cancelled')
}

/** Returns the outcome that says what kept a task from being run. */
export function failureOf(error: unknown): FailedOutcome {
  if (error instanceof ContentMissing) return failed('missing-input', error.message)
  if (error instanceof ProgramError) return failed('bad-program', error.message)
  return failed('internal', errorMessage(error))
}
