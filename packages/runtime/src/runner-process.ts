import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FailureCode } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import { guard, release } from './guardian.ts'
import type { RunnerReply, RunnerRequest } from './guest/messages.ts'
import { warmUp } from './warm-up.ts'

/** Milliseconds for a runner to start on a busy machine; it takes about a tenth of a second on an idle one. */
const START_MS = 30_000
/** MiB of JavaScript heap of a runner: its own needs are a tenth; a program's memory does not count here. */
const HEAP_MIB = 256
/** Elements of one table; the engine's own bound would let a program hold gigabytes outside its memory. */
const TABLE_ELEMENTS = 1_000_000

export interface RunnerOptions {
  /** Most pages of 64 KiB that one program's memory may have. */
  readonly pages: number
  /** Lowered priority, 0 to 19, so that the provider's own work goes first. */
  readonly nice: number
}

/** How a runner ended instead of answering. */
export interface RunnerDeath {
  readonly kind: 'died'
  readonly code: FailureCode
  readonly message: string
}

/** One child process that runs one task at a time, and what it has compiled. */
export class RunnerProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<RunnerDeath>
  /** Keys of compiled programs in the order of their last use; kept here for its owner. */
  readonly compiled = new Set<string>()

  constructor(child: ChildProcess, exited: Promise<RunnerDeath>) {
    this.#child = child
    this.#exited = exited
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected
  }

  /** Sends one request and returns the reply, or how the process ended. */
  ask(request: RunnerRequest): Promise<RunnerReply | RunnerDeath> {
    const reply = nextReply(this.#child)
    this.#child.send(request, (error) => {
      // A child that cannot be written to is no use; its exit then answers.
      if (error) this.#child.kill('SIGKILL')
    })
    return Promise.race([reply, this.#exited])
  }

  /** Kills the process at once, even in an endless loop, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}

/**
 * Starts a runner and resolves when it is ready.
 *
 * Throws {@link RuntimeError} `RUNNER_NOT_STARTED`, or `SANDBOX_MISSING` where the permission model is not in
 * force: nothing runs below its sandbox floor.
 */
export async function startRunner(options: RunnerOptions): Promise<RunnerProcess> {
  const child = fork(RUNNER_FILE, [String(options.pages)], {
    execArgv: runnerFlags(),
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = watchExit(child)
  if (child.pid !== undefined) {
    guard(child.pid)
    lowerPriority(child.pid, options.nice)
  }
  const ready = await Promise.race([nextReply(child, AbortSignal.timeout(START_MS)), exited])
  const problem = startProblem(ready)
  if (problem) {
    child.kill('SIGKILL')
    throw problem
  }
  const runner = new RunnerProcess(child, exited)
  await warmUp(runner)
  return runner
}

const GUEST_DIR = fileURLToPath(new URL('./guest/', import.meta.url))
const RUNNER_FILE = join(GUEST_DIR, 'runner.ts')
/** The WASI library's folder, above its entry file in `dist`. */
const SHIM_DIR = dirname(dirname(createRequire(import.meta.url).resolve('@bjorn3/browser_wasi_shim')))

/** No files but the runner's own source, no child processes, no threads, no addons; bounded heap and tables. */
function runnerFlags(): string[] {
  return [
    '--permission',
    `--allow-fs-read=${join(GUEST_DIR, '*')}`,
    `--allow-fs-read=${join(SHIM_DIR, '*')}`,
    '--no-addons',
    '--no-warnings',
    '--expose-gc',
    '--v8-pool-size=1',
    `--max-old-space-size=${HEAP_MIB}`,
    `--wasm-max-table-size=${TABLE_ELEMENTS}`,
  ]
}

function lowerPriority(pid: number, nice: number): void {
  try {
    setPriority(pid, nice)
  } catch {
    // The child ended already, or the system knows no priorities; neither is a reason not to run.
  }
}

async function nextReply(child: ChildProcess, signal?: AbortSignal): Promise<RunnerReply | RunnerDeath> {
  try {
    const [reply] = await once(child, 'message', signal ? { signal } : {})
    return reply
  } catch (error) {
    return { kind: 'died', code: 'internal', message: String(error) }
  }
}

/** Resolves with how the process ended, or that it never began; other errors show in what is asked of it. */
function watchExit(child: ChildProcess): Promise<RunnerDeath> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'died', code: 'internal', message: error.message })
    })
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) release(child.pid)
      resolve(death(code, signal))
    })
  })
}

function startProblem(ready: RunnerReply | RunnerDeath): RuntimeError | null {
  if (ready.kind !== 'ready') {
    const message = ready.kind === 'died' ? ready.message : ready.kind
    return new RuntimeError(
      `expected a runner process to start, got: ${message}; check memory and Node's version`,
      {
        code: 'RUNNER_NOT_STARTED',
      },
    )
  }
  if (Object.values(ready.refused).every((refused) => refused)) return null
  return new RuntimeError(
    `expected Node's permission model to refuse files, processes and threads, got ${JSON.stringify(ready.refused)}; use Node 22.13 or newer`,
    { code: 'SANDBOX_MISSING', refused: ready.refused },
  )
}

/** Signals by which the engine ends a process that has no memory left. */
const OUT_OF_MEMORY_SIGNALS = ['SIGABRT', 'SIGTRAP', 'SIGILL']

function death(code: number | null, signal: NodeJS.Signals | null): RunnerDeath {
  const how = signal ? `by ${signal}` : `with exit code ${code}`
  const exhausted = signal !== null && OUT_OF_MEMORY_SIGNALS.includes(signal)
  const aborted = code === 128 + constants.signals.SIGABRT
  return {
    kind: 'died',
    code: exhausted || aborted ? 'out-of-memory' : 'killed',
    message: `the runner process ended ${how}`,
  }
}
