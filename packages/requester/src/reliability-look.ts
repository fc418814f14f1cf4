import type { Hex } from '@souk/protocol'

/** Subjects whose books wait to be looked at; of more, those that stand first are looked at. */
const MOST_WAITING = 16
/** Subjects of which is remembered when they were last asked. */
const MOST_ASKED = 4_096
/** Milliseconds between two looks at one book, at the least: each is some hundred signatures. */
const LOOK_AGAIN_MS = 60_000

/** What looking at books needs. */
export interface BookLooks {
  /** Milliseconds for which a book is taken as it was. */
  readonly ttlMs: number
  /** Monotonic milliseconds. */
  clock(): number
  /** Fetches and verifies a book. */
  look(subject: Hex): Promise<unknown>
}

/** Looks at uptime books beside everything else, one after the other, none too often, whether it is there or not. */
export class UptimeLooks {
  readonly #looks: BookLooks
  readonly #askedMs = new Map<Hex, number>()
  readonly #waiting = new Set<Hex>()
  #busy = false

  constructor(looks: BookLooks) {
    this.#looks = looks
  }

  /** Has the books of these subjects looked at, as far as that is due. */
  want(subjects: readonly Hex[]): void {
    const againMs = Math.max(LOOK_AGAIN_MS, this.#looks.ttlMs)
    for (const subject of subjects) {
      if (this.#waiting.size >= MOST_WAITING) break
      const askedMs = this.#askedMs.get(subject)
      if (askedMs === undefined || this.#looks.clock() >= askedMs + againMs) this.#waiting.add(subject)
    }
    if (!this.#busy) void this.#lookOn()
  }

  /** Looks at nothing more. */
  stop(): void {
    this.#waiting.clear()
  }

  async #lookOn(): Promise<void> {
    this.#busy = true
    for (const subject of this.#waiting) {
      this.#waiting.delete(subject)
      this.#note(subject)
      // Who cannot be reached, or whose chain does not answer, is asked again in its time.
      await this.#looks.look(subject).catch(() => {})
    }
    this.#busy = false
  }

  #note(subject: Hex): void {
    this.#askedMs.delete(subject)
    this.#askedMs.set(subject, this.#looks.clock())
    const [oldest] = this.#askedMs.keys()
    if (this.#askedMs.size > MOST_ASKED && oldest !== undefined) this.#askedMs.delete(oldest)
  }
}
