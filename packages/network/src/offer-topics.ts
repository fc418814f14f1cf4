import { type NetworkId, networkPath, type Offer, sha256, utf8 } from '@souk/protocol'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'

const RAW = 0x55
const SHA2_256 = 0x12

/** Offers that one bucket holds on average before the number of buckets doubles (PROTOCOL §5). */
export const OFFERS_PER_BUCKET = 256
/** Buckets of one class at most: beyond 262,144 offers buckets get fuller instead, at 15 minutes a message. */
export const MAX_BUCKETS = 1_024
/** Seconds between two announcements of an unchanged offer, at least and at most. */
export const ANNOUNCE_SECONDS = { min: 30, max: 900 } as const
/** Intervals that an announcement stays valid. */
export const TTL_INTERVALS = 3
/** Seconds of validity that any announcement may claim. */
export const MAX_TTL_SECONDS = TTL_INTERVALS * ANNOUNCE_SECONDS.max

/** Coarse capability classes, the first part of topics and rendezvous keys. */
export const OFFER_CLASSES = ['cpu', 'gpu/nvidia', 'gpu/amd', 'gpu/apple', 'gpu/software'] as const
export type OfferClass = (typeof OFFER_CLASSES)[number]

/** Returns the classes an offer belongs to by its free capacity. */
export function classesOf(offer: Offer): OfferClass[] {
  const families = new Set(offer.free.gpus.map((gpu) => gpu.family))
  return ['cpu', ...[...families].map((family) => `gpu/${family}` as const)]
}

/** Returns how many buckets a class of `count` offers has: the least power of two that leaves ≤ 256 in each. */
export function bucketCount(count: number): number {
  let buckets = 1
  while (buckets * OFFERS_PER_BUCKET < count && buckets < MAX_BUCKETS) buckets *= 2
  return buckets
}

/** Returns the bucket of a peer among `buckets`, a power of two; doubling them splits each in two. */
export function bucketOf(peerId: string, buckets: number): number {
  const digest = sha256(utf8(peerId))
  const word = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  return word % buckets
}

/** Returns the seconds between announcements among `bondedCount` bonded offers: n/3, from 30 s to 15 min. */
export function announceInterval(bondedCount: number): number {
  return Math.min(ANNOUNCE_SECONDS.max, Math.max(ANNOUNCE_SECONDS.min, Math.ceil(bondedCount / 3)))
}

/** Returns the seconds an announcement is valid among `bondedCount` bonded offers: three intervals. */
export function announcementTtl(bondedCount: number): number {
  return TTL_INTERVALS * announceInterval(bondedCount)
}

/** Returns the gossip topic of one bucket (PROTOCOL §5). */
export function offerTopic(network: NetworkId, offerClass: OfferClass, bucket: number): string {
  return `/souk/${networkPath(network)}/offers/${offerClass}/${bucket}`
}

/** Returns every topic that can exist on this network; a peer speaks about nothing else. */
export function allTopics(network: NetworkId): string[] {
  const buckets = Array.from({ length: MAX_BUCKETS }, (_, bucket) => bucket)
  return OFFER_CLASSES.flatMap((name) => buckets.map((bucket) => offerTopic(network, name, bucket)))
}

/** Returns the rendezvous key of one bucket in the DHT: a CID that stands for no content (PROTOCOL §5). */
export function rendezvousKey(network: NetworkId, offerClass: OfferClass, bucket: number): CID {
  const name = `souk rendezvous ${networkPath(network)} ${offerClass} ${bucket}`
  return CID.createV1(RAW, createDigest(SHA2_256, sha256(utf8(name))))
}
