import {
  advancePause,
  type JobPause,
  jobPause,
  type PauseEffect,
  type PauseEvent,
  type PauseRow,
  ProgramLoop,
  pauses,
  type Shortage,
} from '@souk/engine'
import type { Journal } from '@souk/storage'

/** What a job's waiting for money works on. */
export interface PauseServices {
  readonly job: string
  readonly journal: Journal
  /** Milliseconds since the epoch. */
  dateMs(): number
  /** Tells whether a deposit of so many base units could be set aside now. */
  covers(deposit: bigint): boolean
  paused(shortage: Shortage, untilMs: number): void
  resumed(pausedMs: number): void
  /** Looks for leases; what comes of it is told to {@link PauseDesk.searched}. */
  search(): void
  /** The grace is over: the job fails. */
  giveUp(): void
  fatal(error: unknown): void
}

/** The waiting of one job for money: carries out the effects of its program. */
export class PauseDesk {
  readonly #state: JobPause
  readonly #services: PauseServices
  readonly #loop: ProgramLoop<PauseEvent, PauseEffect>

  constructor(row: PauseRow, services: PauseServices) {
    const state = jobPause(services.job, row)
    this.#state = state
    this.#services = services
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advancePause(state, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: () => Math.max(0, Math.floor(services.dateMs())),
      fail: services.fatal,
    })
  }

  /** Says that the job waits where it did so before this process began. */
  begin(): void {
    const { paused } = this.#state.row
    if (paused !== null) this.#services.paused(paused.shortage, paused.untilMs)
  }

  /** What the job waits for; null while it does not wait. */
  get shortage(): Shortage | null {
    return this.#state.row.paused?.shortage ?? null
  }

  /** Takes what a search came to; resolves with whether the job waits for money now. */
  async searched(shortage: Shortage | null): Promise<boolean> {
    await this.#loop.post(shortage === null ? { type: 'over' } : { type: 'short', shortage })
    return this.shortage !== null
  }

  /** Looks whether the money has come, work goes on, or the grace is over; cheap while the job does not wait. */
  look(working: boolean, searching: boolean): void {
    const { shortage } = this
    if (shortage === null) return
    const covered = this.#services.covers(shortage.needed)
    void this.#loop.post({ type: 'look', covered, working, searching })
  }

  /** Notes that the job fails for want of money although it does not wait. */
  end(shortage: Shortage): Promise<void> {
    return this.#loop.post({ type: 'end', shortage })
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  #perform(effect: PauseEffect): Promise<void> | void {
    switch (effect.do) {
      case 'persist':
        return this.#services.journal.commit(effect.writes, effect.durability)
      case 'pause':
        return this.#services.paused(effect.shortage, effect.untilMs)
      case 'resume':
        return this.#services.resumed(effect.pausedMs)
      case 'search':
        return this.#services.search()
      case 'give-up':
        return this.#services.giveUp()
    }
  }
}

/** Reads how long a job waits for money, and whether it did when its last owner stopped. */
export async function readPause(journal: Journal, job: string): Promise<PauseRow> {
  const bytes = await journal.get(pauses.table, job)
  return bytes === undefined ? { graceMs: 0, paused: null } : pauses.codec.decode(bytes)
}
