import type { Hex } from '@souk/protocol'
import type { LeaseOnChain } from '@souk/settlement'

/**
 * Leases that were closed with a challenged result before it was heard here what the court said about them: after a
 * pause the escrow is read sooner than the court. What they keep may be wanted by a jury.
 */
export class Unheard {
  /** By lease, the head of the look that first showed it closed. */
  readonly #since = new Map<Hex, number>()
  #heardBlock = -1

  /** All that the court said up to a block was heard. */
  heardUntil(block: number): void {
    this.#heardBlock = Math.max(this.#heardBlock, block)
  }

  /** Tells whether what a closed lease keeps can go; `seized` says that a result of it was challenged. */
  mayForget(lease: Hex, { seized }: Pick<LeaseOnChain, 'seized'>, head: number): boolean {
    const since = this.#since.get(lease) ?? head
    const mayForget = !seized || this.#heardBlock >= since
    if (mayForget) this.#since.delete(lease)
    else this.#since.set(lease, since)
    return mayForget
  }
}
