import type { Progress } from '@souk/requester'
import { createLogUpdate } from 'log-update'
import type { ProgressScreen } from '../data/progress-lines.ts'
import type { AgentEvent } from '../run/follow.ts'

/** How far a command is. */
export interface MapCounts {
  readonly tasks: number
  readonly done: number
  readonly failed: number
}

/** Milliseconds between two paintings of the line. */
const PAINT_MS = 200
/** Parts of all tasks after each of which a line is said where no terminal shows one. */
const PARTS = 10

/** Shows in one line how far a command is; where there is no terminal, says so ten times at most. */
export class MapScreen implements ProgressScreen {
  readonly #stream: NodeJS.WriteStream
  readonly #live: ReturnType<typeof createLogUpdate> | null
  readonly #leases = new Set<string>()
  readonly #startedMs = performance.now()
  readonly #counts: () => MapCounts
  #before: number | null = null
  #part = 0
  #paintedMs = 0

  constructor(stream: NodeJS.WriteStream, counts: () => MapCounts) {
    this.#stream = stream
    this.#live = stream.isTTY === true ? createLogUpdate(stream) : null
    this.#counts = counts
  }

  /** Counts leases as they come and go. */
  hear(event: AgentEvent): void {
    if (event.kind === 'lease') this.#leases.add(event.lease)
    if (event.kind === 'lease-over') this.#leases.delete(event.lease)
  }

  /** Something came in. */
  changed(): void {
    if (performance.now() - this.#paintedMs < PAINT_MS) return
    this.#paintedMs = performance.now()
    const counts = this.#counts()
    this.#before ??= counts.done
    if (this.#live === null) this.#say(counts)
    else this.#live(this.#line(counts))
  }

  /** Transfers are many and small here: how many tasks are done says more. */
  show(_progress: Progress): void {}

  clear(): void {
    this.#live?.clear()
    this.#paintedMs = 0
  }

  #say(counts: MapCounts): void {
    const part = Math.floor((PARTS * counts.done) / Math.max(1, counts.tasks))
    if (part <= this.#part) return
    this.#part = part
    this.#stream.write(`souk: ${this.#line(counts)}\n`)
  }

  #line({ tasks, done, failed }: MapCounts): string {
    const seconds = (performance.now() - this.#startedMs) / 1000
    const pace = (done - (this.#before ?? done)) / Math.max(1, seconds)
    const left = pace > 0 ? `, about ${Math.ceil((tasks - done - failed) / pace)} s left` : ''
    const bad = failed > 0 ? `, ${failed} failed` : ''
    const leases = this.#leases.size === 1 ? '1 lease' : `${this.#leases.size} leases`
    return `${done} of ${tasks} tasks done${bad}, ${leases}, ${pace.toFixed(1)} a second${left}`
  }
}
