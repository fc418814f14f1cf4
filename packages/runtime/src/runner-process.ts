import { type ChildProcess, fork } from 'node:child_process'
import { constants } from 'node:os'
import { Duplex } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import type { FailureCode } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import { guard, release } from './guardian.ts'
import type { RunnerMessage, RunnerRequest } from './guest/messages.ts'
import { killProcess } from './kill-process.ts'
import { RUNNER_FILE, runnerCommand } from './runner-command.ts'
import { RunnerFrames } from './runner-frames.ts'
import type { RunnerGroup } from './runner-group.ts'
import { onlyChild } from './runner-namespaces.ts'
import { runnerSources } from './runner-sources.ts'
import { warmUp } from './warm-up.ts'

/** Milliseconds for a runner to start on a busy machine; it takes about a tenth of a second on an idle one. */
const START_MS = 30_000
export interface RunnerOptions {
  /** Most pages of 64 KiB that one program's memory may have. */
  readonly pages: number
  /** Lowered priority, 0 to 19, so that the provider's own work goes first. */
  readonly nice: number
  /** The command that gives it namespaces of its own, from `namespaceWrapper`; null for none. */
  readonly wrapper: readonly string[] | null
  /** The control group that it lives in, which ends with it; null for none. */
  readonly group?: RunnerGroup | null
}

/** How a runner ended instead of answering. */
export interface RunnerDeath {
  readonly kind: 'died'
  readonly code: FailureCode
  readonly message: string
}

/** A process that runs tasks one after another, on this machine or another, and what it has compiled. */
export interface Runner {
  /** The process in which programs run; `undefined` where it is not on this machine. */
  readonly pid: number | undefined
  readonly alive: boolean
  /** Resolves when the process is gone, with how it ended. */
  readonly exited: Promise<RunnerDeath>
  /** Keys of compiled programs in the order of their last use; kept here for its owner. */
  readonly compiled: Set<string>
  /** Has everything that the process says from now on told to `listener`. */
  listen(listener: (message: RunnerMessage) => void): void
  /** Sends a request; a process that cannot be written to ends. */
  send(request: RunnerRequest): void
  /** Resolves with what the process says next, or how it ended. */
  next(): Promise<RunnerMessage | RunnerDeath>
  /** Kills the process at once, even in an endless loop, and resolves when it is gone. */
  kill(): Promise<void>
}

/** A runner that is a child of this process. */
export class RunnerProcess implements Runner {
  readonly #child: ChildProcess
  readonly #group: RunnerGroup | null
  /** The process inside the namespaces, where the child only waits for it. */
  #inner: number | undefined
  #listener: (message: RunnerMessage) => void = () => {}
  readonly exited: Promise<RunnerDeath>
  readonly compiled = new Set<string>()

  constructor(child: ChildProcess, group: RunnerGroup | null = null) {
    this.#child = child
    this.#group = group
    this.exited = watchExit(child).then((death) => this.#leaveGroup(death))
    const pipe = child.stdio[PIPE]
    if (pipe instanceof Duplex) this.#read(pipe)
  }

  get pid(): number | undefined {
    return this.#inner ?? this.#child.pid
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected
  }

  listen(listener: (message: RunnerMessage) => void): void {
    this.#listener = listener
  }

  send(request: RunnerRequest): void {
    this.#child.send(request, (error) => {
      if (error) this.#signal()
    })
  }

  next(): Promise<RunnerMessage | RunnerDeath> {
    return Promise.race([new Promise<RunnerMessage>((resolve) => this.listen(resolve)), this.exited])
  }

  async kill(): Promise<void> {
    this.#signal()
    await this.exited
  }

  /** Notes the process that a wrapper started. Killed by itself, it is reaped at once; the wrapper then ends. */
  foundInside(pid: number): void {
    this.#inner = pid
    guard(pid)
    void this.exited.then(() => release(pid))
  }

  /** Has the group bound the process; throws the system's errors. */
  joinGroup(): void {
    if (this.pid !== undefined) this.#group?.add(this.pid)
  }

  /** Ends what else is in the group, and tells a process that the kernel ended for want of memory. */
  async #leaveGroup(death: RunnerDeath): Promise<RunnerDeath> {
    if (this.#group === null) return death
    const ranOut = this.#group.ranOutOfMemory()
    await this.#group.end()
    if (!ranOut) return death
    return { ...death, code: 'out-of-memory', message: `${death.message}, for it took more than its memory` }
  }

  #signal(): void {
    if (!this.#isRunning()) return
    if (this.#inner === undefined) this.#child.kill('SIGKILL')
    else killProcess(this.#inner)
  }

  #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  #read(pipe: Duplex): void {
    const frames = new RunnerFrames((message) => this.#listener(message))
    pipe.on('data', (chunk: Buffer) => {
      try {
        frames.push(chunk)
      } catch {
        // Not our runner's words any more: whatever took it over ends.
        this.#signal()
      }
    })
    // A pipe breaks when its process ends, which is told by itself.
    pipe.on('error', () => undefined)
    pipe.write(runnerSources())
  }
}

/** The descriptor of the pipe by which a runner talks, and by which it gets its sources; 3 is Node's own channel. */
const PIPE = 4

/**
 * Starts a runner and resolves when it is ready.
 *
 * Throws {@link RuntimeError} `RUNNER_NOT_STARTED`, or `SANDBOX_MISSING` where the permission model or the
 * namespaces are not in force: nothing runs below its sandbox floor.
 */
export async function startRunner(options: RunnerOptions): Promise<RunnerProcess> {
  const { pages, nice, wrapper, group = null } = options
  const child = fork(RUNNER_FILE, [String(pages), String(nice)], {
    ...runnerCommand(wrapper),
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  })
  if (child.pid !== undefined) guard(child.pid)
  const runner = new RunnerProcess(child, group)
  const ready = await readiness(runner)
  const inside = wrapper && child.pid !== undefined ? await onlyChild(child.pid) : undefined
  const problem = startProblem(ready, wrapper !== null, inside)
  if (problem) {
    child.kill('SIGKILL')
    throw problem
  }
  if (inside !== undefined) runner.foundInside(inside)
  try {
    runner.joinGroup()
  } catch (error) {
    await runner.kill()
    throw error
  }
  await warmUp(runner)
  return runner
}

/** Resolves with what a runner says first, or why it says nothing within {@link START_MS}. */
export async function readiness(runner: Runner): Promise<RunnerMessage | RunnerDeath> {
  const waiting = new AbortController()
  try {
    const late = setTimeout(START_MS, lateStart, { signal: waiting.signal }).catch(() => lateStart)
    return await Promise.race([runner.next(), late])
  } finally {
    waiting.abort()
  }
}

const lateStart: RunnerDeath = {
  kind: 'died',
  code: 'internal',
  message: `it was not ready within ${START_MS} ms`,
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

/** Returns what keeps a runner from being used, or null; `inside` is the process within the wrapper, where one is seen. */
export function startProblem(
  ready: RunnerMessage | RunnerDeath,
  wrapped: boolean,
  inside: number | undefined,
): RuntimeError | null {
  if (ready.kind !== 'ready') {
    const message = ready.kind === 'died' ? ready.message : ready.kind
    return new RuntimeError(
      `expected a runner process to start, got: ${message}; check memory and Node's version`,
      { code: 'RUNNER_NOT_STARTED' },
    )
  }
  const { refused, alone } = ready
  if (!Object.values(refused).every((each) => each)) {
    return new RuntimeError(
      `expected Node's permission model to refuse files, processes and threads, got ${JSON.stringify(refused)}; use Node 22.13 or newer`,
      { code: 'SANDBOX_MISSING', refused },
    )
  }
  if (!wrapped || (alone && inside !== undefined)) return null
  return new RuntimeError(
    'expected a runner in namespaces of its own, got one that sees processes or networks of ours; start again',
    { code: 'SANDBOX_MISSING', alone },
  )
}

/**
 * Signals by which the engine ends a process that has no memory left. SIGSEGV is what remains of an abort where the
 * process is the first of its namespace, which no SIGABRT of its own ends; programs cannot cause one.
 */
const OUT_OF_MEMORY_SIGNALS = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV']

/** Says what the end of a runner's process means for the task in it. */
export function death(code: number | null, signal: NodeJS.Signals | null): RunnerDeath {
  const how = signal ? `by ${signal}` : `with exit code ${code}`
  const exhausted = signal !== null && OUT_OF_MEMORY_SIGNALS.includes(signal)
  const aborted = code === 128 + constants.signals.SIGABRT
  return {
    kind: 'died',
    code: exhausted || aborted ? 'out-of-memory' : 'killed',
    message: `the runner process ended ${how}`,
  }
}
