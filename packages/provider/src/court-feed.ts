import type { CourtLink, PlacedCourtEvent } from '@souk/settlement'

/** Reads what a court was told, block by block; after a pause as far back as anything of it may still matter. */
export class CourtFeed {
  readonly #court: CourtLink
  /** First block whose events were not taken; `null` before the first look. */
  #nextBlock: number | null = null
  #isReading = false

  constructor(court: CourtLink) {
    this.#court = court
  }

  /**
   * Hands on what was said up to block `head`; does nothing while another look is under way. After a failure of the
   * read or of `take`, the next look begins at the same block: what was said may come twice.
   */
  async look(head: number, take: (placed: PlacedCourtEvent) => Promise<void>): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const from = this.#nextBlock ?? Math.max(0, head - 2 * this.#court.rules.verdictBlocks)
      for (const placed of await this.#court.events(from, head)) await take(placed)
      this.#nextBlock = head + 1
    } finally {
      this.#isReading = false
    }
  }
}
