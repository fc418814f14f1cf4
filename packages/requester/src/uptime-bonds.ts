import { type CourtSpans, epochStart, type Hex, slotsInside } from '@souk/protocol'
import type { PlacedEvent } from '@souk/settlement'

/** Leases with a bond that are remembered; the oldest go first. */
const MOST_STRETCHES = 50_000

/** Blocks [from, until) in which one lease had its bond at stake; open while `until` is infinite. */
interface Stretch {
  readonly subject: Hex
  readonly from: number
  until: number
}

/** When which provider process had a bond at stake, by what the escrow said from some block on. */
export class BondedStretches {
  /** By lease. */
  readonly #leases = new Map<Hex, Stretch>()

  /** Forgets the leases that opened at or after a block: what the escrow said there is read again. */
  forgetFrom(block: number): void {
    for (const [lease, { from }] of this.#leases) if (from >= block) this.#leases.delete(lease)
  }

  /** Takes in what the escrow said; the same again changes nothing. */
  take({ event, at }: Pick<PlacedEvent, 'event'> & { readonly at: { readonly block: number } }): void {
    if (event.kind === 'opened' && event.quote.bond > 0n) {
      const { resultSigner: subject, blocks } = event.quote
      this.#leases.delete(event.lease)
      this.#leases.set(event.lease, { subject, from: at.block, until: at.block + blocks })
      const [oldest] = this.#leases.keys()
      if (this.#leases.size > MOST_STRETCHES && oldest !== undefined) this.#leases.delete(oldest)
    } else if (event.kind === 'ending') this.#end(event.lease, event.endBlock)
    else if (event.kind === 'closed') this.#end(event.lease, at.block)
  }

  /** Returns the slots of an epoch that lie wholly inside a lease with a bond of `subject`, as a map. */
  slots(rules: Pick<CourtSpans, 'slotBlocks'>, subject: Hex, epoch: number): number {
    let map = 0
    for (const stretch of this.#leases.values()) {
      if (stretch.subject !== subject || stretch.until <= epochStart(rules, epoch)) continue
      map |= slotsInside(rules, epoch, stretch.from, stretch.until)
    }
    return map
  }

  #end(lease: Hex, block: number): void {
    const stretch = this.#leases.get(lease)
    if (stretch !== undefined) stretch.until = Math.min(stretch.until, block)
  }
}
