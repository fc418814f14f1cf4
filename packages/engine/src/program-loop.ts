import { groupCommit } from './group-commit.ts'

/**
 * Runs a program: one event at a time, each effect carried out before the next (docs/ARCHITECTURE.md).
 *
 * `perform` may return a promise for effects that must be finished first, such as journal rows; what it
 * starts and does not return runs beside the program and reports back by `post`.
 */
export class ProgramLoop<Event, Effect extends { readonly do: string }> {
  readonly #advance: (event: Event, nowMs: number) => readonly Effect[]
  readonly #perform: (effect: Effect) => Promise<void> | void
  readonly #clock: () => number
  readonly #fail: (error: unknown) => void
  #tail: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: {
    advance: (event: Event, nowMs: number) => readonly Effect[]
    perform: (effect: Effect) => Promise<void> | void
    /** Monotonic milliseconds. */
    clock: () => number
    /** Told about an effect that failed; the program then takes no further events. */
    fail: (error: unknown) => void
  }) {
    this.#advance = options.advance
    this.#perform = options.perform
    this.#clock = options.clock
    this.#fail = options.fail
  }

  /** Queues an event; resolves when all its effects are done. A stopped program ignores it. */
  post(event: Event): Promise<void> {
    this.#tail = this.#tail.then(() => this.#handle(event))
    return this.#tail
  }

  /** Takes no further events; resolves when the present one is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#tail
  }

  async #handle(event: Event): Promise<void> {
    if (this.#stopped) return
    try {
      for (const effect of groupCommit<Effect>(this.#advance(event, this.#clock())) as readonly Effect[]) {
        const done = this.#perform(effect)
        if (done !== undefined) await done
      }
    } catch (error) {
      this.#stopped = true
      this.#fail(error)
    }
  }
}
