import { neededCheckpoints } from '@souk/engine'
import { errorCode, errorMessage } from '@souk/protocol'
import { StorageError } from '@souk/storage'
import { CheckpointDesk, checkpointOwner } from './checkpoint-desk.ts'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** Brings checkpoints of one job's attempts here beside its program, and keeps those that it needs. */
export class CheckpointIntake {
  readonly #parts: JobParts
  readonly #desk: CheckpointDesk

  /** `isContent` tells what is served to providers as the job's own content. */
  constructor(parts: JobParts, isContent: (cid: string) => boolean) {
    const { node, blocks } = parts.services
    this.#parts = parts
    this.#desk = new CheckpointDesk({ node, blocks, job: parts.job.row.id, isContent })
  }

  /** Tells whether providers of the job may have a block because a checkpoint has it. */
  serves(cid: string): boolean {
    return this.#desk.serves(cid)
  }

  /** Keeps exactly these checkpoints of a task. */
  keepOnly(index: number, cids: readonly string[]): Promise<void> {
    return this.#desk.keepOnly(index, cids)
  }

  stop(): void {
    this.#desk.stop()
  }

  /** Takes up what an earlier run kept; returns on whose behalf that is pinned. */
  async recover(): Promise<string[]> {
    const { job } = this.#parts
    const owners: string[] = []
    for (const task of job.tasks) {
      for (const cid of neededCheckpoints(task)) {
        const isHere = await this.#desk.recover(task.index, cid)
        if (isHere) owners.push(checkpointOwner(job.row.id, task.index, cid))
      }
    }
    return owners
  }

  /** Brings a checkpoint here beside the program, and tells its provider when that is over. */
  async take(
    runner: PurchaseRunner,
    attempt: string,
    { cid, bytes }: { cid: string; bytes: number },
  ): Promise<void> {
    const { job, tasks, services, post } = this.#parts
    const index = job.where.get(attempt)?.index
    const limits = index === undefined ? undefined : tasks[index]?.limits
    if (index === undefined || limits === undefined || job.row.state !== 'running') return
    const { peerId } = runner.state.purchase
    const told = { peerId, attempt, index, cid, bytes, limits }
    const atMs = services.dateMs()
    const keep = () => post({ type: 'checkpoint', attempt, index, cid, bytes, atMs })
    try {
      if (!(await this.#desk.take(told, keep))) return
    } catch (error) {
      this.#notTaken(runner, attempt, error)
    }
    void runner.post({ type: 'taken', attempt, cid })
  }

  /** A checkpoint that a connected provider does not give counts against it; its attempt goes on. */
  #notTaken(runner: PurchaseRunner, attempt: string, error: unknown): void {
    const { reports, losses, signal } = this.#parts
    if (!runner.state.connected || signal.aborted) return
    const [code, message] = [errorCode(error) ?? 'INTERNAL', errorMessage(error)]
    reports.report({ kind: 'checkpoint-refused', lease: runner.lease, attempt, code, message })
    if (!(error instanceof StorageError)) losses.count(runner.state.purchase.peerId)
  }
}
