import type { CID } from 'multiformats/cid'
import type { AnnouncementJudge } from './announcement-judge.ts'
import { BOUNDS } from './bounds.ts'
import type { SoukNode } from './node.ts'
import { fetchOffer } from './offer-fetch.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'
import { findProviders } from './rendezvous.ts'

/** Milliseconds before a provider that did not answer is asked again: its record outlives it by hours. */
const RETRY_MS = 60_000

/** What a search needs to know of the exchange. */
export interface SearchScope {
  /** Tells whether a provider's offer is known and fresh enough, so that it is not asked. */
  isFresh(peerId: string): boolean
  readonly signal: AbortSignal
}

/** Looks for offers through the DHT. */
export interface OfferSearch {
  /** Looks once at every key and fetches the offers that are not fresh; never throws. */
  look(keys: readonly CID[], scope: SearchScope): Promise<void>
}

/** Makes a search; it remembers who did not answer, so that dead records cost one attempt a minute. */
export function makeOfferSearch(node: SoukNode, { judge }: AnnouncementJudge): OfferSearch {
  const silentUntil = new Map<string, number>()

  async function fetchOne(target: PeerTarget, signal: AbortSignal): Promise<void> {
    const peerId = targetPeerId(target)
    try {
      const sealed = await fetchOffer(node, target, signal)
      silentUntil.delete(peerId)
      if (sealed !== null) await judge(sealed, 'dht', peerId)
    } catch {
      // Gone, or never there: a record in the DHT is only a hint.
      remember(silentUntil, peerId)
    }
  }

  async function lookAt(key: CID, { isFresh, signal }: SearchScope): Promise<void> {
    const running = new Set<Promise<void>>()
    for await (const provider of findProviders(node, key, signal)) {
      if (isFresh(provider.peerId) || (silentUntil.get(provider.peerId) ?? 0) > Date.now()) continue
      if (running.size >= BOUNDS.parallelFetches) await Promise.race(running)
      const fetching: Promise<void> = fetchOne(provider, signal).finally(() => running.delete(fetching))
      running.add(fetching)
    }
    await Promise.all(running)
  }

  return {
    async look(keys, scope) {
      await Promise.all(keys.map((key) => lookAt(key, scope)))
    },
  }
}

function remember(silentUntil: Map<string, number>, peerId: string): void {
  silentUntil.delete(peerId)
  silentUntil.set(peerId, Date.now() + RETRY_MS)
  const oldest = silentUntil.keys().next().value
  if (silentUntil.size > BOUNDS.knownAnnouncements && oldest !== undefined) silentUntil.delete(oldest)
}
