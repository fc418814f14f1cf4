import { errorMessage } from '@souk/protocol'
import type { CourtLink, PlacedCourtEvent } from '@souk/settlement'
import type { Log } from './log.ts'

/** What a feed needs of a court. */
interface FeedSource extends Pick<CourtLink, 'events'> {
  readonly rules: Pick<CourtLink['rules'], 'verdictBlocks'>
}

/** Takes one thing that the court was told; it may come several times. */
type Take = (placed: PlacedCourtEvent) => Promise<void>

/** An event that could not be taken, and how often that was tried. */
interface Refused {
  readonly placed: PlacedCourtEvent
  readonly tries: number
}

/** Blocks that are read again at each look: a reorganisation may have put other events there. */
const REORG_BLOCKS = 12
/** Times that an event is handed on before it is given up, once at each look. */
const MOST_TRIES = 32
/** Events that wait to be handed on again; the newest stay. */
const MOST_REFUSED = 256

/**
 * Reads what a court was told, block by block; after a pause as far back as anything of it may still matter. What was
 * said is handed on more than once: whoever takes it must take it twice.
 */
export class CourtFeed {
  readonly #court: FeedSource
  readonly #log: Log
  /** First block whose events were not handed on; `null` before the first look. */
  #nextBlock: number | null = null
  #isReading = false
  #refused: readonly Refused[] = []

  constructor(court: FeedSource, log: Log) {
    this.#court = court
    this.#log = log
  }

  /**
   * Hands on what was said up to block `head`; does nothing while another look is under way. What `take` could not take
   * is handed on again at the next looks and holds nothing else up; after a failure of the read the next look begins at
   * the same block. Tells whether all that was said up to `head` has been taken.
   */
  async look(head: number, take: Take): Promise<boolean> {
    if (this.#isReading) return false
    this.#isReading = true
    try {
      const from = this.#nextBlock ?? head - 2 * this.#court.rules.verdictBlocks
      const found = await this.#court.events(Math.max(0, from - REORG_BLOCKS), head)
      this.#nextBlock = Math.max(head + 1, this.#nextBlock ?? 0)
      await this.#handOn(found, take)
      return this.#refused.length === 0
    } finally {
      this.#isReading = false
    }
  }

  /** Hands on what was refused before, and what is new; what is refused now waits. */
  async #handOn(found: readonly PlacedCourtEvent[], take: Take): Promise<void> {
    const fresh = found.map((placed) => ({ placed, tries: 0 }))
    const isAgain = ({ placed }: Refused) => found.some((one) => isSame(one, placed))
    const refused: Refused[] = []
    for (const { placed, tries } of [...this.#refused.filter((one) => !isAgain(one)), ...fresh]) {
      try {
        await take(placed)
      } catch (error) {
        this.#log.warn('something that the court was told could not be taken', { error: errorMessage(error) })
        if (tries + 1 < MOST_TRIES) refused.push({ placed, tries: tries + 1 })
      }
    }
    this.#refused = refused.slice(-MOST_REFUSED)
  }
}

function isSame(one: PlacedCourtEvent, other: PlacedCourtEvent): boolean {
  return one.at.blockHash === other.at.blockHash && one.at.index === other.at.index
}
