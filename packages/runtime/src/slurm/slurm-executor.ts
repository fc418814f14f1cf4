import { errorMessage, type SandboxLevel } from '@souk/protocol'
import type { Execution, Executor, Outcome } from '../executor.ts'
import type { WasmEngine } from '../guest-world.ts'
import { cancelled, failed } from '../runner-failures.ts'
import type { Runner } from '../runner-process.ts'
import { pagesPerCore, startWasmExecutor } from '../wasm-executor.ts'
import type { Allocation } from './allocation.ts'
import { startStep } from './step-runner.ts'

/** Steps in a row that do not start, after which an allocation is given up. */
const STARTS = 2

/** Where an executor has its cores. */
export interface SlurmPlace {
  readonly allocation: Allocation
  readonly engine: WasmEngine
  readonly cores: number
  /** Bytes for the programs of all cores together. */
  readonly memoryBytes: number
  /** What confines programs on the nodes; a node without it runs nothing. */
  readonly sandbox: SandboxLevel
}

/**
 * An executor whose runners are steps of an allocation, one per core.
 *
 * It is lost with its allocation: when a node fails, when its time is over, when somebody with more right or the
 * cluster's administrator takes it back. A step that ends alone is replaced.
 */
export class SlurmExecutor implements Executor {
  readonly sandbox: SandboxLevel
  /** Resolves with the reason when the allocation is lost; never where it was given back. */
  readonly lost: Promise<string>
  readonly #place: SlurmPlace
  readonly #inner: Promise<Executor>
  /** Resolves when it is stopped or lost, with what that means for whatever runs. */
  readonly #over: Promise<Outcome>
  readonly #finish: (outcome: Outcome) => void
  readonly #lose: (why: string) => void
  #ended = false

  /** Takes over an allocation, which goes back with {@link stop}; its first steps are being started. */
  constructor(place: SlurmPlace) {
    const over = Promise.withResolvers<Outcome>()
    const lost = Promise.withResolvers<string>()
    this.sandbox = place.sandbox
    this.lost = lost.promise
    this.#lose = lost.resolve
    this.#over = over.promise
    this.#finish = over.resolve
    this.#place = place
    const { engine, cores, sandbox } = place
    this.#inner = startWasmExecutor({ engine, cores, sandbox, pages: pagesOf(place) }, () => this.#start())
    this.#inner.catch((error) => void this.#end(errorMessage(error)))
  }

  async run(execution: Execution, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return cancelled()
    const aborted = new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve(cancelled()), { once: true })
    })
    const ran = this.#inner.then((inner) => inner.run(execution, signal))
    // Without runners there is nothing left but the end.
    return Promise.race([this.#over, aborted, ran.catch(() => this.#over)])
  }

  stop(): Promise<void> {
    return this.#giveBack(cancelled())
  }

  /** Ends everything with an outcome and gives the allocation back; its steps end with it. */
  async #giveBack(outcome: Outcome): Promise<void> {
    this.#ended = true
    this.#finish(outcome)
    const stopped = this.#inner.then((inner) => inner.stop())
    await Promise.allSettled([stopped, this.#place.allocation.cancel()])
  }

  /** Starts a step. One that does not start may have been cancelled alone; where {@link STARTS} do not, none will. */
  async #start(): Promise<Runner> {
    for (let tried = 1; ; tried += 1) {
      try {
        const runner = await startStep({ ...this.#place, pages: pagesOf(this.#place) })
        void runner.exited.then(({ message }) => this.#look(message))
        return runner
      } catch (error) {
        if (tried === STARTS || (await this.#place.allocation.isGone())) {
          void this.#end(errorMessage(error))
          throw error
        }
      }
    }
  }

  /** Finds out whether a step ended alone, or with its allocation. */
  async #look(why: string): Promise<void> {
    if (!this.#ended && (await this.#place.allocation.isGone())) await this.#end(why)
  }

  /** Gives up what cannot be used any more. */
  async #end(why: string): Promise<void> {
    if (this.#ended) return
    const sentence = `the allocation ${this.#place.allocation.job} of the cluster is lost: ${why}`
    this.#lose(sentence)
    await this.#giveBack(failed('killed', sentence))
  }
}

function pagesOf({ memoryBytes, cores }: SlurmPlace): number {
  return pagesPerCore(memoryBytes, cores)
}
