import type { Demand } from '@souk/protocol'
import { type AnnouncementJudge, type FoundAnnouncement, makeJudge } from './announcement-judge.ts'
import { BOUNDS } from './bounds.ts'
import { gather } from './gather.ts'
import { joinDirectory } from './join-directory.ts'
import { keepAnnouncing } from './keep-announcing.ts'
import { isFresh, keepLooking } from './keep-looking.ts'
import type { SoukNode } from './node.ts'
import { heardBuckets, keysOf, ownBuckets, topicsOf } from './offer-buckets.ts'
import { FIRST_CENSUS, takeCensus } from './offer-census.ts'
import { type DirectoryFilter, isWanted, serveDirectory } from './offer-directory.ts'
import { serveOffer } from './offer-fetch.ts'
import { startOfferGossip } from './offer-gossip.ts'
import { makeOfferSearch } from './offer-search.ts'
import type { OfferClass } from './offer-topics.ts'
import { makeVoice } from './offer-voice.ts'
import { startRendezvous } from './rendezvous.ts'

/** What a node tells and wants to hear. */
export interface OfferExchangeOptions {
  /** Classes in which our own offer is announced; empty for a buyer. */
  readonly publish: readonly OfferClass[]
  /** Classes whose offers are wanted. A seller hears and passes on its own bucket, a buyer up to four. */
  readonly hear: readonly OfferClass[]
  /**
   * Absent for a buyer. Returns our offer, sealed with a new sequence number and an expiry `ttlSeconds` from now, or null while
   * there is nothing to sell. Called for every announcement.
   */
  current?(ttlSeconds: number): Uint8Array | null | Promise<Uint8Array | null>
  /** Returns sealed offers for a newcomer; default: what this exchange knows, by class. Our own is added. */
  snapshot?(filter: DirectoryFilter, limit: number): Uint8Array[]
  /** Takes each announcement that is valid and newer than what was known of its peer. */
  onAnnouncement(found: FoundAnnouncement): void
  /**
   * Returns the peers whose offers the chain has confirmed: their number sets intervals and buckets, so that fake
   * offers do not slow the honest. Default: everyone known.
   */
  bonded?(): readonly string[]
  /** What a directory is asked for; default: everything of the heard classes. */
  readonly demand?: Demand
  /** Ways of telling and finding, each on unless false. */
  readonly gossip?: boolean
  readonly directory?: boolean
  readonly dht?: boolean
  /** Takes failures of our own announcements, such as an offer that is too large; default: dropped. */
  onError?(error: unknown): void
}

/** A running offer exchange. */
export interface OfferExchange {
  /** Announces our offer within `announceGatherMs`, because it changed; changes until then go together. */
  announce(): Promise<void>
  /** Looks into the DHT now and fetches every offer that is not fresh; returns when the look is over. */
  look(): Promise<void>
  /** Withdraws our offer with a tombstone and stops; the node goes on. */
  stop(): Promise<void>
}

/**
 * Starts telling and hearing offers: gossip in buckets, provider records in the DHT with the offer fetched from
 * the provider, and a directory snapshot on joining (PROTOCOL §5).
 */
export async function startOfferExchange(
  node: SoukNode,
  options: OfferExchangeOptions,
): Promise<OfferExchange> {
  const life = new AbortController()
  node.signal.addEventListener('abort', () => life.abort(), { once: true })
  const judge = makeJudge(node, options.onAnnouncement)
  let census = FIRST_CENSUS
  const bucketsOf = (buckets: number) => [
    ...ownBuckets(node.peerId, options.publish, buckets),
    ...heardBuckets(node.peerId, options, buckets),
  ]
  const known = () => judge.known.offers(Date.now() / 1_000).map(([peerId]) => peerId)
  const count = () => census.perBucket
  const recount = () => {
    const peers = options.bonded?.() ?? known()
    census = takeCensus(census, peers, (buckets) => bucketsOf(buckets).map(({ bucket }) => bucket))
  }
  const rendezvous = startRendezvous(node)
  life.signal.addEventListener('abort', () => void rendezvous.stop(), { once: true })
  const gossip = options.gossip === false ? undefined : startOfferGossip(node, judge)
  const own = () => ownBuckets(node.peerId, options.publish, census.buckets)
  const heard = () => heardBuckets(node.peerId, options, census.buckets)

  const voice = makeVoice(node, {
    current: (ttlSeconds) => options.current?.(ttlSeconds) ?? null,
    count,
    async publish(sealed, kind) {
      if (options.dht !== false) rendezvous.provide(kind === 'offer' ? keysOf(node.network, own()) : [])
      await gossip?.publish(topicsOf(node.network, own()), sealed)
    },
  })
  const search = makeOfferSearch(node, judge)
  const look = () => {
    const topics = topicsOf(node.network, heard())
    const scope = { isFresh: isFresh(node, judge, { gossip, topics, count: count() }), signal: life.signal }
    return search.look(keysOf(node.network, heard()), scope)
  }
  const stopServing = await Promise.all([
    serveOffer(node, voice.own),
    serveDirectory(node, (filter, limit) => snapshot(options, judge, voice.last(), filter, limit)),
  ])
  void keepAnnouncing(voice, {
    gossip,
    count,
    topics: () => topicsOf(node.network, own()),
    hear() {
      recount()
      gossip?.hear(topicsOf(node.network, [...own(), ...heard()]))
    },
    onError: options.onError ?? (() => undefined),
    signal: life.signal,
  })
  if (options.hear.length > 0) {
    const filter = { classes: [...options.hear], demand: options.demand ?? null }
    if (options.directory !== false) joinDirectory(node, judge, filter, life.signal)
    if (options.dht !== false) void keepLooking(look, count, life.signal)
  }
  return {
    announce: gather(voice.announce, BOUNDS.announceGatherMs, life.signal),
    look,
    async stop() {
      if (life.signal.aborted) return
      life.abort()
      await voice.withdraw()
      await Promise.all([rendezvous.stop(), ...stopServing.map((stop) => stop())])
      gossip?.stop()
    },
  }
}

/** Returns our own offer and those the index or this exchange knows. */
function snapshot(
  options: OfferExchangeOptions,
  judge: AnnouncementJudge,
  own: Uint8Array | null,
  filter: DirectoryFilter,
  limit: number,
): Uint8Array[] {
  const others = options.snapshot?.(filter, limit) ?? knownOffers(judge, filter)
  return [...(own === null ? [] : [own]), ...others].slice(0, limit)
}

function knownOffers({ known }: AnnouncementJudge, filter: DirectoryFilter): Uint8Array[] {
  return known.offers(Date.now() / 1_000).flatMap(([, { announcement, sealed }]) => {
    return announcement.kind === 'offer' && isWanted(announcement, filter) ? [sealed] : []
  })
}
