import type { SandboxLevel } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import type { Execution, Executor, Inside, Outcome } from './executor.ts'
import type { GroupLimits } from './group-places.ts'
import { refusal, type WasmEngine } from './guest-world.ts'
import { cancelled } from './runner-failures.ts'
import { runnerGroups } from './runner-groups.ts'
import { RunnerJob } from './runner-job.ts'
import { RunnerLane } from './runner-lane.ts'
import { namespaceWrapper } from './runner-namespaces.ts'
import { type Runner, startRunner } from './runner-process.ts'
import { insideService } from './runner-service.ts'
import { RunnerSpare } from './runner-spare.ts'

const PAGE_BYTES = 65_536
/** Pages of a 32-bit memory. */
const MAX_PAGES = 65_536
/** Lowered priority of programs: a provider whose beats are late looks dead. */
const NICE = 10

/**
 * Bytes of a runner's control group beyond the memory of its program: heap, compiled code, and inputs and outputs, each
 * of which are there twice while they cross the process boundary.
 */
const ROOM_BYTES = 2 * 1024 ** 3
/** Processes and threads of a runner's control group: Node has a dozen. */
const MOST_THREADS = 64

export interface WasmExecutorOptions {
  /** Bytes of program memory, shared evenly between the cores. */
  readonly memoryBytes: number
  /** Programs that run at the same time, each in a process of its own; 1 unless given. */
  readonly cores?: number
  /** Scheduling priority of the programs, 0 (as this process) to 19; 10 unless given. */
  readonly nice?: number
  /** The engine; `wasm/1` unless given. */
  readonly engine?: WasmEngine
}

/**
 * Starts the runner processes and returns the executor of one engine for WebAssembly.
 *
 * Throws {@link RuntimeError} `BAD_OPTION`, `RUNNER_NOT_STARTED` or `SANDBOX_MISSING`.
 */
export async function createWasmExecutor(options: WasmExecutorOptions): Promise<Executor> {
  const { memoryBytes, cores = 1, nice = NICE, engine = 'wasm/1' } = options
  const pages = pagesPerCore(memoryBytes, cores)
  const wrapper = await namespaceWrapper()
  const sandbox = wrapper === null ? 'process' : 'namespaces'
  const groups = await runnerGroups()
  return startWasmExecutor({ engine, pages, cores, sandbox }, async () => {
    const group = groups.version === null ? null : groups.create(limitsOf(pages))
    return startRunner({ pages, nice, wrapper, group })
  })
}

/** Returns what a runner may use besides and for programs of so many pages. */
function limitsOf(pages: number): GroupLimits {
  return { memoryBytes: pages * PAGE_BYTES + ROOM_BYTES, processes: MOST_THREADS }
}

/** Returns the most pages of one program. Throws {@link RuntimeError} `BAD_OPTION` where that is none. */
export function pagesPerCore(memoryBytes: number, cores: number): number {
  const pages = Math.min(MAX_PAGES, Math.floor(memoryBytes / cores / PAGE_BYTES))
  if (pages >= 1) return pages
  throw new RuntimeError(`expected at least ${PAGE_BYTES} bytes of memory per core, got ${memoryBytes}`, {
    code: 'BAD_OPTION',
    memoryBytes,
    cores,
  })
}

/** Starts a runner for each core, wherever `start` starts them, and returns their executor. Throws what `start` throws. */
export async function startWasmExecutor(place: Place, start: () => Promise<Runner>): Promise<Executor> {
  const executor = new WasmExecutor(place, new RunnerSpare(start))
  try {
    await executor.start()
  } catch (error) {
    await executor.stop()
    throw error
  }
  return executor
}

/** What an executor for WebAssembly has. */
export interface Place {
  readonly engine: WasmEngine
  /** Most pages of one program. */
  readonly pages: number
  readonly cores: number
  readonly sandbox: SandboxLevel
}

/** Gives executions to the cores in order, each as far ahead as its tasks are short. */
class WasmExecutor implements Executor {
  readonly sandbox: SandboxLevel
  readonly #place: Place
  readonly #runners: RunnerSpare
  readonly #lanes: readonly RunnerLane[]
  readonly #waiting: RunnerJob[] = []
  readonly #jobs = new Set<RunnerJob>()
  #stopped = false

  constructor(place: Place, runners: RunnerSpare) {
    this.sandbox = place.sandbox
    this.#place = place
    this.#runners = runners
    const host = {
      takeRunner: () => runners.take(),
      giveBack: (jobs: readonly RunnerJob[]) => this.#waiting.unshift(...jobs),
      slow: () => runners.prepare(),
      roomy: () => this.#giveOut(),
    }
    this.#lanes = Array.from({ length: place.cores }, () => new RunnerLane(host))
  }

  /** Starts a runner for each core. Throws {@link RuntimeError}. */
  async start(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.start()))
  }

  async run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const refused = refusal(execution, this.#place.engine, this.#place.pages)
    if (refused) return refused
    if (this.#stopped || signal.aborted) return cancelled()
    const job = new RunnerJob(execution)
    const cancel = () => this.#cancel(job)
    signal.addEventListener('abort', cancel, { once: true })
    this.#jobs.add(job)
    this.#waiting.push(job)
    this.#giveOut()
    const outcome = await job.outcome
    this.#jobs.delete(job)
    signal.removeEventListener('abort', cancel)
    return outcome
  }

  inside(id: string): Inside | undefined {
    const job = [...this.#jobs].find(({ execution }) => execution.id === id)
    return job && insideService(job.isService, job.service)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const job of this.#jobs) job.settle(cancelled())
    await Promise.all([this.#runners.stop(), ...this.#lanes.map((lane) => lane.stop())])
  }

  #cancel(job: RunnerJob): void {
    job.settle(cancelled())
    job.withdraw()
  }

  /** Gives waiting jobs to the least busy cores, as long as the first of them finds room. */
  #giveOut(): void {
    while (!this.#stopped) {
      const [job] = this.#waiting
      if (job === undefined) return
      const lane = job.settled ? null : this.#laneFor(job)
      if (lane === undefined) return
      this.#waiting.shift()
      lane?.take(job)
    }
  }

  #laneFor(job: RunnerJob): RunnerLane | undefined {
    const open = this.#lanes.filter((lane) => lane.hasRoomFor(job))
    return open.reduce<RunnerLane | undefined>(
      (least, lane) => (least === undefined || lane.load < least.load ? lane : least),
      undefined,
    )
  }
}
