import { type RunnerOptions, type RunnerProcess, startRunner } from './runner-process.ts'

/** One core's place for a runner: holds a living one, and a fresh one after each that had to be killed. */
export class RunnerSlot {
  readonly #options: RunnerOptions
  #runner: Promise<RunnerProcess> | undefined
  #stopped = false

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Returns a living runner, starting one if need be. Throws `RuntimeError` where none starts. */
  async runner(): Promise<RunnerProcess> {
    const runner = await this.#current()
    if (runner.alive || this.#stopped) return runner
    this.#runner = undefined
    return this.#current()
  }

  /** Kills the runner with whatever it does and starts another, so that the next task finds it warm. */
  async replace(): Promise<void> {
    await this.#kill()
    if (this.#stopped) return
    // A failed start is told to the next task, which tries again.
    this.#current().catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#kill()
  }

  #current(): Promise<RunnerProcess> {
    if (this.#runner) return this.#runner
    const started = startRunner(this.#options)
    started.catch(() => {
      if (this.#runner === started) this.#runner = undefined
    })
    this.#runner = started
    return started
  }

  async #kill(): Promise<void> {
    const runner = await this.#runner?.catch(() => undefined)
    this.#runner = undefined
    await runner?.kill()
  }
}
