import type { Runner } from './runner-process.ts'

/** Starts runners of one kind, and keeps one warm when it is told that one may soon have to be replaced. */
export class RunnerSpare {
  readonly #start: () => Promise<Runner>
  #spare: Promise<Runner> | null = null
  #stopped = false

  constructor(start: () => Promise<Runner>) {
    this.#start = start
  }

  /** Starts a runner in reserve, unless there is one. */
  prepare(): void {
    if (this.#stopped || this.#spare !== null) return
    const spare = this.#start()
    // Whoever takes it starts another.
    spare.catch(() => undefined)
    this.#spare = spare
  }

  /** Returns a runner, the one in reserve if it lives. Throws what starting one throws. */
  async take(): Promise<Runner> {
    const spare = this.#spare
    this.#spare = null
    const ready = await spare?.catch(() => undefined)
    return ready?.alive ? ready : this.#start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const spare = await this.#spare?.catch(() => undefined)
    await spare?.kill()
  }
}
