import type { NetworkId } from '@souk/protocol'
import type { CID } from 'multiformats/cid'
import { bucketOf, type OfferClass, offerTopic, rendezvousKey } from './offer-topics.ts'

/** Buckets of a class that a buyer hears at most (PROTOCOL §5). */
const HEARD_BUCKETS = 4

/** One bucket of one class. */
export interface Bucket {
  readonly offerClass: OfferClass
  readonly bucket: number
}

/** Returns the buckets in which a peer announces itself where each class has `buckets`. */
export function ownBuckets(peerId: string, classes: readonly OfferClass[], buckets: number): Bucket[] {
  const bucket = bucketOf(peerId, buckets)
  return classes.map((offerClass) => ({ offerClass, bucket }))
}

/**
 * Returns the buckets a peer hears: a seller its own, to pass offers on; a buyer up to four, so that its share of
 * the gossip stays the same however large the market is.
 */
export function heardBuckets(
  peerId: string,
  { publish, hear }: { publish: readonly OfferClass[]; hear: readonly OfferClass[] },
  buckets: number,
): Bucket[] {
  const first = bucketOf(peerId, buckets)
  const width = publish.length > 0 ? 1 : Math.min(HEARD_BUCKETS, buckets)
  return hear.flatMap((offerClass) =>
    Array.from({ length: width }, (_, i) => ({ offerClass, bucket: (first + i) % buckets })),
  )
}

/** Returns the gossip topics of buckets, each once. */
export function topicsOf(network: NetworkId, buckets: readonly Bucket[]): string[] {
  return [...new Set(buckets.map(({ offerClass, bucket }) => offerTopic(network, offerClass, bucket)))]
}

/** Returns the rendezvous keys of buckets. */
export function keysOf(network: NetworkId, buckets: readonly Bucket[]): CID[] {
  return buckets.map(({ offerClass, bucket }) => rendezvousKey(network, offerClass, bucket))
}
