import type { Hex } from '@souk/protocol'
import { tellMembers } from './job-members.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

/** The leases that one job holds. */
export class JobLeases {
  readonly #runners: Map<Hex, PurchaseRunner>
  #changed = false

  /** Keeps the book in `runners`, which others may read. */
  constructor(runners: Map<Hex, PurchaseRunner>) {
    this.#runners = runners
  }

  add(runner: PurchaseRunner): void {
    this.#runners.set(runner.lease, runner)
    this.#changed = true
  }

  /** Takes a lease out; tells whether it was there. */
  remove(lease: Hex): boolean {
    const wasHere = this.#runners.delete(lease)
    if (wasHere) this.#changed = true
    return wasHere
  }

  /** Tells every provider who the others are, where that changed since the last call. */
  tellMembers(): void {
    if (this.#changed) tellMembers(this.#runners.values())
    this.#changed = false
  }

  /** Returns the peers that hold a lease which is not among these. */
  holders(except: ReadonlySet<Hex>): string[] {
    const others = [...this.#runners.values()].filter(({ lease }) => !except.has(lease))
    return others.map((runner) => runner.state.purchase.peerId)
  }

  /** Tells whether a peer holds a lease. */
  has(peerId: string): boolean {
    for (const runner of this.#runners.values()) if (runner.state.purchase.peerId === peerId) return true
    return false
  }

  /** Closes every lease whose provider is there. */
  async closePresent(): Promise<void> {
    const present = [...this.#runners.values()].filter((lease) => lease.state.connected)
    await Promise.all(present.map((lease) => lease.close()))
  }
}
