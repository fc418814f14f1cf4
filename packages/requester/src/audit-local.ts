import type { JobEffect } from '@souk/engine'
import { type FileEntry, type Hex, type Output, outputDigest, type Task } from '@souk/protocol'
import { putStream, readContent } from '@souk/storage'
import type { JobParts } from './job-services.ts'

/** Executions of one job that wait for this machine; beyond them others are asked, or a quorum is believed. */
export const MOST_WAITING_HERE = 16

/** Executes tasks of a job again on this machine, one after the other, and tells the job's program. */
export class JobRecheck {
  readonly #parts: JobParts
  #waiting = 0
  /** The newest execution. */
  #tail: Promise<void> = Promise.resolve()

  constructor(parts: JobParts) {
    this.#parts = parts
  }

  /** Executes beside the program, which hears of it by an event. */
  begin({ index, given }: Extract<JobEffect, { do: 'recheck' }>): void {
    if (this.#waiting >= MOST_WAITING_HERE) this.#tell(index, null)
    else {
      this.#waiting += 1
      const { onProblem } = this.#parts.services
      this.#tail = this.#tail
        .then(() => this.#recheck(index, given))
        .catch((error) => onProblem(`task ${index} was not executed again on this machine`, error))
    }
  }

  async #recheck(index: number, given: readonly Hex[]): Promise<void> {
    const { job, tasks, signal } = this.#parts
    this.#waiting -= 1
    const task = tasks[index]
    if (task === undefined || signal.aborted || job.row.state !== 'running') return
    const output = await this.#executed(task, given).catch(() => null)
    // A process that stops has executed nothing: the next one does.
    if (!signal.aborted) this.#tell(index, output)
  }

  /** Executes a task; twice where nobody gave the same, because that is said of a machine that never errs. */
  async #executed(task: Task, given: readonly Hex[]): Promise<Output | null> {
    const first = await this.#execute(task)
    const isExact = this.#parts.job.row.comparator.kind === 'exact'
    if (first === null || !isExact || given.includes(outputDigest(first))) return first
    const second = await this.#execute(task)
    return second !== null && outputDigest(second) === outputDigest(first) ? first : null
  }

  async #execute(task: Task): Promise<Output | null> {
    const { job, services, signal } = this.#parts
    const { blocks, runLocally } = services
    const read = (cid: string) => readContent(blocks, cid)
    const outcome = await runLocally?.(task, read, job.row.deadlineMs, signal)
    if (outcome?.kind !== 'output') return null
    const files: FileEntry[] = []
    for (const { path, bytes } of outcome.files) files.push([path, await this.#keep(bytes), bytes.byteLength])
    const stdout = await this.#keep(outcome.stdout)
    return { v: 1, status: outcome.status, fuel: outcome.fuel, stdout, files }
  }

  async #keep(bytes: Uint8Array): Promise<string> {
    const { job, services } = this.#parts
    return (await putStream(services.blocks, only(bytes), { owner: job.row.id })).cid
  }

  #tell(index: number, output: Output | null): void {
    const { reports, post } = this.#parts
    reports.report({ kind: 'rechecked', index, done: output !== null })
    void post({ type: 'rechecked', index, output })
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
