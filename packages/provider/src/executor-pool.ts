import type { Resources } from '@souk/protocol'
import type { Executor } from '@souk/runtime'

/** Starts an executor for a lease's memory and cores. */
export type StartExecutor = (options: { memoryBytes: number; cores: number }) => Promise<Executor>

/**
 * Keeps one started executor in reserve, of the size that was leased last, so that a lease does not wait for
 * a process to start.
 */
export class ExecutorPool {
  readonly #start: StartExecutor
  #stopped = false
  #spare: { memoryBytes: number; cores: number; executor: Promise<Executor> } | null = null

  constructor(start: StartExecutor) {
    this.#start = start
  }

  /** Returns the number of programs that run at the same time on a lease: whole cores, at least one. */
  cores(resources: Resources): number {
    return Math.max(1, Math.floor(resources.millicores / 1000))
  }

  /** Starts the reserve for leases like `resources`, unless there is one; one of another size is stopped. */
  prepare(resources: Resources): void {
    const size = { memoryBytes: resources.memoryBytes, cores: this.cores(resources) }
    if (this.#stopped) return
    if (this.#spare?.memoryBytes === size.memoryBytes && this.#spare.cores === size.cores) return
    void this.#drop()
    const executor = this.#start(size)
    // Whoever takes it hears of the failure.
    executor.catch(() => {})
    this.#spare = { ...size, executor }
  }

  /** Hands out an executor of exactly this size, the reserve if it fits. */
  take(resources: Resources): Promise<Executor> {
    const size = { memoryBytes: resources.memoryBytes, cores: this.cores(resources) }
    const spare = this.#spare
    if (spare === null || spare.memoryBytes !== size.memoryBytes || spare.cores !== size.cores) {
      return this.#start(size)
    }
    this.#spare = null
    return spare.executor.catch(() => this.#start(size))
  }

  /** Stops the reserve, and starts none any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#drop()
  }

  async #drop(): Promise<void> {
    const spare = this.#spare
    this.#spare = null
    const executor = await spare?.executor.catch(() => undefined)
    await executor?.stop()
  }
}
