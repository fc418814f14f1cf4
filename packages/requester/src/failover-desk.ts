import type { StandbyLevel } from '@souk/availability'
import type { Doubt, Job } from '@souk/engine'
import { type Hex, taskContent } from '@souk/protocol'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** Milliseconds that a lease stays which was bought for a doubt that came to nothing: the next doubt needs no other. */
const SPARE_MS = 60_000
/** Leases bought for doubts of one job: each costs a start fee, and who only stammers could have them bought forever. */
const MOST_STANDBYS = 3
/** Milliseconds until a lease is looked for again where none came. */
const STANDBY_AGAIN_MS = 2_000
/** Looks for a lease for one doubt: others may be looking already, and what they find may not do. */
const MOST_LOOKS = 5

/** What preparing a successor needs of its job beyond what all parts share. */
export interface FailoverHost {
  readonly leases: ReadonlyMap<Hex, PurchaseRunner>
  /** Buys up to `count` more leases; resolves with how many came: none while another search is under way. */
  search(count: number, failures: unknown[]): Promise<number>
  /** Dials the provider that would be asked next, and has its quote; nothing is reserved. */
  askNext(): Promise<void>
}

/** What is done about one lease in doubt. */
interface Standby {
  /** Leases bought for it. */
  readonly bought: Set<Hex>
  looks: number
  /** When to look for a lease again; null while that is done, or has no use. */
  lookAtMs: number | null
}

/**
 * Prepares successors for what runs on leases in doubt, where no lease of the job has room (docs/AVAILABILITY.md). What
 * was bought for a doubt that came to nothing is kept for the next, and then given back, unless it was given work.
 */
export class FailoverDesk {
  readonly #parts: JobParts
  readonly #host: FailoverHost
  /** By the lease that is in doubt. */
  readonly #standbys = new Map<Hex, Standby>()
  /** Leases bought that no doubt needs, with the time at which they are given back. */
  readonly #spares = new Map<Hex, number>()
  #purchases = 0

  constructor(parts: JobParts, host: FailoverHost) {
    this.#parts = parts
    this.#host = host
  }

  /** Prepares a successor for a lease, once per doubt. */
  standBy(lease: Hex, level: StandbyLevel): void {
    if (level === 'prepared') {
      void this.#host.askNext().catch(() => {
        // Nobody is promised anything: whoever leases then is asked when it is known that somebody must.
      })
      return
    }
    if (this.#standbys.has(lease)) return
    const standby: Standby = { bought: new Set(), looks: 0, lookAtMs: null }
    this.#standbys.set(lease, standby)
    const spare = this.#takeSpare()
    if (spare === undefined) void this.#buy(lease, standby)
    else standby.bought.add(spare)
  }

  /** Keeps what a lease has no need of any more for the next that does. */
  standDown(lease: Hex): void {
    const standby = this.#standbys.get(lease)
    this.#standbys.delete(lease)
    for (const one of standby?.bought ?? []) this.#keep(one)
  }

  /** Looks again for leases that did not come, and gives back those that nobody needed. */
  tick(): void {
    const { job, services } = this.#parts
    const { clock } = services
    // What a job that is over holds is released with it.
    if (job.row.state !== 'running') return
    for (const [lease, standby] of this.#standbys) {
      // What ran on a lease that is over is looked after by the job itself.
      if (!this.#host.leases.has(lease)) this.#standbys.delete(lease)
      else if (standby.lookAtMs !== null && clock() >= standby.lookAtMs && !this.#hasFree()) {
        void this.#buy(lease, standby)
      }
    }
    // While something is in doubt, a spare with room is what its work goes to.
    if (this.#spares.size === 0 || inDoubt({ job, leases: this.#host.leases }).length > 0) return
    for (const [one, untilMs] of this.#spares) if (clock() >= untilMs) this.#giveBack(one)
  }

  async #buy(lease: Hex, standby: Standby): Promise<void> {
    standby.lookAtMs = null
    if (this.#purchases >= MOST_STANDBYS) return
    standby.looks += 1
    const fresh = await this.#search()
    this.#purchases += fresh.length
    for (const one of fresh) {
      this.#load(one)
      if (this.#standbys.get(lease) === standby) standby.bought.add(one)
      // In the place of one that is over it stays.
      else if (this.#host.leases.has(lease)) this.#keep(one)
    }
    if (fresh.length === 0 && standby.looks < MOST_LOOKS)
      standby.lookAtMs = this.#parts.services.clock() + STANDBY_AGAIN_MS
  }

  /** Buys a lease; returns what came, which is nothing where that failed. */
  async #search(): Promise<Hex[]> {
    const before = new Set(this.#host.leases.keys())
    try {
      if ((await this.#host.search(1, [])) === 0) return []
    } catch (error) {
      this.#failed('no standby could be leased', error)
    }
    return [...this.#host.leases.keys()].filter((one) => !before.has(one))
  }

  /** Has the program brought to a lease that has run nothing yet; a checkpoint that comes after it goes first. */
  #load(lease: Hex): void {
    const task = this.#parts.tasks.find((_, index) => this.#parts.job.tasks[index]?.state === 'open')
    const [cid] =
      task === undefined || this.#parts.job.tasks.some(({ kept }) => kept !== null) ? [] : taskContent(task)
    if (cid !== undefined) void this.#host.leases.get(lease)?.post({ type: 'ahead', cid })
  }

  #keep(lease: Hex): void {
    this.#spares.set(lease, this.#parts.services.clock() + SPARE_MS)
  }

  #takeSpare(): Hex | undefined {
    const spare = [...this.#spares.keys()].find((one) => this.#isFree(one))
    if (spare !== undefined) this.#spares.delete(spare)
    return spare
  }

  #giveBack(lease: Hex): void {
    this.#spares.delete(lease)
    if (!this.#isIdle(lease)) return
    const closed = this.#host.leases.get(lease)?.close()
    closed?.catch((error) => this.#failed(`standby ${lease} could not be given back`, error))
  }

  /** Tells whether a lease has come meanwhile, from whomever, to which work can go. */
  #hasFree(): boolean {
    return [...this.#host.leases.keys()].some((one) => this.#isFree(one))
  }

  #isFree(lease: Hex): boolean {
    const { leases, doubts } = this.#parts.job
    return this.#isIdle(lease) && !doubts.has(lease) && leases.get(lease)?.credit !== 0
  }

  #isIdle(lease: Hex): boolean {
    return this.#host.leases.has(lease) && this.#parts.job.leases.get(lease)?.running.size === 0
  }

  #failed(sentence: string, error: unknown): void {
    const { job, services } = this.#parts
    services.onProblem(`job ${job.row.id}: ${sentence}`, error)
  }
}

/** Returns which leases that a job still holds are in doubt, and why. */
export function inDoubt({
  job,
  leases,
}: {
  readonly job: Pick<Job, 'doubts'>
  readonly leases: ReadonlyMap<Hex, unknown>
}): { lease: Hex; reason: Doubt }[] {
  return [...job.doubts].flatMap(([lease, reason]) => (leases.has(lease) ? [{ lease, reason }] : []))
}
