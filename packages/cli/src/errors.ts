import { SoukError } from '@souk/protocol'

/** A command that cannot do what it was asked; `exit` is the process's exit code. */
export class CliError extends SoukError<
  | { code: 'NO_MARKET'; home: string }
  | { code: 'MARKET_RUNS' | 'NO_AGENT'; home: string }
  | { code: 'CHILD_FAILED'; name: string; log: string }
  | { code: 'BAD_OPTION'; option: string }
  | { code: 'FILE_MISSING'; file: string }
  | { code: 'JOB_FAILED'; job: string }
  | { code: 'DEMO_FAILED' | 'CHAOS_FAILED'; what: string }
  | { code: 'OUT_EXISTS' | 'OUT_UNSAFE' | 'OUT_INCOMPLETE'; file: string }
  | { code: 'BAD_ARCHIVE' }
  | { code: 'PORT_TAKEN'; port: number }
  | { code: 'BAD_SPEC'; path: string }
> {}
