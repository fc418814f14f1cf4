/** Hands out a fixed set of things one holder at a time, in the order of asking. */
export class SlotQueue<T> {
  readonly #free: T[]
  readonly #waiting: ((slot: T | null) => void)[] = []
  #closed = false

  constructor(slots: readonly T[]) {
    this.#free = [...slots]
  }

  /** Resolves with a slot, or with null once `signal` aborts or the queue is closed. */
  take(signal: AbortSignal): Promise<T | null> {
    if (this.#closed || signal.aborted) return Promise.resolve(null)
    const slot = this.#free.shift()
    if (slot !== undefined) return Promise.resolve(slot)
    return new Promise((resolve) => {
      const settle = (given: T | null) => {
        signal.removeEventListener('abort', leave)
        resolve(given)
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1)
        settle(null)
      }
      this.#waiting.push(settle)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  give(slot: T): void {
    const next = this.#waiting.shift()
    if (next) next(slot)
    else this.#free.push(slot)
  }

  /** Turns away everyone who waits, now and later. */
  close(): void {
    this.#closed = true
    for (const settle of this.#waiting.splice(0)) settle(null)
  }
}
