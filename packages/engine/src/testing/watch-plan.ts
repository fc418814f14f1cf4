/** A stretch of virtual time, in milliseconds. */
export interface Stretch {
  readonly who: number
  readonly fromMs: number
  readonly untilMs: number
}

/** What happens to simulated watchers and their subjects, apart from what the seed draws. */
export interface WatchPlan {
  readonly seed: number
  readonly slotBlocks: number
  readonly subjects: number
  readonly watchers: number
  /** Subjects that answer nobody for a while. */
  readonly outages: readonly Stretch[]
  /** Watchers that reach nobody for a while; they still see the chain. */
  readonly cuts: readonly Stretch[]
  /** Watchers that crash between two effects, so many effects after `atMs`, and start again `downMs` later. */
  readonly crashes: readonly {
    readonly who: number
    readonly atMs: number
    readonly effects: number
    readonly downMs: number
  }[]
}

/** A plan in which nothing goes wrong. */
export const QUIET: WatchPlan = {
  seed: 1,
  slotBlocks: 1,
  subjects: 3,
  watchers: 3,
  outages: [],
  cuts: [],
  crashes: [],
}

/** Tells whether `who` is in a stretch at a moment. */
export function isWithin(stretches: readonly Stretch[], who: number, atMs: number): boolean {
  return stretches.some((each) => each.who === who && each.fromMs <= atMs && atMs < each.untilMs)
}

/** Tells whether a stretch of `who` touches [fromMs, untilMs]. */
export function touches(
  stretches: readonly Stretch[],
  who: number,
  fromMs: number,
  untilMs: number,
): boolean {
  return stretches.some((each) => each.who === who && each.fromMs <= untilMs && fromMs < each.untilMs)
}

/** Tells whether one stretch of `who` holds all of [fromMs, untilMs]. */
export function covers(stretches: readonly Stretch[], who: number, fromMs: number, untilMs: number): boolean {
  return stretches.some((each) => each.who === who && each.fromMs <= fromMs && untilMs < each.untilMs)
}
