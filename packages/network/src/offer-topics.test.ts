import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heardBuckets, ownBuckets } from './offer-buckets.ts'
import {
  ANNOUNCE_SECONDS,
  allTopics,
  announceInterval,
  announcementTtl,
  bucketCount,
  bucketOf,
  MAX_BUCKETS,
  MAX_TTL_SECONDS,
  OFFERS_PER_BUCKET,
  offerTopic,
} from './offer-topics.ts'
import { testNetwork } from './testing/market.ts'

const count = fc.nat(10_000_000)
const peerId = fc.string({ minLength: 1, maxLength: 60 })
const buckets = fc.nat(Math.log2(MAX_BUCKETS)).map((power) => 2 ** power)

describe('buckets', () => {
  it('hold between half and all of 256 offers, as long as there may be more of them', () => {
    fc.assert(
      fc.property(count, (n) => {
        const perBucket = n / bucketCount(n)
        if (bucketCount(n) < MAX_BUCKETS) expect(perBucket).toBeLessThanOrEqual(OFFERS_PER_BUCKET)
        if (bucketCount(n) > 1) expect(perBucket).toBeGreaterThan(OFFERS_PER_BUCKET / 2)
      }),
    )
  })

  it('never get fewer by one offer more', () => {
    fc.assert(
      fc.property(count, (n) => {
        expect(bucketCount(n + 1)).toBeGreaterThanOrEqual(bucketCount(n))
      }),
    )
  })

  it('split in two when their number doubles', () => {
    fc.assert(
      fc.property(peerId, buckets, (peer, many) => {
        expect(bucketOf(peer, many * 2) % many).toBe(bucketOf(peer, many))
        expect(bucketOf(peer, many)).toBeLessThan(many)
      }),
    )
  })

  it('spread peers evenly', () => {
    const sizes = new Map<number, number>()
    for (let i = 0; i < 8_000; i += 1) {
      const bucket = bucketOf(`peer ${i}`, 8)
      sizes.set(bucket, (sizes.get(bucket) ?? 0) + 1)
    }
    expect([...sizes.values()].every((size) => size > 850 && size < 1_150)).toBe(true)
  })

  it('are heard one by a seller and at most four by a buyer, its own among them', () => {
    fc.assert(
      fc.property(peerId, count, (peer, n) => {
        const buckets = bucketCount(n)
        const own = ownBuckets(peer, ['cpu'], buckets)
        expect(heardBuckets(peer, { publish: ['cpu'], hear: ['cpu'] }, buckets)).toEqual(own)
        const heard = heardBuckets(peer, { publish: [], hear: ['cpu'] }, buckets)
        expect(heard).toHaveLength(Math.min(4, buckets))
        expect(heard).toContainEqual(own[0])
        expect(new Set(heard.map(({ bucket }) => bucket)).size).toBe(heard.length)
      }),
    )
  })

  it('have topics that the node allows', () => {
    const network = testNetwork()
    const allowed = new Set(allTopics(network))
    fc.assert(
      fc.property(peerId, count, (peer, n) => {
        expect(allowed).toContain(offerTopic(network, 'gpu/amd', bucketOf(peer, bucketCount(n))))
      }),
    )
  })
})

describe('intervals', () => {
  it('grow with the market from 30 s to 15 min and never shrink', () => {
    fc.assert(
      fc.property(count, (n) => {
        expect(announceInterval(n)).toBeGreaterThanOrEqual(ANNOUNCE_SECONDS.min)
        expect(announceInterval(n)).toBeLessThanOrEqual(ANNOUNCE_SECONDS.max)
        expect(announceInterval(n + 1)).toBeGreaterThanOrEqual(announceInterval(n))
      }),
    )
    expect([0, 90, 300, 2_700, 1e6].map(announceInterval)).toEqual([30, 30, 100, 900, 900])
  })

  it('give an offer the life of three announcements', () => {
    fc.assert(
      fc.property(count, (n) => {
        expect(announcementTtl(n)).toBe(3 * announceInterval(n))
        expect(announcementTtl(n)).toBeLessThanOrEqual(MAX_TTL_SECONDS)
      }),
    )
  })
})
