const ALLOWANCE_MS = 3_600_000
/** Leased devices of which is known when they were asked; the one asked longest ago goes first. */
const MOST_NAMES = 1_024

/** Counts how often something was asked for in the last hour, by name. */
export class ProofAllowance {
  readonly #clock: () => number
  readonly #asked = new Map<string, number[]>()

  /** `clock` gives monotonic milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Counts one more, and tells whether that is within `perHour`; what is not is not counted. */
  take(name: string, perHour: number): boolean {
    const nowMs = this.#clock()
    const recent = (this.#asked.get(name) ?? []).filter((atMs) => nowMs - atMs < ALLOWANCE_MS)
    this.#asked.delete(name)
    this.#asked.set(name, recent)
    const [oldest] = this.#asked.keys()
    if (this.#asked.size > MOST_NAMES && oldest !== undefined) this.#asked.delete(oldest)
    if (recent.length >= perHour) return false
    recent.push(nowMs)
    return true
  }
}
