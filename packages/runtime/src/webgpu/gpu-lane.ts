import { errorMessage, kernelBytes } from '@souk/protocol'
import { type Interrupted, interruptible } from '../container/interrupt.ts'
import type { Execution, Outcome } from '../executor.ts'
import { processCpuMs } from '../process-time.ts'
import { cancelled, failed } from '../runner-failures.ts'
import { type GpuRunner, type GpuRunnerDeath, type GpuRunnerOptions, startGpuRunner } from './gpu-runner.ts'
import type { GpuMessage, KernelRequest } from './guest/messages.ts'
import type { KernelRoom } from './kernel-world.ts'
import { outgrown } from './memory-watch.ts'

/** How often a kernel's buffers are in memory at the most: sent, on their way, on a software device, and back. */
const HOST_COPIES = 6

export interface GpuLaneOptions extends GpuRunnerOptions {
  /** Bytes of memory of the process beside the buffers of its kernel. */
  readonly processBytes: number
}

/** One leased GPU, and the process that computes on it: a new one after each that had to be killed. */
export class GpuLane {
  readonly room: KernelRoom
  readonly #options: GpuLaneOptions
  #runner: Promise<GpuRunner> | null = null
  #stopped = false

  constructor(room: KernelRoom, options: GpuLaneOptions) {
    this.room = room
    this.#options = options
  }

  /** Starts the process, or returns the one that is there. Throws what {@link startGpuRunner} throws. */
  start(): Promise<GpuRunner> {
    return this.#runner ?? this.#begin(startGpuRunner(this.#options))
  }

  /** Runs one task, alone; the process is killed where it is not done by its deadline, or not wanted any more. */
  async run(request: KernelRequest, execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const runner = await this.start().catch(errorMessage)
    if (typeof runner === 'string') return failed('device-lost', runner)
    if (signal.aborted) return cancelled()
    execution.hear?.({ kind: 'started' })
    const over = new AbortController()
    const work = Promise.race([
      runner.ask(request),
      outgrowing(runner, this.#mostBytes(request), over.signal),
    ])
    const answer = await interruptible(work, execution.deadlineMs, signal)
    over.abort()
    if (answer.kind === 'done' && typeof answer.value !== 'string') return outcomeOf(answer.value)
    const outcome = await interrupted(runner, answer, execution)
    this.#replace(runner)
    return outcome
  }

  /** Returns the bytes that the process may have while it runs a kernel. */
  #mostBytes({ kernel }: KernelRequest): number {
    return this.#options.processBytes + HOST_COPIES * kernelBytes(kernel)
  }

  /** Kills the process; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true
    const runner = await this.#runner?.catch(() => null)
    await runner?.kill()
  }

  /** Kills the process, and starts another so that the next task finds it ready. */
  #replace(runner: GpuRunner): void {
    const replacing = async () => {
      await runner.kill()
      return this.#stopped ? runner : startGpuRunner(this.#options)
    }
    // A failed start is told to the task that waits for it; the next one tries again.
    this.#begin(replacing()).catch(() => undefined)
  }

  #begin(starting: Promise<GpuRunner>): Promise<GpuRunner> {
    const forget = () => {
      if (this.#runner === starting) this.#runner = null
    }
    this.#runner = starting
    starting.then((runner) => void runner.exited.then(forget), forget)
    return starting
  }
}

/** Resolves with what is wrong once the process has more than `mostBytes`. */
async function outgrowing({ pid }: GpuRunner, mostBytes: number, signal: AbortSignal): Promise<string> {
  const bytes = await outgrown(pid ?? 0, mostBytes, signal)
  return `the kernel and its compiler took ${bytes} bytes of memory, beyond ${mostBytes}`
}

/** Says why a process has to be killed. */
async function interrupted(
  runner: GpuRunner,
  answer: Interrupted<unknown>,
  execution: Execution,
): Promise<Outcome> {
  if (answer.kind === 'cancelled') return cancelled()
  if (answer.kind === 'done') return failed('out-of-memory', String(answer.value))
  return late(runner, execution)
}

async function late(runner: GpuRunner, { deadlineMs }: Execution): Promise<Outcome> {
  const cpuMs = runner.pid === undefined ? null : await processCpuMs(runner.pid)
  const why = `the kernel ran longer than its deadline of ${deadlineMs} ms, and the process with the GPU was stopped`
  return { ...failed('deadline', why), cpuMs }
}

function outcomeOf(said: GpuMessage | GpuRunnerDeath): Outcome {
  if (said.kind === 'lost') return failed('device-lost', `the GPU is lost: ${said.message}`)
  if (said.kind !== 'ended')
    return failed('killed', said.kind === 'died' ? said.message : `it said ${said.kind}`)
  const { result } = said
  if (result.kind === 'failed') return result
  const { files, cpuMs, runMs } = result
  const status = { kind: 'exit', code: 0 } as const
  return { kind: 'output', status, fuel: 0n, stdout: new Uint8Array(), files, cpuMs, runMs, log: '' }
}
