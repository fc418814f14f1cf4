/** Milliseconds of one task after which those behind it are given to others, and a replacement is made ready. */
const SLOW_MS = 50

/** What a watch calls. */
export interface WatchEvents {
  /** The task has run for a while. At most once for each. */
  slow(): void
  /** The task has run as long as it may. The last call for it. */
  late(): void
}

/** Watches how long the task takes that a runner works on, with one timer however many there are. */
export class RunnerWatch {
  readonly #events: WatchEvents
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  #sinceMs = 0
  #limitMs = 0
  #slow = false

  constructor(events: WatchEvents) {
    this.#events = events
  }

  /** Begins to watch the next task, which may run for `limitMs` milliseconds. */
  begin(limitMs: number): void {
    this.#sinceMs = performance.now()
    this.#limitMs = limitMs
    this.#slow = false
    this.#arm()
  }

  /** Watches nothing any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** A timer that is due before the next look serves for that, too: short tasks set none. */
  #arm(): void {
    const nextMs = this.#slow ? this.#limitMs : Math.min(SLOW_MS, this.#limitMs)
    const dueMs = this.#sinceMs + nextMs
    if (this.#timer !== undefined && this.#dueMs <= dueMs) return
    clearTimeout(this.#timer)
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => this.#look(), Math.max(0, dueMs - performance.now()))
  }

  #look(): void {
    this.#timer = undefined
    const ranMs = performance.now() - this.#sinceMs
    if (ranMs >= this.#limitMs) {
      this.#events.late()
      return
    }
    if (ranMs >= SLOW_MS && !this.#slow) {
      this.#slow = true
      this.#events.slow()
    }
    this.#arm()
  }
}
