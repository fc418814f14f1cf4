import type { PauseRow, Shortage } from '@souk/engine'
import { shortageIn } from './job-error.ts'
import type { JobParts } from './job-services.ts'
import { PauseDesk } from './runway-pause.ts'

/** Looks for more leases without any success, while there is a chain, after which a starved job is given up. */
const FRUITLESS_SEARCHES = 5

/** What a search needs of its job beyond what all parts share. */
export interface SearchHost {
  /** Leases that a task needs at the same time and the job does not have. */
  lacking(): number
  /** Buys up to `count` more leases; resolves with how many came, after noting why others did not. */
  acquire(count: number, failures: unknown[]): Promise<number>
  /** Tells whether the job is to hold no lease: what waits for one waits until something is asked of it. */
  isAsleep(): boolean
}

/** Looks for the leases of one job beside its program, and waits where it is money that it lacks. */
export class JobSearch {
  readonly #parts: JobParts
  readonly #host: SearchHost
  readonly #pause: PauseDesk
  #searching = false
  #fruitless = 0

  constructor(parts: JobParts, host: SearchHost, pause: PauseRow) {
    const { job, services, reports, post } = parts
    this.#parts = parts
    this.#host = host
    this.#pause = new PauseDesk(pause, {
      job: job.row.id,
      journal: services.journal,
      dateMs: services.dateMs,
      covers: services.covers,
      paused: (shortage, untilMs) => reports.report({ kind: 'paused', ...shortage, untilMs }),
      resumed: (pausedMs) => reports.report({ kind: 'resumed', pausedMs }),
      search: () => void this.#lookForLeases(),
      giveUp: () => void post({ type: 'stop', state: 'failed' }),
      fatal: services.fatal,
    })
    this.#pause.begin()
  }

  /** What the job waits for money for; null while it does not wait. */
  get shortage(): Shortage | null {
    return this.#pause.shortage
  }

  /** Looks whether waiting for money is over. */
  tick(): void {
    const { job } = this.#parts
    if (job.row.state === 'running') this.#pause.look(job.inFlight.size > 0, this.#searching)
  }

  /** Waits for money where nothing else kept anyone from leasing; resolves with whether it does. */
  async waitsFor(failures: readonly unknown[]): Promise<boolean> {
    const shortage = this.#shortageIn(failures)
    return shortage !== null && (await this.#pause.searched(shortage))
  }

  /** Fails for want of leases, and notes where it was money that kept anyone from leasing. */
  async failWithout(failures: readonly unknown[]): Promise<void> {
    const shortage = this.#shortageIn(failures)
    if (shortage !== null) await this.#pause.end(shortage)
    await this.#parts.post({ type: 'stop', state: 'failed' })
  }

  /** Looks for `count` more leases, unless a search is under way; resolves with how many came. */
  async search(count: number, failures: unknown[]): Promise<number> {
    if (this.#searching) return 0
    this.#searching = true
    try {
      return await this.#host.acquire(count, failures)
    } finally {
      this.#searching = false
    }
  }

  /** Looks for leases beside the program; one search at a time, and none while money is waited for. */
  starved(): void {
    if (this.#searching || this.shortage !== null || this.#host.isAsleep()) return
    this.#parts.reports.report({ kind: 'starved' })
    void this.#lookForLeases()
  }

  stop(): Promise<void> {
    return this.#pause.stop()
  }

  async #lookForLeases(): Promise<void> {
    const failures: unknown[] = []
    const found = await this.search(this.#host.lacking(), failures).catch((error) => this.#failed(error))
    const shortage = found > 0 ? null : this.#shortageIn(failures)
    if (await this.#pause.searched(shortage)) return
    // Without a chain nobody can lease: the job waits for it, and begins to count when it is back.
    const isExcused = !this.#parts.services.hasChain() || this.#host.isAsleep()
    this.#fruitless = found > 0 || isExcused ? 0 : this.#fruitless + 1
    if (this.#fruitless < FRUITLESS_SEARCHES || this.#parts.job.row.state !== 'running') return
    await this.failWithout(failures)
  }

  /** A search that broke off found nothing: the next begins anew. */
  #failed(error: unknown): 0 {
    const { job, services } = this.#parts
    services.onProblem(`job ${job.row.id} could not look for leases`, error)
    return 0
  }

  /** Returns what all leases lack that a task needs; null where it was not money. */
  #shortageIn(failures: readonly unknown[]): Shortage | null {
    return shortageIn(failures, this.#host.lacking())
  }
}
