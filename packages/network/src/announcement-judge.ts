import type { Announcement } from '@souk/protocol'
import { type KnownAnnouncements, makeKnownAnnouncements } from './known-announcements.ts'
import type { SoukNode } from './node.ts'
import { makeBindingCache, type Validation, validateAnnouncement } from './validate-announcement.ts'

/** How an announcement was found: heard by gossip, fetched from the provider that the DHT named, or given by a directory. */
export type Via = 'gossip' | 'dht' | 'directory'

/** A valid announcement that is newer than what was known of its peer. */
export interface FoundAnnouncement {
  readonly peerId: string
  readonly announcement: Announcement
  /** The signed bytes, to be passed on to others. */
  readonly sealed: Uint8Array
  readonly via: Via
}

/** The one gate that announcements of every way pass. */
export interface AnnouncementJudge {
  readonly known: KnownAnnouncements
  /** Judges sealed bytes and hands out what is new; `expectedPeer` where one peer was asked for its own. */
  judge(sealed: Uint8Array, via: Via, expectedPeer?: string): Promise<Validation>
}

/** Makes the gate; `onAnnouncement` is called once for each announcement that is valid and new. */
export function makeJudge(
  node: SoukNode,
  onAnnouncement: (found: FoundAnnouncement) => void,
): AnnouncementJudge {
  const known = makeKnownAnnouncements()
  const bindings = makeBindingCache()
  return {
    known,
    async judge(bytes, via, expectedPeer) {
      const nowSeconds = Date.now() / 1_000
      const result = await validateAnnouncement(bytes, {
        network: node.network,
        nowSeconds,
        known: (peerId) => known.get(peerId, nowSeconds),
        bindings,
        ...(expectedPeer !== undefined && { expectedPeer }),
      })
      if (result.verdict !== 'accept' || result.repeated || result.peerId === node.peerId) return result
      const { peerId, announcement } = result
      // Another way may have brought a newer one while the signatures were checked.
      if ((known.get(peerId, nowSeconds)?.announcement.seq ?? -1) >= announcement.seq) return result
      // A copy: the bytes are a window on a larger message that would otherwise stay in memory.
      const sealed = bytes.slice()
      known.set(peerId, announcement, sealed, nowSeconds)
      onAnnouncement({ peerId, announcement, sealed, via })
      return result
    },
  }
}
