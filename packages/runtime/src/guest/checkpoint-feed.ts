import type { GuestFile, GuestNews } from './messages.ts'

/**
 * Milliseconds of real time between two checkpoints that are passed on. A program that dies loses no more than this
 * beyond what it lost anyway, and one that makes thousands a second floods nobody.
 */
const CHECKPOINT_MS = 250

/** Passes on checkpoints, but those that come right after another. The program cannot tell which. */
export class CheckpointFeed {
  readonly #hear: (news: GuestNews) => void
  #nextMs = 0

  constructor(hear: (news: GuestNews) => void) {
    this.#hear = hear
  }

  /** Takes up a checkpoint of these files, which are gathered only if they are passed on. */
  take(gather: () => GuestFile[]): void {
    if (performance.now() < this.#nextMs) return
    this.#hear({ kind: 'checkpoint', files: gather() })
    this.#nextMs = performance.now() + CHECKPOINT_MS
  }
}
