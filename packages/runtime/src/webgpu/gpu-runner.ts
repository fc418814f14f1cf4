import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { SandboxLevel } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import { guard, release } from '../guardian.ts'
import { killProcess } from '../kill-process.ts'
import { onlyChild } from '../runner-namespaces.ts'
import { GUEST_DIR } from '../runner-sources.ts'
import { forkGpuProcess, GPU_GUEST_DIR } from './gpu-process.ts'
import type { Adapter, GpuMessage, GpuRequest } from './guest/messages.ts'

/** Milliseconds for a process with a GPU to start on a busy machine; drivers of many devices take a second. */
const GPU_START_MS = 60_000

/** How a process with a GPU is started. */
export interface GpuRunnerOptions {
  /** The adapter, as its driver names it. */
  readonly adapter: string
  /** Whether it must be one that computes on processors, or must not. */
  readonly isSoftware: boolean
  /** Whether any of several hardware adapters of that name will do. */
  readonly isAny?: boolean
  /** Lowered priority, 0 to 19. */
  readonly nice: number
  /** The command that gives the process namespaces of its own; null for none. */
  readonly wrapper: readonly string[] | null
}

/** How a process ended instead of answering. */
export interface GpuRunnerDeath {
  readonly kind: 'died'
  readonly message: string
}

/** One process that has a device open and runs kernels on it, one at a time. */
export class GpuRunner {
  readonly #child: ChildProcess
  /** The process inside the namespaces, where the child only waits for it. */
  #inner: number | undefined
  /** Resolves when the process is gone. */
  readonly exited: Promise<GpuRunnerDeath>

  constructor(child: ChildProcess) {
    this.#child = child
    this.exited = new Promise((resolve) => {
      const end = (how: string) => resolve({ kind: 'died', message: `the process with the GPU ended ${how}` })
      child.once('error', ({ message }) => child.pid === undefined && end(message))
      child.once('exit', (code, signal) => end(signal ? `by ${signal}` : `with exit code ${code}`))
    })
  }

  /** The process in which kernels run. */
  get pid(): number | undefined {
    return this.#inner ?? this.#child.pid
  }

  /** Sends a request and resolves with the answer, or with how the process ended before. */
  ask(request: GpuRequest): Promise<GpuMessage | GpuRunnerDeath> {
    const answer = this.next()
    this.#child.send(request, (error) => {
      if (error) this.#signal()
    })
    return answer
  }

  /** Resolves with what the process says next, or with how it ended. */
  async next(): Promise<GpuMessage | GpuRunnerDeath> {
    const { promise, resolve } = Promise.withResolvers<GpuMessage>()
    this.#child.once('message', resolve)
    const said = await Promise.race([promise, this.exited])
    this.#child.off('message', resolve)
    return said
  }

  /** Kills the process, even in an endless shader, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#signal()
    await this.exited
  }

  /** Finds the process that a wrapper started; killed by itself, it is reaped at once, and the wrapper then ends. */
  async findInside(): Promise<boolean> {
    const { pid } = this.#child
    const inner = pid === undefined ? undefined : await onlyChild(pid)
    if (inner === undefined) return false
    this.#inner = inner
    guard(inner)
    void this.exited.then(() => release(inner))
    return true
  }

  #signal(): void {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    if (this.#inner === undefined) this.#child.kill('SIGKILL')
    else killProcess(this.#inner)
  }
}

/**
 * Starts a process with the adapter's device open.
 *
 * Throws {@link RuntimeError} `RUNNER_NOT_STARTED` where it does not start or the adapter is not there, `SANDBOX_MISSING`
 * where the permission model or the namespaces are not in force, and what {@link forkGpuProcess} throws.
 */
export async function startGpuRunner(options: GpuRunnerOptions): Promise<GpuRunner> {
  const { adapter, nice, wrapper } = options
  const file = join(GPU_GUEST_DIR, 'gpu-runner.ts')
  const runner = new GpuRunner(
    forkGpuProcess(file, [adapter, String(nice)], wrapper, [GPU_GUEST_DIR, GUEST_DIR]),
  )
  const late = setTimeout(() => void runner.kill(), GPU_START_MS)
  try {
    const said = await runner.next()
    const inside = wrapper === null || (await runner.findInside())
    requireReady(said, options, inside)
    return runner
  } catch (error) {
    await runner.kill()
    throw error
  } finally {
    clearTimeout(late)
  }
}

function requireReady(
  said: GpuMessage | GpuRunnerDeath,
  { adapter: name, isSoftware, isAny = isSoftware, wrapper }: GpuRunnerOptions,
  inside: boolean,
): void {
  if (said.kind !== 'ready') {
    const how = said.kind === 'died' ? said.message : said.kind
    throw new RuntimeError(`expected a process with ${name} to start, got: ${how}; check the GPU's driver`, {
      code: 'RUNNER_NOT_STARTED',
    })
  }
  const { adapter, alike, refused, alone } = said
  if (adapter === null || adapter.isSoftware !== isSoftware) throw missing(name, adapter)
  if (alike > 1 && !isAny) throw ambiguous(name, alike)
  if (Object.values(refused).every((each) => each) && (wrapper === null || (alone && inside))) return
  throw new RuntimeError(
    `expected a process with a GPU that is confined, got one that is not: ${JSON.stringify({ refused, alone })}; use Node 22.13 or newer`,
    { code: 'SANDBOX_MISSING', refused, alone },
  )
}

function missing(name: string, got: Adapter | null): RuntimeError {
  return new RuntimeError(
    `expected the GPU adapter ${name}, got ${got?.name ?? 'none'}; check the GPU and its driver`,
    { code: 'RUNNER_NOT_STARTED', name },
  )
}

function ambiguous(name: string, alike: number): RuntimeError {
  return new RuntimeError(
    `expected to see the leased GPU alone, got ${alike} of the name ${name}; let users make namespaces, so that the others can be hidden`,
    { code: 'SANDBOX_MISSING', name, alike },
  )
}

/** Names of ways out of the sandbox that a process with a GPU must not have, by level. */
const PROMISED = {
  process: ['read', 'spawn', 'worker'],
  namespaces: ['read', 'spawn', 'worker', 'network', 'processes'],
} as const

/**
 * Tries to leave the sandbox from inside of a process with a GPU. Throws {@link RuntimeError} `SANDBOX_MISSING` where
 * anything succeeds that the level promises to refuse.
 */
export async function proveGpuSandbox(
  runner: GpuRunner,
  level: Extract<SandboxLevel, 'process' | 'namespaces'>,
  file: string,
): Promise<void> {
  const answer = await runner.ask({ kind: 'probe', file, pid: process.pid })
  const reached = answer.kind === 'probed' ? answer.reached : [answer.kind]
  const broken = answer.kind === 'probed' ? PROMISED[level].filter((way) => reached.includes(way)) : reached
  if (broken.length === 0) return
  throw new RuntimeError(
    `expected a process with a GPU that reaches none of ${PROMISED[level].join(', ')}, but it reached: ${broken.join(', ')}`,
    { code: 'SANDBOX_MISSING', reached },
  )
}
