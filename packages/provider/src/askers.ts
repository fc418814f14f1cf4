import type { VoteAsker } from '@souk/network'
import { type CourtId, type Hex, isCourtSigned } from '@souk/protocol'

/** Peers remembered that asked about one dispute with its challenger's plea, and as many that asked without. */
const MOST_ASKERS = 8

/** Who asked about one dispute, and so should have its data: those that its challenger named, and others. */
export class Askers {
  readonly #court: CourtId
  readonly #subject: Hex
  readonly #challenger: Hex
  readonly #pleaded = new Set<string>()
  readonly #others = new Set<string>()

  /** `challenger` is the key that signs for the side which brought the dispute. */
  constructor(court: CourtId, subject: Hex, challenger: Hex) {
    this.#court = court
    this.#subject = subject
    this.#challenger = challenger
  }

  /** Notes who asks; nobody without a plea takes the place of one with it. */
  note({ peerId, plea }: VoteAsker): void {
    if (this.#pleaded.has(peerId)) return
    const message = { subject: this.#subject, peerId }
    const isPlea = plea !== null && isCourtSigned(this.#court, 'Plea', message, plea, this.#challenger)
    if (isPlea) this.#others.delete(peerId)
    const known = isPlea ? this.#pleaded : this.#others
    known.delete(peerId)
    known.add(peerId)
    const [oldest] = known
    if (known.size > MOST_ASKERS && oldest !== undefined) known.delete(oldest)
  }

  /** Returns the peers to fetch from, those with a plea first, of each kind the newest first. */
  list(): string[] {
    return [...[...this.#pleaded].toReversed(), ...[...this.#others].toReversed()]
  }

  /** Tells whether the challenger said that this peer serves the data. */
  hasPleaded(peerId: string): boolean {
    return this.#pleaded.has(peerId)
  }
}
