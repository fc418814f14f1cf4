/** A replica that may have to go. */
export interface Occupied {
  readonly id: string
  /** Requests or attempts on it. */
  readonly running: number
  readonly rateE12: bigint
  /** Since when it takes nothing new; null while it does. */
  readonly drainingSinceMs: number | null
}

/** What to do so that a pool becomes smaller or larger. */
export interface Resize {
  /** Those that go at once: nothing is on them. */
  readonly release: readonly string[]
  /** Those that take nothing new and go when they are done. */
  readonly drain: readonly string[]
  /** Those that were to go and stay: cheaper than a new one. */
  readonly recall: readonly string[]
  /** Acquisitions to give up: nothing runs there yet. */
  readonly cancel: number
  /** Replicas that must be acquired. */
  readonly acquire: number
}

/**
 * Plans how a pool becomes as large as it should be. `acquiring` count as capacity, draining ones do not.
 *
 * Shrinking gives up what is being acquired, then takes the idle, of those the dearest, then those with the least on them: two phases, so that nothing
 * that runs is lost. Growing calls back what drains before anything new is acquired, the busiest first: an idle one
 * among them goes anyway.
 */
export function planResize(replicas: readonly Occupied[], desired: number, acquiring: number): Resize {
  const staying = replicas.filter(({ drainingSinceMs }) => drainingSinceMs === null)
  const leaving = replicas.filter(({ drainingSinceMs }) => drainingSinceMs !== null)
  const missing = Math.max(0, desired - staying.length - acquiring)
  const recall = [...leaving].sort((a, b) => b.running - a.running || byRate(b, a)).slice(0, missing)
  const surplus = Math.max(0, staying.length + acquiring - desired)
  const cancel = Math.min(acquiring, surplus)
  const victims = [...staying]
    .sort((a, b) => a.running - b.running || byRate(a, b))
    .slice(0, surplus - cancel)
  const done = leaving.filter((each) => each.running === 0 && !recall.includes(each))
  return {
    release: [...done, ...victims.filter(({ running }) => running === 0)].map(({ id }) => id),
    drain: victims.filter(({ running }) => running > 0).map(({ id }) => id),
    recall: recall.map(({ id }) => id),
    cancel,
    acquire: missing - recall.length,
  }
}

/** What becomes of a replica that drains: it waits, goes, or has its work taken back and run elsewhere. */
export type DrainStep = 'wait' | 'release' | 'take-back'

/** Milliseconds for which a draining replica may work on what it has. */
export const DRAIN_MS = 60_000

/** Returns the next step of a replica that drains, of which `limitMs` are given to end its work. */
export function drainStep(
  { running, drainingSinceMs }: Occupied,
  nowMs: number,
  limitMs: number = DRAIN_MS,
): DrainStep {
  if (running === 0) return 'release'
  return drainingSinceMs !== null && nowMs - drainingSinceMs >= limitMs ? 'take-back' : 'wait'
}

/** The dearest first. */
function byRate(a: Occupied, b: Occupied): number {
  return a.rateE12 === b.rateE12 ? 0 : a.rateE12 > b.rateE12 ? -1 : 1
}
