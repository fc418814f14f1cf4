import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { errorMessage } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'

/** Milliseconds for one command: it asks the cluster's controller, which answers within some. */
const COMMAND_MS = 20_000
/** Bytes of one command's answer: a line per node or job. */
const ANSWER_BYTES = 16 * 1024 * 1024
/** What Slurm's commands are told of our environment: options that it sets for other jobs are not meant for ours. */
const PASSED = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'LD_LIBRARY_PATH', 'SLURM_CONF'],
  // Whose account allocations go on, where the cluster wants to know.
  ...['SALLOC_ACCOUNT', 'SALLOC_QOS', 'SALLOC_RESERVATION'],
]

/** Returns the environment in which Slurm's commands run: their words are read, so that they speak plainly. */
export function slurmEnv(): NodeJS.ProcessEnv {
  const passed = PASSED.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return { ...Object.fromEntries(passed), LC_ALL: 'C' }
}

/** What one of Slurm's commands said. */
export interface Said {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs one of Slurm's commands and returns what it said; `limitMs` milliseconds are its bound.
 *
 * Throws {@link RuntimeError} `SLURM_FAILED` with the command's own words where it fails, is missing or takes longer.
 */
export async function askSlurm(
  command: string,
  args: readonly string[],
  limitMs: number = COMMAND_MS,
): Promise<Said> {
  try {
    // SIGTERM: a request that waits in the queue is withdrawn by the command itself.
    const options = { env: slurmEnv(), timeout: limitMs, maxBuffer: ANSWER_BYTES, cwd: '/' }
    return await promisify(execFile)(command, [...args], options)
  } catch (error) {
    throw slurmFailed(command, error)
  }
}

function slurmFailed(command: string, error: unknown): RuntimeError {
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  const came = (words === '' ? errorMessage(error) : words).slice(-512)
  return new RuntimeError(
    `expected ${command} to do what it was asked, got: ${came}; check that this machine may submit to the cluster`,
    { code: 'SLURM_FAILED', command },
  )
}
