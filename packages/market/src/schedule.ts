import type { Resources } from '@souk/protocol'

/** Capacity that somebody has for a while. */
export interface Booking {
  readonly resources: Resources
  /** Seconds, the first inclusive, the second exclusive; of any one clock. */
  readonly fromSeconds: number
  readonly untilSeconds: number
}

/** Amounts of a machine that can be taken in parts. */
type Amount = 'millicores' | 'memoryBytes' | 'diskBytes'

/**
 * Returns what of `total` is free during all of [fromSeconds, untilSeconds), whatever the bookings do meanwhile: of each
 * amount what is left at its busiest moment, and the GPUs that no booking has then.
 */
export function freeOver(
  total: Resources,
  bookings: readonly Booking[],
  fromSeconds: number,
  untilSeconds: number,
): Resources {
  const during = bookings.filter((one) => one.fromSeconds < untilSeconds && one.untilSeconds > fromSeconds)
  // What is taken only rises where a booking begins.
  const moments = new Set([fromSeconds, ...during.map((one) => Math.max(fromSeconds, one.fromSeconds))])
  const left = (amount: Amount) => {
    const taken = [...moments].map((at) => takenAt(during, at, amount))
    return Math.max(0, total[amount] - Math.max(0, ...taken))
  }
  const gone = new Set(during.flatMap(({ resources }) => resources.gpus.map(({ id }) => id)))
  return {
    millicores: left('millicores'),
    memoryBytes: left('memoryBytes'),
    diskBytes: left('diskBytes'),
    gpus: total.gpus.filter(({ id }) => !gone.has(id)),
  }
}

function takenAt(bookings: readonly Booking[], seconds: number, amount: Amount): number {
  return bookings.reduce((sum, { resources, fromSeconds, untilSeconds }) => {
    return fromSeconds <= seconds && seconds < untilSeconds ? sum + resources[amount] : sum
  }, 0)
}

/** Returns what is left of `whole` without `taken`, which may be more than there is. */
export function remainderOf(whole: Resources, taken: readonly Resources[]): Resources {
  const left = (amount: Amount) =>
    Math.max(
      0,
      taken.reduce((rest, one) => rest - one[amount], whole[amount]),
    )
  const gone = new Set(taken.flatMap(({ gpus }) => gpus.map(({ id }) => id)))
  return {
    millicores: left('millicores'),
    memoryBytes: left('memoryBytes'),
    diskBytes: left('diskBytes'),
    gpus: whole.gpus.filter(({ id }) => !gone.has(id)),
  }
}

/** Returns the part that two capacities have in common: the lesser of each amount, and the GPUs of both. */
export function commonCapacity(a: Resources, b: Resources): Resources {
  const ids = new Set(b.gpus.map(({ id }) => id))
  return {
    millicores: Math.min(a.millicores, b.millicores),
    memoryBytes: Math.min(a.memoryBytes, b.memoryBytes),
    diskBytes: Math.min(a.diskBytes, b.diskBytes),
    gpus: a.gpus.filter(({ id }) => ids.has(id)),
  }
}
