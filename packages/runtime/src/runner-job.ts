import { isLinkNode } from '@souk/protocol'
import type { Execution, ExecutionNews, Outcome } from './executor.ts'
import { SERVICE_ENTRY } from './guest/service-entry.ts'
import type { RunnerService } from './runner-service.ts'

/** Bytes of inputs up to which a task is sent to a runner before its turn: what waits there is in memory twice. */
const AHEAD_BYTES = 1024 * 1024

/** One execution on its way through an executor, from `run` to its outcome. */
export class RunnerJob {
  readonly execution: Execution
  /** Names the program together with what it is compiled for. */
  readonly key: string
  /** Whether it may wait in a runner behind others. */
  readonly light: boolean
  /** Whether it answers calls while it runs. */
  readonly isService: boolean
  readonly outcome: Promise<Outcome>
  /** The program, once fetched for a runner that did not have it. */
  program: Uint8Array | null = null
  /** Its calls, from when it has begun as a service. */
  service: RunnerService | null = null
  /** Takes the job back from where it waits or runs; nothing before it is somewhere. */
  withdraw: () => void = () => {}
  readonly #resolve: (outcome: Outcome) => void
  #settled = false

  constructor(execution: Execution) {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const { engine, program, limits } = execution.task
    this.execution = execution
    this.key = `${engine} ${program} ${limits.pages}`
    this.light = isLight(execution)
    this.isService = engine === 'wasm/1' && execution.task.env.includes(SERVICE_ENTRY)
    this.outcome = promise
    this.#resolve = resolve
  }

  get settled(): boolean {
    return this.#settled
  }

  /** Ends the job; only its first outcome counts. */
  settle(outcome: Outcome): void {
    this.#settled = true
    this.endService()
    this.#resolve(outcome)
  }

  /** Ends the calls of a service whose process goes. */
  endService(): void {
    this.service?.end()
    this.service = null
  }

  /** Passes on what its program tells; nothing after the outcome. */
  hear(news: ExecutionNews): void {
    if (!this.#settled) this.execution.hear?.(news)
  }
}

function isLight({ task }: Execution): boolean {
  const bytes = task.inputs.reduce((sum, [, , size]) => sum + size, 0)
  return bytes <= AHEAD_BYTES && task.checkpoint === null && (task.stdin === null || !isLinkNode(task.stdin))
}
