import type { StandbyLevel } from '@souk/availability'
import { type Hex, taskContent } from '@souk/protocol'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** What preparing a successor needs of its job beyond what all parts share. */
export interface FailoverHost {
  readonly leases: ReadonlyMap<Hex, PurchaseRunner>
  /** Buys up to `count` more leases; resolves with how many came. */
  search(count: number, failures: unknown[]): Promise<number>
  /** Dials the provider that would be asked next, and has its quote; nothing is reserved. */
  askNext(): Promise<void>
}

/**
 * Prepares successors for what runs on leases in doubt, where no lease of the job has room (docs/AVAILABILITY.md). What
 * was bought for a doubt that came to nothing is given back, unless it was given work meanwhile.
 */
export class FailoverDesk {
  readonly #parts: JobParts
  readonly #host: FailoverHost
  /** Leases bought for one that is in doubt. */
  readonly #bought = new Map<Hex, Set<Hex>>()

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
    if (this.#bought.has(lease)) return
    this.#bought.set(lease, new Set())
    void this.#buy(lease)
  }

  /** Gives back what a lease has no need of any more. */
  standDown(lease: Hex): void {
    const bought = this.#bought.get(lease)
    this.#bought.delete(lease)
    for (const one of bought ?? []) this.#giveBack(one)
  }

  async #buy(lease: Hex): Promise<void> {
    const before = new Set(this.#host.leases.keys())
    await this.#host.search(1, [])
    const fresh = [...this.#host.leases.keys()].filter((one) => !before.has(one))
    const bought = this.#bought.get(lease)
    for (const one of fresh) {
      this.#load(one)
      if (bought !== undefined) bought.add(one)
      else this.#giveBack(one)
    }
  }

  /** Has the program brought to a lease that has run nothing yet; a checkpoint that comes after it goes first. */
  #load(lease: Hex): void {
    const task = this.#parts.tasks.find((_, index) => this.#parts.job.tasks[index]?.state === 'open')
    const [cid] =
      task === undefined || this.#parts.job.tasks.some(({ kept }) => kept !== null) ? [] : taskContent(task)
    if (cid !== undefined) void this.#host.leases.get(lease)?.post({ type: 'ahead', cid })
  }

  #giveBack(lease: Hex): void {
    const isIdle = this.#parts.job.leases.get(lease)?.running.size === 0
    if (isIdle) void this.#host.leases.get(lease)?.close()
  }
}
