/** The newest block we know of. */
export interface Head {
  readonly number: number
  readonly timestampSeconds: number
}

/** Chain time between blocks (PROTOCOL §10). */
export interface ChainClock {
  /** Notes a head; the same head again changes nothing. */
  note(head: Head): void
  /** Returns the newest head, undefined before the first. */
  head(): Head | undefined
  /**
   * Returns chain time in whole unix seconds: the head's timestamp plus the monotonic time since it was first
   * seen. Seen after it was made, a head never makes this run ahead of the chain. Undefined before the first.
   */
  seconds(): number | undefined
}

/** Makes a clock over `nowMs`, monotonic milliseconds. */
export function createChainClock(nowMs: () => number): ChainClock {
  let latest: { head: Head; seenMs: number } | undefined
  return {
    note(head) {
      if (latest?.head.number === head.number && latest.head.timestampSeconds === head.timestampSeconds)
        return
      latest = { head, seenMs: nowMs() }
    },
    head: () => latest?.head,
    seconds: () =>
      latest && latest.head.timestampSeconds + Math.max(0, Math.floor((nowMs() - latest.seenMs) / 1_000)),
  }
}
