import type { Whereabouts } from '@souk/engine'
import type { FoundAnnouncement } from '@souk/network'
import type { Hex } from '@souk/protocol'
import type { EscrowEvent } from '@souk/settlement'

/** Keys whose addresses are remembered; more than a bucket holds. */
const MOST_SUBJECTS = 2_048
/** Open leases followed; what is forgotten is still watched while its offers come. */
const MOST_LEASES = 16_384

interface Advertised {
  /** Unix seconds until which its newest offer is valid. */
  readonly until: number
  readonly isSelling: boolean
}

/**
 * The provider processes that have bonds at stake: those that advertise with a confirmed balance, and those with open
 * leases, whether or not they still advertise (docs/PROTOCOL.md §12).
 */
export class Subjects {
  readonly #nowSeconds: () => number
  readonly #known = new Map<Hex, Whereabouts & Advertised>()
  /** Key by lease. */
  readonly #leases = new Map<Hex, Hex>()

  constructor(nowSeconds: () => number) {
    this.#nowSeconds = nowSeconds
  }

  /** Takes in a confirmed offer. */
  announced({ peerId, announcement }: Pick<FoundAnnouncement, 'peerId' | 'announcement'>): void {
    if (announcement.kind === 'tombstone') return
    const { subject, addresses, expires, runtimes } = announcement
    const known = { peerId, addresses, until: expires, isSelling: runtimes.length > 0 }
    keep(this.#known, subject, known, MOST_SUBJECTS)
  }

  /** Takes in what the escrow said; `isGone` for an event that a reorganisation took back. */
  happened(event: EscrowEvent, isGone = false): void {
    const isOpening = (event.kind === 'opened') !== isGone
    if (event.kind === 'opened' && isOpening && event.quote.bond > 0n) {
      keep(this.#leases, event.lease, event.quote.resultSigner, MOST_LEASES)
    } else if (event.kind === 'opened' || (event.kind === 'closed' && !isGone)) {
      this.#leases.delete(event.lease)
    }
  }

  /** Returns where the subjects of now can be reached; who sells nothing has nothing at stake. */
  list(): ReadonlyMap<Hex, Whereabouts> {
    const now = this.#nowSeconds()
    const leased = new Set(this.#leases.values())
    const isSubject = (key: Hex, { until, isSelling }: Advertised) =>
      (isSelling && until > now) || leased.has(key)
    return new Map([...this.#known].filter(([key, one]) => isSubject(key, one)))
  }

  /** Returns where a key was last known to be. */
  find(key: Hex): Whereabouts | undefined {
    return this.#known.get(key)
  }
}

function keep<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
