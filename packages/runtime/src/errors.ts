import { SoukError } from '@souk/protocol'

/** What keeps this machine from running work at all; never about one task, but for the ways into a running one. */
export class RuntimeError extends SoukError<{
  code:
    | 'RUNNER_NOT_STARTED'
    | 'SANDBOX_MISSING'
    | 'BAD_OPTION'
    | 'NOT_MEASURED'
    | 'NOT_OFFERED'
    | 'NOT_STARTED'
    | 'NO_LISTENER'
    | 'NO_SUCH_PATH'
    | 'NOT_SUPPORTED'
    | 'NOT_RUNNING'
    | 'TOO_MANY'
    | 'SLURM_FAILED'
    | 'NO_CAPACITY'
    | 'NO_GPU_ACCESS'
  [fact: string]: unknown
}> {}
