/** Virtual nanoseconds that pass with every reading of any clock: time moves, but the same everywhere. */
export const CLOCK_STEP_NS = 1_000n

/** Virtual time: it advances by a fixed step per reading, and by the whole span of a sleep. */
export class VirtualClock {
  readonly #startNs: bigint
  #elapsedNs = 0n

  constructor(startNs: bigint) {
    this.#startNs = startNs
  }

  /** Advances one step and returns the time of day in nanoseconds since the epoch. */
  realtime(): bigint {
    return BigInt.asUintN(64, this.#startNs + this.elapsed())
  }

  /** Advances one step and returns nanoseconds since the start. */
  elapsed(): bigint {
    this.#elapsedNs += CLOCK_STEP_NS
    return this.#elapsedNs
  }

  /** Lets `ns` pass at once. */
  jump(ns: bigint): void {
    if (ns > 0n) this.#elapsedNs += ns
  }
}
