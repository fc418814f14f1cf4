/** Milliseconds of work that are sent to a runner at once: it never waits for us, and little waits behind a slow task. */
const AHEAD_MS = 10
/** Tasks in one runner: beyond, larger batches gain nothing. */
const AHEAD_TASKS = 64
/** Weight of the newest run time in the average. */
const NEWEST = 1 / 8
/** Milliseconds of a run beside what the program takes: its instance, its messages. */
const OVERHEAD = 0.05

/** Says how many tasks may be in a runner, by how long they take. */
export class RunnerWindow {
  #averageMs: number | null = null
  /** Whether the runner is being filled; it is again once half of it has been worked off, so that batches are large. */
  #filling = true

  /** Notes how long a program ran. */
  note(runMs: number): void {
    const ms = runMs + OVERHEAD
    this.#averageMs = this.#averageMs === null ? ms : this.#averageMs + NEWEST * (ms - this.#averageMs)
  }

  /** Tells whether a task may follow `load` others. */
  hasRoom(load: number): boolean {
    const size = this.#averageMs === null ? 1 : Math.ceil(AHEAD_MS / this.#averageMs)
    const most = Math.min(AHEAD_TASKS, size)
    if (load >= most) this.#filling = false
    if (load <= most / 2) this.#filling = true
    return this.#filling && load < most
  }
}
