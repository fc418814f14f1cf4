import { type Assignment, attemptTask, type Dispatch } from '@souk/engine'
import { type Hex, LIMITS, type Task, taskContent } from '@souk/protocol'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** Bytes of a block that rides along with its attempt instead of being fetched. */
const RIDE_BYTES = 8 * 1024

/** Gives attempts of one job to the leases that its program chose. */
export class JobDispatch {
  readonly #parts: JobParts
  readonly #deadlineMs: number
  /** Blocks that rode along with attempts, by lease. */
  readonly #sent = new WeakMap<PurchaseRunner, Set<string>>()

  constructor(parts: JobParts) {
    this.#parts = parts
    this.#deadlineMs = parts.job.row.deadlineMs
  }

  /** Hands attempts to the lease's program, or back to the job where the lease is gone. */
  async dispatch(
    runner: PurchaseRunner | undefined,
    lease: Hex,
    assignments: readonly Assignment[],
  ): Promise<void> {
    const attempts = assignments.map((assignment) => assignment.attempt)
    if (runner === undefined) {
      void this.#parts.post({ type: 'lost', attempts })
      return
    }
    const items: Dispatch[] = []
    for (const { attempt, n, index, checkpoint } of assignments) {
      const own = this.#parts.tasks[index]
      if (own === undefined) continue
      const task = attemptTask(own, checkpoint)
      if (checkpoint !== null) this.#parts.reports.report({ kind: 'continued', index, attempt, lease })
      items.push({
        attempt: { id: attempt, n, task, deadlineMs: this.#deadlineMs },
        inline: await this.#inline(runner, task),
      })
    }
    this.#parts.reports.report({ kind: 'dispatched', lease, attempts })
    void runner.post({ type: 'dispatch', items })
  }

  /**
   * Returns the small blocks of a task that the lease was not sent yet; what it lost since and large ones are fetched
   * and cached by the provider.
   */
  async #inline(runner: PurchaseRunner, task: Task): Promise<Uint8Array[]> {
    const inline: Uint8Array[] = []
    const sent = this.#sentTo(runner)
    let room: number = LIMITS.inlineBytes
    for (const cid of taskContent(task)) {
      if (sent.has(cid)) continue
      const block = await this.#parts.services.blocks.get(cid)
      if (block === undefined || block.byteLength > Math.min(room, RIDE_BYTES)) continue
      inline.push(block)
      sent.add(cid)
      room -= block.byteLength
    }
    return inline
  }

  #sentTo(runner: PurchaseRunner): Set<string> {
    const sent = this.#sent.get(runner) ?? new Set()
    this.#sent.set(runner, sent)
    return sent
  }
}
