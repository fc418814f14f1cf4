import { SoukError } from '@souk/protocol'

/** What keeps this machine from running work at all; never about one task. */
export class RuntimeError extends SoukError<{
  code: 'RUNNER_NOT_STARTED' | 'SANDBOX_MISSING' | 'BAD_OPTION' | 'NOT_MEASURED'
  [fact: string]: unknown
}> {}
