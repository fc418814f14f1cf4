import type { Delivery } from '@souk/engine'
import { errorMessage, type Task } from '@souk/protocol'
import { StorageError } from '@souk/storage'
import type { JobParts } from './job-services.ts'
import { KeptOutputs } from './kept-outputs.ts'
import { fetchOutput } from './output-content.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** Brings the content of results here before the job's program hears of them. */
export class JobResults {
  readonly #parts: JobParts
  readonly #kept: KeptOutputs

  constructor(parts: JobParts) {
    this.#parts = parts
    this.#kept = new KeptOutputs(parts.services.blocks, parts.job.row.id)
  }

  /** Gives the results to the program whose content is here at once, the others as their content comes. */
  receive(runner: PurchaseRunner, deliveries: readonly Delivery[]): void {
    if (deliveries.every((delivery) => this.#isKnown(delivery))) this.#give(deliveries)
    else void this.#receiveSome(runner, deliveries)
  }

  async #receiveSome(runner: PurchaseRunner, deliveries: readonly Delivery[]): Promise<void> {
    const here: Delivery[] = []
    for (const delivery of deliveries) {
      if (await this.#isHere(delivery)) here.push(delivery)
      else void this.#receiveOne(runner, delivery)
    }
    this.#give(here)
  }

  #give(results: readonly Delivery[]): void {
    if (results.length > 0) void this.#parts.post({ type: 'results', results })
  }

  #isKnown({ attempt, output }: Delivery): boolean {
    const limits = this.#limitsOf(attempt)
    return limits === undefined || this.#kept.isKept(output, limits)
  }

  async #isHere({ attempt, output }: Delivery): Promise<boolean> {
    const limits = this.#limitsOf(attempt)
    if (limits === undefined) return true
    // Where the store fails, the longer way says so.
    return this.#kept.keepIfHere(output, limits).catch(() => false)
  }

  /** Returns what an attempt may put out; `undefined` where its output is of no more use. */
  #limitsOf(attempt: string): Task['limits'] | undefined {
    const { job, tasks } = this.#parts
    const index = job.where.get(attempt)?.index
    if (index === undefined) return undefined
    // A late one is of use where its content is compared, and not its digest.
    if (job.tasks[index]?.state !== 'open' && job.row.comparator.kind === 'exact') return undefined
    return tasks[index]?.limits
  }

  /** Gives a result to the program once its content is here; beside the program, which must go on meanwhile. */
  async #receiveOne(runner: PurchaseRunner, { attempt, output }: Delivery): Promise<void> {
    const { job, tasks, post, signal } = this.#parts
    const place = job.where.get(attempt)
    const task = place && tasks[place.index]
    const isWanted = place !== undefined && job.tasks[place.index]?.state === 'open'
    // Late, it is compared with what was accepted, where that takes more than its digest; if it can still be had.
    const isLate = !isWanted && job.row.comparator.kind !== 'exact'
    try {
      if (isWanted && task !== undefined) await this.#fetch(runner, task, output)
      if (isLate && task !== undefined) await this.#fetch(runner, task, output).catch(() => {})
      await post({ type: 'results', results: [{ attempt, output }] })
    } catch (error) {
      if (!signal.aborted) this.#notKept(runner, attempt, error)
    }
  }

  /** Runs an attempt again whose content did not come; a provider that does not give it is left. */
  #notKept(runner: PurchaseRunner, attempt: string, error: unknown): void {
    const { reports, losses, post } = this.#parts
    const code = 'internal'
    const message = `the content of the result could not be kept: ${errorMessage(error)}`
    reports.report({ kind: 'failed', lease: runner.lease, attempt, code, message })
    if (error instanceof StorageError) {
      void post({ type: 'failed', attempt, code, message })
      return
    }
    losses.count(runner.state.purchase.peerId)
    void runner.close()
    void post({ type: 'lost', attempts: [attempt] })
  }

  #fetch(runner: PurchaseRunner, task: Task, output: Delivery['output']): Promise<void> {
    const { job, services, reports, signal } = this.#parts
    const { node, blocks } = services
    const { peerId } = runner.state.purchase
    const { outputBytes: maxBytes, files } = task.limits
    const onProgress = (haveBytes: number, totalBytes: number) =>
      reports.progress({ what: 'download', name: peerId, haveBytes, totalBytes })
    const transfer = { node, blocks, peerId, job: job.row.id, maxBytes, files, signal, onProgress }
    return fetchOutput(output, transfer)
  }
}
