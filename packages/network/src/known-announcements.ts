import type { Announcement } from '@souk/protocol'
import { BOUNDS } from './bounds.ts'
import { MAX_TTL_SECONDS } from './offer-topics.ts'

/** The newest announcement of one peer. */
export interface KnownAnnouncement {
  readonly announcement: Announcement
  readonly sealed: Uint8Array
  /** Unix seconds of our clock until which it is remembered. */
  readonly until: number
}

/** The newest announcement of each peer, so that older ones are told apart; bounded, the oldest go first. */
export interface KnownAnnouncements {
  get(peerId: string, nowSeconds: number): KnownAnnouncement | undefined
  set(peerId: string, announcement: Announcement, sealed: Uint8Array, nowSeconds: number): void
  /** Returns the offers that are valid now, by peer. */
  offers(nowSeconds: number): [string, KnownAnnouncement][]
}

/** Makes an empty memory of at most `max` peers. */
export function makeKnownAnnouncements(max: number = BOUNDS.knownAnnouncements): KnownAnnouncements {
  const byPeer = new Map<string, KnownAnnouncement>()
  return {
    get(peerId, nowSeconds) {
      const known = byPeer.get(peerId)
      if (known !== undefined && known.until <= nowSeconds) byPeer.delete(peerId)
      return known !== undefined && known.until > nowSeconds ? known : undefined
    },
    set(peerId, announcement, sealed, nowSeconds) {
      byPeer.delete(peerId)
      byPeer.set(peerId, { announcement, sealed, until: rememberUntil(announcement, nowSeconds) })
      const oldest = byPeer.keys().next().value
      if (byPeer.size > max && oldest !== undefined) byPeer.delete(oldest)
    },
    offers(nowSeconds) {
      return [...byPeer].filter(
        ([, known]) => known.announcement.kind === 'offer' && known.announcement.expires > nowSeconds,
      )
    },
  }
}

/** A withdrawn offer could come back as long as any announcement lives. */
function rememberUntil(announcement: Announcement, nowSeconds: number): number {
  return announcement.kind === 'offer' ? announcement.expires : nowSeconds + 2 * MAX_TTL_SECONDS
}
