import { EventQueue } from './event-queue.ts'

/** Something with work to do at the present moment: one call carries out one step of it. */
export interface Worker {
  /** Does one step; false when there is nothing to do. */
  step(): boolean
}

/**
 * Virtual time and the one source of randomness of a simulation: equal seeds give equal runs.
 *
 * Between two moments every worker runs until nobody has work, in an order drawn step by step, so that programs of
 * one process interleave at every effect.
 */
export class World {
  nowMs = 0
  readonly workers = new Set<Worker>()
  readonly #later = new EventQueue()
  #order = 0
  #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Returns a number in [0, 1). */
  random(): number {
    // Mulberry32: small, and good enough to draw schedules.
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** Returns an integer in [from, to]. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1))
  }

  /** Calls `run` after `delayMs` of virtual time; calls of one moment keep their order. */
  after(delayMs: number, run: () => void): void {
    this.#later.push({ atMs: this.nowMs + delayMs, order: this.#order++, run })
  }

  /** Calls `run` every `periodMs` from now on. */
  every(periodMs: number, run: () => void): void {
    this.after(periodMs, () => {
      run()
      this.every(periodMs, run)
    })
  }

  /** Lets time pass until `done` or `untilMs`. */
  run(untilMs: number, done: () => boolean): void {
    for (this.#drain(); this.nowMs < untilMs && !done(); this.#drain()) {
      const next = this.#later.pop()
      if (next === undefined) return
      this.nowMs = next.atMs
      next.run()
    }
  }

  #drain(): void {
    for (let busy = [...this.workers]; busy.length > 0; ) {
      const worker = busy[this.integer(0, busy.length - 1)]
      // Work of one worker can be work for the others: look at all again.
      if (worker?.step()) busy = [...this.workers]
      else busy = busy.filter((one) => one !== worker)
    }
  }
}
