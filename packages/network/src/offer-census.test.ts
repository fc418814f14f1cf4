import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Census, FIRST_CENSUS, takeCensus } from './offer-census.ts'
import { bucketCount, bucketOf, OFFERS_PER_BUCKET } from './offer-topics.ts'

const peers = (count: number) => Array.from({ length: count }, (_, i) => `peer-${i}`)
const ownBucket = (self: string) => (buckets: number) => [bucketOf(self, buckets)]

/** Lets a seller hear only its own bucket, count, move, and hear again, until nothing changes. */
function settle(size: number, self: string): Census {
  let census = FIRST_CENSUS
  for (let round = 0; round < 24; round++) {
    const { buckets } = census
    const audible = peers(size).filter((peer) => bucketOf(peer, buckets) === bucketOf(self, buckets))
    const next = takeCensus(census, audible, ownBucket(self))
    if (next.buckets === census.buckets) return next
    census = next
  }
  throw new Error('the number of buckets swings')
}

describe('the census', () => {
  test('comes to rest, near the number of buckets that the whole market has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000 }),
        fc.string({ minLength: 1, maxLength: 8 }),
        (size, self) => {
          const { buckets, perBucket } = settle(size, self)
          expect(perBucket).toBeLessThanOrEqual(OFFERS_PER_BUCKET)
          expect(buckets).toBeGreaterThanOrEqual(bucketCount(size) / 2)
          expect(buckets).toBeLessThanOrEqual(bucketCount(size) * 2)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('shrinks again, one step at a time, when offers go', () => {
    const large = settle(3_000, 'self')
    const small = takeCensus(large, peers(10), ownBucket('self'))
    expect(small.buckets).toBe(large.buckets / 2)
  })

  test('counts no offer of a bucket that is not heard', () => {
    const previous = { buckets: 4, perBucket: 100 }
    const all = peers(1_000)
    const inside = all.filter((peer) => bucketOf(peer, 4) === 2).length
    expect(takeCensus(previous, all, () => [2])).toEqual({ buckets: 4, perBucket: inside })
  })
})
