import { fileURLToPath } from 'node:url'
import { type SandboxLevel, WASI_IMPORTS } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import { startRunner } from './runner-process.ts'

/** What was tried from inside a runner and what came of it. */
export interface SandboxReport {
  readonly level: SandboxLevel
  /** What Node's permission model refused, by trial. */
  readonly denied: readonly string[]
  /**
   * Whether the runner's own JavaScript could open a socket. Node before 25 cannot refuse that; programs
   * cannot either way, for `wasm/1` has no import that reaches the network.
   */
  readonly runnerReachesNetwork: boolean
  readonly programImportsNetwork: boolean
}

/** What the level `process` promises for the runner process itself. */
const PROMISED = ['environment', 'read', 'spawn', 'worker']

/**
 * Tries to read a file of ours, start a process, start a thread, see our environment and open a socket from
 * inside a runner, and returns the sandbox in force.
 *
 * Throws {@link RuntimeError} `SANDBOX_MISSING` if anything but the socket succeeds.
 */
export async function sandboxSelfTest(): Promise<SandboxReport> {
  const runner = await startRunner({ pages: 1, nice: 0 })
  try {
    const answer = await runner.ask({ kind: 'probe', file: fileURLToPath(import.meta.url) })
    if (answer.kind !== 'probed') {
      throw new RuntimeError(`expected the runner to answer a probe, got ${answer.kind}; try again`, {
        code: 'RUNNER_NOT_STARTED',
      })
    }
    return report(answer.reached)
  } finally {
    await runner.kill()
  }
}

function report(reached: readonly string[]): SandboxReport {
  const broken = PROMISED.filter((way) => reached.includes(way))
  if (broken.length > 0) {
    throw new RuntimeError(
      `expected a runner process without files, processes, threads and environment, but it reached: ${broken.join(', ')}`,
      { code: 'SANDBOX_MISSING', reached },
    )
  }
  return {
    level: 'process',
    denied: PROMISED,
    runnerReachesNetwork: reached.includes('network'),
    programImportsNetwork: WASI_IMPORTS.some((name) => name.startsWith('sock_')),
  }
}
