import { type Assignment, attemptTask, type Dispatch } from '@souk/engine'
import { type Attempt, type Hex, LIMITS, type Task, taskContent } from '@souk/protocol'
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

  /**
   * Hands attempts to the lease's program, or back to the job where the lease is gone; returns a promise where blocks
   * have to be read first.
   */
  dispatch(
    runner: PurchaseRunner | undefined,
    lease: Hex,
    assignments: readonly Assignment[],
  ): Promise<void> | void {
    if (runner === undefined) {
      const attempts = assignments.map((assignment) => assignment.attempt)
      void this.#parts.post({ type: 'lost', attempts })
      return
    }
    const attempts = assignments.flatMap((assignment) => this.#attempt(assignment, lease) ?? [])
    const sent = this.#sentTo(runner)
    const isSent = ({ task }: Attempt) => taskContent(task).every((cid) => sent.has(cid))
    if (attempts.every(isSent)) return this.#send(runner, attempts, [])
    return this.#inlines(sent, attempts).then((inlines) => this.#send(runner, attempts, inlines))
  }

  #attempt({ attempt, n, index, checkpoint }: Assignment, lease: Hex): Attempt | undefined {
    const own = this.#parts.tasks[index]
    if (own === undefined) return undefined
    if (checkpoint !== null) this.#parts.reports.report({ kind: 'continued', index, attempt, lease })
    return { id: attempt, n, task: attemptTask(own, checkpoint), deadlineMs: this.#deadlineMs }
  }

  #send(runner: PurchaseRunner, attempts: readonly Attempt[], inlines: readonly Uint8Array[][]): void {
    const items = attempts.map((attempt, i): Dispatch => ({ attempt, inline: inlines[i] ?? [] }))
    this.#parts.reports.report({
      kind: 'dispatched',
      lease: runner.lease,
      attempts: attempts.map(({ id }) => id),
    })
    void runner.post({ type: 'dispatch', items })
  }

  async #inlines(sent: Set<string>, attempts: readonly Attempt[]): Promise<Uint8Array[][]> {
    const inlines: Uint8Array[][] = []
    for (const { task } of attempts) inlines.push(await this.#inline(sent, task))
    return inlines
  }

  /**
   * Returns the small blocks of a task that the lease was not sent yet; what it lost since and large ones are fetched
   * and cached by the provider.
   */
  async #inline(sent: Set<string>, task: Task): Promise<Uint8Array[]> {
    const inline: Uint8Array[] = []
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
