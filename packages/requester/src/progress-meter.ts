import type { Progress } from './job-spec.ts'

/** Milliseconds between two reports of the same transfer: what eyes can follow. */
const REPORT_MS = 100

/** Passes on how far transfers are, each not too often, and always its end. */
export class ProgressMeter {
  readonly #tell: (progress: Progress) => void
  readonly #clock: () => number
  readonly #toldMs = new Map<string, number>()

  /** `clock` returns monotonic milliseconds. */
  constructor(tell: (progress: Progress) => void, clock: () => number) {
    this.#tell = tell
    this.#clock = clock
  }

  note(progress: Progress): void {
    const { what, name, haveBytes, totalBytes } = progress
    const key = `${what} ${name}`
    const isDone = haveBytes === totalBytes
    const nowMs = this.#clock()
    if (!isDone && nowMs - (this.#toldMs.get(key) ?? Number.NEGATIVE_INFINITY) < REPORT_MS) return
    if (isDone) this.#toldMs.delete(key)
    else this.#toldMs.set(key, nowMs)
    this.#tell(progress)
  }
}
