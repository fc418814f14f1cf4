import type { Hex } from '@souk/protocol'

/** Milliseconds before its last block at which a lease gets a successor, where what it runs takes less than half as long. */
const RENEW_MS = 60_000
/** Part of its duration, one third, before its end at which a short lease does, and one half at the most. */
const [RENEW_PART, RENEW_PART_MOST] = [3, 2]

/** A lease as its pool sees it. */
export interface Member {
  readonly lease: Hex
  /** It takes work, as far as its provider goes. */
  readonly isUsable: boolean
  /** It is given nothing new: it goes when what it has is done. */
  readonly isRetiring: boolean
  /** Attempts that it has. */
  readonly running: number
  /** Milliseconds until its last block, and those that it was leased for; null while it is not open. */
  readonly leftMs: number | null
  readonly durationMs: number
  readonly rateE12: bigint
}

/** The leases of a pool, by what they are to it. */
export interface Members {
  /** They serve, and will for a while. */
  readonly ready: readonly Member[]
  /** They serve and end soon: no capacity any more, but kept until a successor is there. */
  readonly ending: readonly Member[]
  /** They are given nothing new, or their provider takes nothing. */
  readonly draining: readonly Member[]
}

/** Sorts leases by what they are to their pool, whose tasks take `taskMs` milliseconds. */
export function sortMembers(members: readonly Member[], taskMs: number): Members {
  const serving = members.filter(({ isUsable, isRetiring }) => isUsable && !isRetiring)
  return {
    ready: serving.filter((one) => !endsSoon(one, taskMs)),
    ending: serving.filter((one) => endsSoon(one, taskMs)),
    draining: members.filter(({ isUsable, isRetiring }) => isRetiring || !isUsable),
  }
}

/**
 * Returns the leases to let go, `count` of those that serve: idle ones first, then those with the least work, of these
 * the dearest.
 */
export function victims(ready: readonly Member[], count: number): Member[] {
  const order = (a: Member, b: Member) =>
    a.running - b.running || (a.rateE12 > b.rateE12 ? -1 : a.rateE12 < b.rateE12 ? 1 : 0)
  return ready.toSorted(order).slice(0, Math.max(0, count))
}

/** Tells whether a lease needs a successor by now: what is begun on it later might not come to its end. */
export function endsSoon({ leftMs, durationMs }: Member, taskMs: number): boolean {
  const aheadMs = Math.max(Math.min(RENEW_MS, durationMs / RENEW_PART), 2 * taskMs)
  return leftMs !== null && leftMs <= Math.min(aheadMs, durationMs / RENEW_PART_MOST)
}
