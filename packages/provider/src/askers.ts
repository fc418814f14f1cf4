import type { VoteAsker } from '@souk/network'
import { type CourtId, type Hex, isCourtSigned } from '@souk/protocol'

/** Peers remembered that asked about one dispute with its challenger's plea, with the accused's, and without. */
const MOST_ASKERS = 8

/** Who asked about one dispute, and so should have its data: those that its sides named, and others. */
export class Askers {
  readonly #court: CourtId
  readonly #subject: Hex
  /** Peers by the key that named them: the challenger's, and the accused's. */
  readonly #pleaded: ReadonlyMap<Hex, Set<string>>
  readonly #challenger: Hex
  readonly #others = new Set<string>()

  /** `challenger` is the key that signs for the side which brought the dispute, `accused` that of the other. */
  constructor(court: CourtId, subject: Hex, challenger: Hex, accused: Hex) {
    this.#court = court
    this.#subject = subject
    this.#challenger = challenger
    this.#pleaded = new Map([challenger, accused].map((key) => [key, new Set()]))
  }

  /** Notes who asks; nobody without a plea takes the place of one with it, nor one side that of the other. */
  note({ peerId, plea }: VoteAsker): void {
    const message = { subject: this.#subject, peerId }
    for (const [key, named] of this.#pleaded) {
      if (named.has(peerId)) return
      if (plea === null || !isCourtSigned(this.#court, 'Plea', message, plea, key)) continue
      this.#others.delete(peerId)
      remember(named, peerId)
      return
    }
    remember(this.#others, peerId)
  }

  /** Returns the peers to fetch from: those of the challenger, of the accused, and others, of each the newest first. */
  list(): string[] {
    return [...new Set([...this.#pleaded.values(), this.#others].flatMap((some) => [...some].toReversed()))]
  }

  /** Tells whether the challenger said that this peer serves the data; what the accused says binds nobody. */
  isChallengers(peerId: string): boolean {
    return this.#pleaded.get(this.#challenger)?.has(peerId) === true
  }
}

function remember(some: Set<string>, peerId: string): void {
  some.delete(peerId)
  some.add(peerId)
  const [oldest] = some
  if (some.size > MOST_ASKERS && oldest !== undefined) some.delete(oldest)
}
