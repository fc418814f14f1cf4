import { type Frame, type FrameOf, LIMITS } from '@souk/protocol'

/** Milliseconds without a checkpoint that no program has to explain. */
const MIN_STALL_MS = 30_000
/** So many times the longest pause between two checkpoints may pass before an attempt counts as stuck. */
const PATIENCE = 4

/** Milliseconds beyond its deadline for which a program may run by its provider's own beats: what ends it is late, too. */
const OVERRUN_MS = 10_000
/** Stands for the progress of a provider one of whose programs runs for longer than it may: none. */
const OVERLONG = -1

interface Pace {
  readonly lease: string
  savedMs: number
  /** Longest pause between two checkpoints; null before the second. */
  longestMs: number | null
}

/** Where a frame comes from, and how long a program may run there, in milliseconds. */
export interface HeardOn {
  readonly lease: string
  readonly deadlineMs: number | undefined
}

/** Since which beat a program runs. */
interface Run {
  readonly lease: string
  readonly firstBeat: number
  isOverlong: boolean
}

/**
 * How far the attempts at one provider have come, as far as their programs say so: those that have saved their state
 * twice, whose pace is known. Of the others nobody can tell work from standing still, until their provider itself says
 * for longer than they may run that they do.
 */
export class ProgressBook {
  readonly #paces = new Map<string, Pace>()
  readonly #runs = new Map<string, Run>()
  #moves = 0

  /** Takes in what the provider said; checkpoints are progress, and so is the end of an attempt. */
  heard(frame: Frame, nowMs: number, on: HeardOn): void {
    if (frame.t === 'checkpoint') this.#saved(frame.attempt, nowMs, on)
    if (frame.t === 'results') for (const { attempt } of frame.results) this.#ended(attempt)
    if (frame.t === 'failed') this.#ended(frame.attempt)
    if (frame.t === 'beat') this.#beat(frame, on)
  }

  /** Returns a number that changes with progress, null where none is to be seen, and how long it may stay. */
  measure(): { progress: number | null; stallMs: number } {
    if (this.#overlong().length > 0) return { progress: OVERLONG, stallMs: 0 }
    const patience = [...this.#paces.values()].flatMap((pace) => patienceMs(pace) ?? [])
    if (patience.length === 0) return { progress: null, stallMs: MIN_STALL_MS }
    return { progress: this.#moves, stallMs: Math.max(...patience) }
  }

  /**
   * Returns the attempts that have saved nothing for longer than their own pace explains, and those that run for longer
   * than they may.
   */
  stuck(nowMs: number): string[] {
    const silent = [...this.#paces].flatMap(([attempt, pace]) => {
      const ms = patienceMs(pace)
      return ms !== null && nowMs - pace.savedMs > ms ? [attempt] : []
    })
    return [...new Set([...silent, ...this.#overlong()])]
  }

  #overlong(): string[] {
    return [...this.#runs].flatMap(([attempt, { isOverlong }]) => (isOverlong ? [attempt] : []))
  }

  #saved(attempt: string, nowMs: number, { lease }: HeardOn): void {
    this.#moves += 1
    const known = this.#paces.get(attempt)
    const pauseMs = known === undefined ? null : Math.max(known.longestMs ?? 0, nowMs - known.savedMs)
    this.#paces.set(attempt, { lease, savedMs: nowMs, longestMs: pauseMs })
  }

  #ended(attempt: string): void {
    this.#moves += 1
    this.#paces.delete(attempt)
    this.#runs.delete(attempt)
  }

  #beat({ n, running, executing = [] }: FrameOf<'beat'>, { lease, deadlineMs }: HeardOn): void {
    keepOnly(this.#paces, lease, running)
    keepOnly(this.#runs, lease, executing)
    for (const attempt of executing) {
      const run = this.#runs.get(attempt) ?? { lease, firstBeat: n, isOverlong: false }
      // By the beats between, of which each is half a second there: what stood still meanwhile, they or we, is no time.
      const ranMs = (n - run.firstBeat) * LIMITS.beatMs
      run.isOverlong = deadlineMs !== undefined && ranMs > deadlineMs + OVERRUN_MS
      this.#runs.set(attempt, run)
    }
  }
}

/** Forgets what a lease's beat does not name. */
function keepOnly(
  of: Map<string, { readonly lease: string }>,
  lease: string,
  named: readonly string[],
): void {
  for (const [attempt, one] of of) if (one.lease === lease && !named.includes(attempt)) of.delete(attempt)
}

function patienceMs({ longestMs }: Pace): number | null {
  return longestMs === null ? null : Math.max(MIN_STALL_MS, PATIENCE * longestMs)
}
