import type { JobEffect } from '@souk/engine'
import { errorMessage, type Output, outputDigest, type Task } from '@souk/protocol'
import { readContent } from '@souk/storage'
import { CompareError, differenceByProgram } from './compare-program.ts'
import { cannotCompare } from './job-error.ts'
import type { JobParts } from './job-services.ts'
import { differenceWithin } from './output-compare.ts'
import { outputTypes } from './output-types.ts'

/** Compares outputs whose content is here, one pair after the other, and tells the job's program. */
export class JobCompare {
  readonly #parts: JobParts
  /** The newest comparison. */
  #tail: Promise<void> = Promise.resolve()

  constructor(parts: JobParts) {
    this.#parts = parts
  }

  /** Compares beside the program, which hears of each pair by an event. */
  begin({ index, pairs }: Extract<JobEffect, { do: 'compare' }>): void {
    for (const { a, b } of pairs) this.#tail = this.#tail.then(() => this.#compare(index, a, b))
  }

  async #compare(index: number, a: Output, b: Output): Promise<void> {
    const { tasks, post, signal } = this.#parts
    const task = tasks[index]
    if (task === undefined || signal.aborted) return
    try {
      this.#tell(index, a, b, await this.#difference(task, a, b))
    } catch (error) {
      // A process that stops has compared nothing: the next one does.
      if (signal.aborted) return
      // What somebody sent on purpose that no program can compare equals nothing, and stops no agreement of others.
      if (error instanceof CompareError) return this.#tell(index, a, b, errorMessage(error))
      void post({ type: 'incomparable', index, message: errorMessage(error) })
    }
  }

  #tell(index: number, a: Output, b: Output, why: string | null): void {
    const { reports, post } = this.#parts
    if (why !== null) reports.report({ kind: 'differs', index, why })
    void post({ type: 'compared', index, a: outputDigest(a), b: outputDigest(b), equal: why === null })
  }

  async #difference(task: Task, a: Output, b: Output): Promise<string | null> {
    const { job, services, signal } = this.#parts
    const { blocks, runLocally } = services
    const { comparator } = job.row
    switch (comparator.kind) {
      case 'exact':
        return 'they are not the same'
      case 'tolerance': {
        const typeOf = await outputTypes(task, (cid) => readContent(blocks, cid))
        return differenceWithin(a, b, { blocks, tolerances: comparator, typeOf })
      }
      case 'custom':
        if (runLocally === undefined) throw cannotCompare()
        return differenceByProgram(a, b, { blocks, program: comparator.program, run: runLocally, signal })
    }
  }
}
