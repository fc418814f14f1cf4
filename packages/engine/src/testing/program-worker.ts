import type { Worker } from './world.ts'

/** Runs a program one effect per step, as the shells' loops do one effect per turn (docs/ARCHITECTURE.md). */
export class ProgramWorker<Event, Effect> implements Worker {
  readonly #advance: (event: Event) => readonly Effect[]
  readonly #perform: (effect: Effect) => void
  readonly #events: Event[] = []
  #effects: Effect[] = []

  constructor(advance: (event: Event) => readonly Effect[], perform: (effect: Effect) => void) {
    this.#advance = advance
    this.#perform = perform
  }

  /** Queues an event. */
  post(event: Event): void {
    this.#events.push(event)
  }

  step(): boolean {
    const effect = this.#effects.shift()
    if (effect !== undefined) {
      this.#perform(effect)
      return true
    }
    const event = this.#events.shift()
    if (event === undefined) return false
    this.#effects = [...this.#advance(event)]
    return true
  }
}
