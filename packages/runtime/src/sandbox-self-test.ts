import { fileURLToPath } from 'node:url'
import { type SandboxLevel, WASI_IMPORTS } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import { giveUpNamespaces, namespaceWrapper } from './runner-namespaces.ts'
import { type Runner, startRunner } from './runner-process.ts'

/** What was tried from inside a runner and what came of it. */
export interface SandboxReport {
  readonly level: Extract<SandboxLevel, 'process' | 'namespaces'>
  /** What was refused, by trial. */
  readonly denied: readonly string[]
  /**
   * Whether the runner's own JavaScript could open a socket. Node before 25 cannot refuse that, namespaces do;
   * programs cannot either way, for they have no import that reaches the network.
   */
  readonly runnerReachesNetwork: boolean
  readonly programImportsNetwork: boolean
}

/** What each level promises for the runner process itself. */
const PROMISED = {
  process: ['environment', 'read', 'spawn', 'worker'],
  namespaces: ['environment', 'network', 'processes', 'read', 'spawn', 'worker'],
} as const

/**
 * Tries to read a file of ours, start a process, start a thread, see our environment, signal this process and open a
 * socket from inside a runner, and returns the sandbox in force: `namespaces` where they hold, or `process`.
 *
 * Throws {@link RuntimeError} `SANDBOX_MISSING` if anything succeeds that `process` promises to refuse.
 */
export async function sandboxSelfTest(): Promise<SandboxReport> {
  const wrapper = await namespaceWrapper()
  if (wrapper === null) return tryLevel('process', null)
  try {
    return await tryLevel('namespaces', wrapper)
  } catch {
    // Whatever keeps them from holding: executors are started without them from now on.
    giveUpNamespaces()
    return tryLevel('process', null)
  }
}

async function tryLevel(
  level: SandboxReport['level'],
  wrapper: readonly string[] | null,
): Promise<SandboxReport> {
  const runner = await startRunner({ pages: 1, nice: 0, wrapper })
  try {
    return await testRunner(level, runner)
  } finally {
    await runner.kill()
  }
}

/** Tries a runner from inside. Throws {@link RuntimeError} `SANDBOX_MISSING` if it reaches what `level` refuses. */
export async function testRunner(level: SandboxReport['level'], runner: Runner): Promise<SandboxReport> {
  runner.send({ kind: 'probe', file: fileURLToPath(import.meta.url), pid: process.pid })
  const answer = await runner.next()
  if (answer.kind === 'probed') return report(level, answer.reached)
  throw new RuntimeError(`expected the runner to answer a probe, got ${answer.kind}; try again`, {
    code: 'RUNNER_NOT_STARTED',
  })
}

function report(level: SandboxReport['level'], reached: readonly string[]): SandboxReport {
  const promised = PROMISED[level]
  const broken = promised.filter((way) => reached.includes(way))
  if (broken.length > 0) {
    throw new RuntimeError(
      `expected a runner process that reaches none of ${promised.join(', ')}, but it reached: ${broken.join(', ')}`,
      { code: 'SANDBOX_MISSING', reached },
    )
  }
  return {
    level,
    denied: promised,
    runnerReachesNetwork: reached.includes('network'),
    programImportsNetwork: WASI_IMPORTS.some((name) => name.startsWith('sock_')),
  }
}
