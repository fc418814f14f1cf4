/** Milliseconds between ticks beyond which the process was held up. */
const NOTABLE_MS = 100
/** Stalls remembered: more than can matter for what runs now. */
const MOST_STALLS = 64

/**
 * Tells for how long this process did nothing at all lately: what did not answer meanwhile may have answered, and
 * nobody heard it.
 */
export class StallMeter {
  readonly #stalls: { readonly endMs: number; readonly ms: number }[] = []
  #lastMs: number

  constructor(nowMs: number) {
    this.#lastMs = nowMs
  }

  /** Takes one beat of a regular timer. */
  tick(nowMs: number): void {
    const ms = nowMs - this.#lastMs
    this.#lastMs = nowMs
    if (ms < NOTABLE_MS) return
    this.#stalls.push({ endMs: nowMs, ms })
    if (this.#stalls.length > MOST_STALLS) this.#stalls.shift()
  }

  /** Returns the longest pause in milliseconds that was not over before `sinceMs`, one that lasts included. */
  longest(sinceMs: number, nowMs: number): number {
    const late = this.#stalls.flatMap(({ endMs, ms }) => (endMs >= sinceMs ? [ms] : []))
    return Math.max(nowMs - this.#lastMs, ...late)
  }
}
