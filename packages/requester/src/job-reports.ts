import type { JobEventReport, Progress } from './job-spec.ts'
import { ProgressMeter } from './progress-meter.ts'

/** Events kept for whoever attaches later; a job of any size keeps its newest. */
const HISTORY_EVENTS = 4_096

/** An event of a job without its time. */
export type Report = JobEventReport extends infer E ? (E extends unknown ? Omit<E, 'atMs'> : never) : never

/** What happens to one job, told to everyone who listens and kept for whoever attaches later. */
export class JobReports {
  /** The newest events, for whoever attaches later. */
  readonly history: JobEventReport[] = []
  readonly #listeners = new Set<(event: JobEventReport) => void>()
  readonly #dateMs: () => number
  readonly #progress: ProgressMeter
  /** Bytes that each peer was given. */
  readonly #given = new Map<string, number>()

  /** `clock` returns monotonic milliseconds, `dateMs` those since the epoch. */
  constructor({ clock, dateMs }: { clock(): number; dateMs(): number }) {
    this.#dateMs = dateMs
    this.#progress = new ProgressMeter((one) => this.report({ kind: 'progress', ...one }), clock)
  }

  /** Notes an event and tells everyone who listens. */
  report(report: Report): void {
    const event = { ...report, atMs: this.#dateMs() } as JobEventReport
    if (event.kind !== 'progress') this.history.push(event)
    if (this.history.length > HISTORY_EVENTS) this.history.shift()
    for (const listener of this.#listeners) listener(event)
  }

  /** Calls back for each event from now on; returns the undo. */
  subscribe(listener: (event: JobEventReport) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notes how far a transfer is; told now and then, and at its end. */
  progress(progress: Progress): void {
    this.#progress.note(progress)
  }

  /** Notes that a block of the job was given to a peer. */
  gave(peerId: string, bytes: number): void {
    const haveBytes = (this.#given.get(peerId) ?? 0) + bytes
    this.#given.set(peerId, haveBytes)
    this.#progress.note({ what: 'upload', name: peerId, haveBytes, totalBytes: null })
  }
}
