import { bondOf } from '@souk/market'
import type { FoundAnnouncement } from '@souk/network'
import type { Offer } from '@souk/protocol'

/** Peers remembered at most: more than a bucket ever holds. */
const MOST_PEERS = 2_048

/** The competitors whose offers the chain confirms: their number sets how often everyone announces (PROTOCOL §5). */
export class BondedPeers {
  readonly #lockable: (offer: Offer) => Promise<bigint>
  readonly #nowSeconds: () => number
  /** Unix seconds until which the newest confirmed offer of a peer is valid. */
  readonly #until = new Map<string, number>()

  constructor(options: { lockable: (offer: Offer) => Promise<bigint>; nowSeconds: () => number }) {
    this.#lockable = options.lockable
    this.#nowSeconds = options.nowSeconds
  }

  /** Takes in what a peer announced; asks the chain about an offer, and tells whether it confirms it. */
  async note({ peerId, announcement }: Pick<FoundAnnouncement, 'peerId' | 'announcement'>): Promise<boolean> {
    this.#until.delete(peerId)
    if (announcement.kind === 'tombstone') return false
    const lockable = await this.#lockable(announcement).catch(() => 0n)
    if (lockable < bondOf(announcement)) return false
    this.#until.set(peerId, announcement.expires)
    const oldest = this.#until.keys().next().value
    if (this.#until.size > MOST_PEERS && oldest !== undefined) this.#until.delete(oldest)
    return true
  }

  /** Returns the peers with a confirmed offer that is valid now. */
  list(): string[] {
    const now = this.#nowSeconds()
    return [...this.#until].flatMap(([peerId, until]) => (until > now ? [peerId] : []))
  }
}
