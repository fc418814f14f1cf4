import type { AnnouncementJudge } from './announcement-judge.ts'
import { pause } from './deadline.ts'
import type { SoukNode } from './node.ts'
import type { OfferGossip } from './offer-gossip.ts'
import { announceInterval } from './offer-topics.ts'

/** Milliseconds between the first two looks; the wait doubles up to the announce interval. */
const FIRST_LOOK_MS = 250
/** Listeners of a topic from which on gossip has a mesh to live in. */
const MESH_PEERS = 6

/**
 * Looks into the DHT until the signal aborts: often at first, when nothing is known yet and records are still
 * being placed, then with jitter once per announce interval.
 */
export async function keepLooking(
  look: () => Promise<void>,
  count: () => number,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = FIRST_LOOK_MS; !signal.aborted; waitMs *= 2) {
    await look()
    waitMs = Math.min(waitMs, announceInterval(count()) * 1_000)
    await pause(waitMs * (0.8 + Math.random() * 0.4), signal)
  }
}

/**
 * Returns the test that spares a provider a fetch: its offer is known and not about to expire.
 *
 * Without gossip offers are renewed every interval. With gossip they are fetched after two announcements were
 * missed; and while a topic has too few listeners for a mesh, from everyone we are not connected to, because the
 * fetch makes the connection that the mesh lacks.
 */
export function isFresh(
  node: SoukNode,
  { known }: AnnouncementJudge,
  { gossip, topics, count }: { gossip: OfferGossip | undefined; topics: readonly string[]; count: number },
): (peerId: string) => boolean {
  const nowSeconds = Date.now() / 1_000
  const isMeshed = gossip === undefined || topics.every((topic) => gossip.listeners(topic) >= MESH_PEERS)
  const connected = new Set(isMeshed ? [] : node.peers())
  const intervals = gossip === undefined ? 2 : 1
  return (peerId) => {
    const announcement = known.get(peerId, nowSeconds)?.announcement
    if (announcement?.kind !== 'offer') return false
    const remaining = announcement.expires - nowSeconds
    return remaining > intervals * announceInterval(count) && (isMeshed || connected.has(peerId))
  }
}
