import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { SandboxLevel } from '@souk/protocol'
import type { RunnerMessage, RunnerRequest } from '../guest/messages.ts'
import { RUNNER_FILE, runnerCommand } from '../runner-command.ts'
import { RunnerFrames } from '../runner-frames.ts'
import { endedWithParent, namespaceWrapper } from '../runner-namespaces.ts'
import { death, type Runner, type RunnerDeath, readiness, startProblem } from '../runner-process.ts'
import { runnerSources } from '../runner-sources.ts'
import { warmUp } from '../warm-up.ts'
import type { Allocation } from './allocation.ts'
import { framed, type RelayMessage, type RelayRequest } from './relay-messages.ts'
import { askSlurm, slurmEnv } from './tools.ts'

const RELAY_FILE = fileURLToPath(new URL('./relay.js', import.meta.url))
/** Milliseconds for a step to end once srun was told to end it; it takes some tens. */
const KILL_MS = 5_000
/** Characters of what srun says that are kept, for people. */
const WORDS_CHARS = 512

/** What a step is started with. */
export interface StepOptions {
  readonly allocation: Allocation
  /** Most pages of 64 KiB that one program's memory may have. */
  readonly pages: number
  readonly sandbox: SandboxLevel
}

type Srun = ChildProcessByStdio<Writable, Readable, Readable>

/** A runner in a step of an allocation, somewhere in the cluster; srun's standard streams are the channel to it. */
class StepRunner implements Runner {
  /** It is not on this machine. */
  readonly pid = undefined
  readonly exited: Promise<RunnerDeath>
  readonly compiled = new Set<string>()
  readonly #job: string
  readonly #srun: Srun
  #listener: (message: RunnerMessage) => void = () => {}
  /** Slurm's number of the step, once it runs. */
  #step: string | null = null
  #words = ''

  constructor(job: string, srun: Srun) {
    this.#job = job
    this.#srun = srun
    this.exited = this.#watchExit()
    const frames = new RunnerFrames<RelayMessage>((message) => this.#hear(message))
    srun.stdout.on('data', (chunk: Buffer) => {
      try {
        frames.push(chunk)
      } catch {
        // Not our relay's words any more: whatever took it over ends.
        void this.kill()
      }
    })
    srun.stderr.on('data', (chunk: Buffer) => {
      this.#words = `${this.#words}${chunk}`.slice(-WORDS_CHARS)
    })
    // A stream breaks when its step ends, which is told by itself.
    for (const stream of [srun.stdin, srun.stdout, srun.stderr]) stream.on('error', () => undefined)
  }

  get alive(): boolean {
    return this.#srun.exitCode === null && this.#srun.signalCode === null
  }

  listen(listener: (message: RunnerMessage) => void): void {
    this.#listener = listener
  }

  send(request: RunnerRequest): void {
    this.tell(request)
  }

  /** Says something to the relay on the node. */
  tell(request: RelayRequest): void {
    this.#srun.stdin.write(framed(request))
  }

  next(): Promise<RunnerMessage | RunnerDeath> {
    return Promise.race([new Promise<RunnerMessage>((resolve) => this.listen(resolve)), this.exited])
  }

  /** Has srun end its step, which the cluster does by force; resolves when srun is gone, and the step with it. */
  async kill(): Promise<void> {
    if (this.#srun.pid === undefined) return
    this.#srun.kill('SIGTERM')
    const late = setTimeout(() => this.#srun.kill('SIGKILL'), KILL_MS)
    await this.exited
    clearTimeout(late)
  }

  #hear(message: RelayMessage): void {
    if (message.kind === 'placed') this.#step = message.step
    else this.#listener(message)
  }

  #watchExit(): Promise<RunnerDeath> {
    return new Promise((resolve) => {
      this.#srun.once('error', (error) => {
        if (this.#srun.pid === undefined) resolve({ kind: 'died', code: 'internal', message: error.message })
      })
      // Not before everything that it had still to say is here.
      this.#srun.once('close', async (code, signal) => {
        // A step goes on without its srun.
        if (signal !== null) await this.#cancelStep()
        const { code: failure, message } = death(...endOf(code, signal))
        resolve({ kind: 'died', code: failure, message: `${message}, as a step. ${this.#words}`.trim() })
      })
    })
  }

  async #cancelStep(): Promise<void> {
    if (this.#step === null) return
    const step = `${this.#job}.${this.#step}`
    await askSlurm('scancel', ['--quiet', '--signal=KILL', step]).catch(() => {})
  }
}

/** Reads srun's exit code: above 128 the task ended by a signal. */
function endOf(
  code: number | null,
  signal: NodeJS.Signals | null,
): [code: number | null, signal: NodeJS.Signals | null] {
  const all = Object.entries(constants.signals) as [NodeJS.Signals, number][]
  const found = all.find(([, number]) => number + 128 === code)
  return found === undefined ? [code, signal] : [null, found[0]]
}

/**
 * Starts a step with a runner and resolves when it is ready.
 *
 * Throws {@link RuntimeError} `RUNNER_NOT_STARTED`, or `SANDBOX_MISSING` where the node does not have `sandbox`.
 */
export async function startStep({ allocation, pages, sandbox }: StepOptions): Promise<Runner> {
  const srun = spawn('srun', stepFlags(allocation.job), {
    env: slurmEnv(),
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    // The terminal's signals are not for it. When we die, its input ends, and so does the relay at the other end.
    detached: true,
  })
  const runner = new StepRunner(allocation.job, srun)
  // The nodes are taken to have the tools that this machine has; those that do not have no runner in namespaces.
  const wrapper = sandbox === 'namespaces' ? await namespaceWrapper() : null
  // A node may end a step's first process before it has found the others.
  const command = runnerCommand(wrapper && endedWithParent(wrapper))
  // Nothing of ours runs beside it: it needs no lower priority.
  const args = [String(pages), '0']
  runner.tell({ kind: 'begin', file: RUNNER_FILE, args, ...command, sources: runnerSources() })
  const problem = startProblem(await readiness(runner), sandbox === 'namespaces', 1)
  if (problem !== null) {
    await runner.kill()
    throw problem
  }
  await warmUp(runner)
  return runner
}

/** Steps share their allocation's cores: a runner in reserve waits beside the one that it will replace. */
function stepFlags(job: string): string[] {
  return [
    ...[`--jobid=${job}`, '--job-name=souk-runner', '--overlap', '--exact'],
    ...['--nodes=1', '--ntasks=1', '--cpus-per-task=1', '--mem=0'],
    // Written through as it comes, byte by byte as it is.
    ...['--unbuffered', '--mpi=none', '--export=NONE', '--chdir=/'],
    ...[process.execPath, '--no-warnings', RELAY_FILE],
  ]
}
