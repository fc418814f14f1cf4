import { type RunnerOptions, type RunnerProcess, startRunner } from './runner-process.ts'

/** Starts runners of one kind, and keeps one warm when it is told that one may soon have to be replaced. */
export class RunnerSpare {
  readonly #options: RunnerOptions
  #spare: Promise<RunnerProcess> | null = null
  #stopped = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Starts a runner in reserve, unless there is one. */
  prepare(): void {
    if (this.#stopped || this.#spare !== null) return
    const spare = startRunner(this.#options)
    // Whoever takes it starts another.
    spare.catch(() => undefined)
    this.#spare = spare
  }

  /** Returns a runner, the one in reserve if it lives. Throws what {@link startRunner} throws. */
  async take(): Promise<RunnerProcess> {
    const spare = this.#spare
    this.#spare = null
    const ready = await spare?.catch(() => undefined)
    return ready?.alive ? ready : startRunner(this.#options)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const spare = await this.#spare?.catch(() => undefined)
    await spare?.kill()
  }
}
