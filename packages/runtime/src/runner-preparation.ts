import type { GuestWorld } from './guest/messages.ts'
import { fetchContent, gatherWorld } from './guest-world.ts'
import { limitMemory } from './limit-memory.ts'
import { failed } from './runner-failures.ts'
import type { RunnerJob } from './runner-job.ts'
import type { Runner } from './runner-process.ts'

/** Makes jobs ready for one runner: what their programs see, and the program where the runner does not have it. */
export class Preparation {
  readonly #runner: () => Promise<Runner>
  /** Programs on their way: several jobs of one program wait for the same. */
  readonly #programs = new Map<string, Promise<Uint8Array>>()

  constructor(runner: () => Promise<Runner>) {
    this.#runner = runner
  }

  /**
   * Returns what the job's program sees, and puts the program beside it if need be; null where the job got its
   * outcome before, be it for content that did not come within its deadline.
   *
   * Throws `ContentMissing`, `ProgramError`, or what starting a runner throws.
   */
  prepare(job: RunnerJob): Promise<GuestWorld | null> {
    return Promise.race([this.#gather(job), job.outcome.then(() => null)])
  }

  async #gather(job: RunnerJob): Promise<GuestWorld> {
    const { compiled } = await this.#runner()
    const { deadlineMs } = job.execution
    const why = `the task's content did not come within its deadline of ${deadlineMs} ms`
    const late = setTimeout(() => job.settle(failed('missing-input', why)), deadlineMs)
    try {
      const world = await gatherWorld(job.execution)
      if (!compiled.has(job.key)) job.program = await this.#program(job)
      return world
    } finally {
      clearTimeout(late)
    }
  }

  #program(job: RunnerJob): Promise<Uint8Array> {
    const known = this.#programs.get(job.key)
    if (known) return known
    const coming = fetchProgram(job).finally(() => this.#programs.delete(job.key))
    this.#programs.set(job.key, coming)
    return coming
  }
}

async function fetchProgram({ execution: { task, content } }: RunnerJob): Promise<Uint8Array> {
  const program = await fetchContent(content, task.program, 'the program')
  return limitMemory(program, task.limits.pages)
}
