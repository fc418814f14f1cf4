import type { Resources, RuntimeName } from '@souk/protocol'
import type { Executor, RuntimeShare, Runtimes } from '@souk/runtime'

/** What an executor is for: a lease, by its name, and how long that may last. */
export type LeaseOfShare = NonNullable<RuntimeShare['lease']>

/**
 * Keeps one started executor in reserve, of the size that was leased last, so that a lease does not wait for
 * a process to start. Where others use the place too, it keeps none.
 */
export class ExecutorPool {
  readonly #start: Runtimes['start']
  readonly #onProblem: (sentence: string, error: unknown) => void
  /** Whether an executor has to be waited for, and may not come: its lease is accepted only then. */
  readonly isScheduled: boolean
  #stopped = false
  #spare: { key: string; executor: Promise<Executor> } | null = null

  constructor(
    { start, isScheduled = false }: Pick<Runtimes, 'start' | 'isScheduled'>,
    onProblem: (sentence: string, error: unknown) => void,
  ) {
    this.#start = start
    this.#onProblem = onProblem
    this.isScheduled = isScheduled
  }

  /** Returns the number of programs that run at the same time on a lease: whole cores, at least one. */
  cores(resources: Resources): number {
    return Math.max(1, Math.floor(resources.millicores / 1000))
  }

  /** Starts the reserve for leases like this, unless there is one; one of another kind or size is stopped. */
  prepare(resources: Resources, runtime: RuntimeName): void {
    const share = this.#share(resources, runtime)
    // A device belongs to one executor: none is kept in reserve.
    if (this.#stopped || this.isScheduled || share.gpus.length > 0 || this.#spare?.key === keyOf(share))
      return
    this.#drop().catch((error) => this.#onProblem('an executor in reserve did not stop', error))
    const executor = this.#start(share)
    // Whoever takes it hears of the failure.
    executor.catch(() => {})
    this.#spare = { key: keyOf(share), executor }
  }

  /** Hands out an executor of exactly this kind and size, the reserve if it fits. */
  take(resources: Resources, runtime: RuntimeName, lease?: LeaseOfShare): Promise<Executor> {
    const share = this.#share(resources, runtime)
    const spare = this.#spare
    if (spare?.key !== keyOf(share)) return this.#start({ ...share, ...(lease && { lease }) })
    this.#spare = null
    return spare.executor.catch(() => this.#start(share))
  }

  #share(resources: Resources, runtime: RuntimeName): RuntimeShare {
    const { memoryBytes, diskBytes, gpus } = resources
    return { runtime, memoryBytes, diskBytes, gpus, cores: this.cores(resources) }
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

function keyOf({ runtime, memoryBytes, diskBytes, cores, gpus }: RuntimeShare): string {
  return JSON.stringify([runtime, memoryBytes, diskBytes, cores, gpus.map(({ id }) => id)])
}
