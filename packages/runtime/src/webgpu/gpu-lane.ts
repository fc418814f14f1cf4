import { errorMessage } from '@souk/protocol'
import { interruptible } from '../container/interrupt.ts'
import type { Execution, Outcome } from '../executor.ts'
import { processCpuMs } from '../process-time.ts'
import { cancelled, failed } from '../runner-failures.ts'
import { type GpuRunner, type GpuRunnerOptions, startGpuRunner } from './gpu-runner.ts'
import type { KernelRequest, KernelResult } from './guest/messages.ts'
import type { KernelRoom } from './kernel-world.ts'

/** One leased GPU, and the process that computes on it: a new one after each that had to be killed. */
export class GpuLane {
  readonly room: KernelRoom
  readonly #options: GpuRunnerOptions
  #runner: Promise<GpuRunner> | null = null
  #ending: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(room: KernelRoom, options: GpuRunnerOptions) {
    this.room = room
    this.#options = options
  }

  /** Starts the process. Throws what {@link startGpuRunner} throws. */
  start(): Promise<GpuRunner> {
    if (this.#runner !== null) return this.#runner
    const starting = startGpuRunner(this.#options)
    this.#runner = starting
    starting.then(
      (runner) => void runner.exited.then(() => this.#forget(starting)),
      () => this.#forget(starting),
    )
    return starting
  }

  /** Runs one task, alone; the process is killed where it is not done by its deadline, or not wanted any more. */
  async run(request: KernelRequest, execution: Execution, signal: AbortSignal): Promise<Outcome> {
    const runner = await this.start().catch(errorMessage)
    if (typeof runner === 'string') return failed('device-lost', runner)
    if (signal.aborted) return cancelled()
    execution.hear?.({ kind: 'started' })
    const answer = await interruptible(runner.ask(request), execution.deadlineMs, signal)
    if (answer.kind === 'done') {
      const said = answer.value
      if (said.kind === 'ended') return outcomeOf(said.result)
      if (said.kind === 'lost') return failed('device-lost', `the GPU is lost: ${said.message}`)
      return failed('killed', said.kind === 'died' ? said.message : `the process said ${said.kind}`)
    }
    const outcome = answer.kind === 'cancelled' ? cancelled() : await late(runner, execution)
    this.#replace(runner)
    return outcome
  }

  /** Kills the process; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true
    const runner = await this.#runner?.catch(() => null)
    await runner?.kill()
    await this.#ending
  }

  /** Kills the process, and starts another so that the next task finds it ready. */
  #replace(runner: GpuRunner): void {
    this.#runner = null
    this.#ending = runner.kill().then(() => {
      // A failed start is told to the next task, which tries again.
      if (!this.#stopped) this.start().catch(() => undefined)
    })
  }

  #forget(starting: Promise<GpuRunner>): void {
    if (this.#runner === starting) this.#runner = null
  }
}

async function late(runner: GpuRunner, { deadlineMs }: Execution): Promise<Outcome> {
  const cpuMs = runner.pid === undefined ? null : await processCpuMs(runner.pid)
  const why = `the kernel ran longer than its deadline of ${deadlineMs} ms, and the process with the GPU was stopped`
  return { ...failed('deadline', why), cpuMs }
}

function outcomeOf(result: KernelResult): Outcome {
  if (result.kind === 'failed') return result
  const { files, cpuMs, runMs } = result
  const status = { kind: 'exit', code: 0 } as const
  return { kind: 'output', status, fuel: 0n, stdout: new Uint8Array(), files, cpuMs, runMs, log: '' }
}
