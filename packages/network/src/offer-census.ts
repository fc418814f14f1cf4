import { bucketOf, MAX_BUCKETS, OFFERS_PER_BUCKET } from './offer-topics.ts'

/** How large a peer takes its class to be, from the part of it that it hears. */
export interface Census {
  /** Buckets of a class, a power of two. */
  readonly buckets: number
  /** Bonded offers of one bucket, on average over those heard; rounded up. */
  readonly perBucket: number
}

/** Nothing heard yet: one bucket. */
export const FIRST_CENSUS: Census = { buckets: 1, perBucket: 0 }

/** A bucket is given up only when it is this much emptier than full, so that the number does not swing. */
const SLACK = 4

/**
 * Counts again from the ids of the peers behind bonded offers.
 *
 * Only those of the buckets heard are counted, for a peer hears next to nothing of the others: their number, times
 * the number of buckets, is the size of the market. `heard` gives the buckets heard out of a number of them.
 */
export function takeCensus(
  previous: Census,
  peers: readonly string[],
  heard: (buckets: number) => readonly number[],
): Census {
  const count = (buckets: number): Census => {
    const mine = new Set(heard(buckets))
    const inside = peers.filter((peer) => mine.has(bucketOf(peer, buckets))).length
    return { buckets, perBucket: Math.ceil(inside / Math.max(1, mine.size)) }
  }
  let census = count(previous.buckets)
  while (census.perBucket > OFFERS_PER_BUCKET && census.buckets < MAX_BUCKETS)
    census = count(census.buckets * 2)
  if (
    census.buckets > 1 &&
    census.perBucket * SLACK < OFFERS_PER_BUCKET &&
    census.buckets === previous.buckets
  ) {
    return count(census.buckets / 2)
  }
  return census
}
