import type { Frame } from '@souk/protocol'

/** Milliseconds without a checkpoint that no program has to explain. */
const MIN_STALL_MS = 30_000
/** So many times the longest pause between two checkpoints may pass before an attempt counts as stuck. */
const PATIENCE = 4

interface Pace {
  savedMs: number
  /** Longest pause between two checkpoints; null before the second. */
  longestMs: number | null
}

/**
 * How far the attempts at one provider have come, as far as their programs say so: those that have saved their state
 * twice, whose pace is known. Of the others nobody can tell work from standing still.
 */
export class ProgressBook {
  readonly #paces = new Map<string, Pace>()
  #moves = 0

  /** Takes in what the provider said; checkpoints are progress, and so is the end of an attempt. */
  heard(frame: Frame, nowMs: number): void {
    if (frame.t === 'checkpoint') this.#saved(frame.attempt, nowMs)
    if (frame.t === 'results') for (const { attempt } of frame.results) this.#ended(attempt)
    if (frame.t === 'failed') this.#ended(frame.attempt)
    if (frame.t === 'beat') this.#keepOnly(new Set(frame.running))
  }

  /** Returns a number that changes with progress, null where none is to be seen, and how long it may stay. */
  measure(): { progress: number | null; stallMs: number } {
    const patience = [...this.#paces.values()].flatMap((pace) => patienceMs(pace) ?? [])
    if (patience.length === 0) return { progress: null, stallMs: MIN_STALL_MS }
    return { progress: this.#moves, stallMs: Math.max(...patience) }
  }

  /** Returns the attempts that have saved nothing for longer than their own pace explains. */
  stuck(nowMs: number): string[] {
    return [...this.#paces].flatMap(([attempt, pace]) => {
      const ms = patienceMs(pace)
      return ms !== null && nowMs - pace.savedMs > ms ? [attempt] : []
    })
  }

  #saved(attempt: string, nowMs: number): void {
    this.#moves += 1
    const known = this.#paces.get(attempt)
    const pauseMs = known === undefined ? null : Math.max(known.longestMs ?? 0, nowMs - known.savedMs)
    this.#paces.set(attempt, { savedMs: nowMs, longestMs: pauseMs })
  }

  #ended(attempt: string): void {
    this.#moves += 1
    this.#paces.delete(attempt)
  }

  #keepOnly(running: ReadonlySet<string>): void {
    for (const attempt of this.#paces.keys()) if (!running.has(attempt)) this.#paces.delete(attempt)
  }
}

function patienceMs({ longestMs }: Pace): number | null {
  return longestMs === null ? null : Math.max(MIN_STALL_MS, PATIENCE * longestMs)
}
