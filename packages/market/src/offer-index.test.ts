import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entry as arbitraryEntry } from './arbitraries.fixture.ts'
import type { OfferEntry } from './offer-entry.ts'
import { createOfferIndex, OFFER_INDEX_BOUNDS } from './offer-index.ts'

const [base] = fc.sample(arbitraryEntry, { numRuns: 1, seed: 1 })

function entry(
  peerId: string,
  seq: number,
  changes: Partial<OfferEntry & OfferEntry['offer']> = {},
): OfferEntry {
  if (base === undefined) throw new Error('one sample')
  const { via = 'gossip', bonded = false, addressRange = null, receivedAtSeconds = 1, ...rest } = changes
  const offer = { ...base.offer, account: '0x0a' as const, expires: 100, ...rest, seq }
  return { peerId, via, bonded, addressRange, receivedAtSeconds, offer }
}

describe('an offer index', () => {
  test('keeps the newest offer of a peer, and how the peer was first heard of', () => {
    const index = createOfferIndex()
    expect(index.put(entry('a', 5, { via: 'dht' }))).toBe('added')
    expect(index.put(entry('a', 5))).toBe('stale')
    expect(index.put(entry('a', 4))).toBe('stale')
    expect(index.put(entry('a', 6))).toBe('replaced')
    expect(index.get('a')).toMatchObject({ via: 'dht', offer: { seq: 6 } })
    expect(index.size).toBe(1)
  })

  test('takes no offer whose time is over, and drops those whose time comes', () => {
    const index = createOfferIndex()
    expect(index.put(entry('a', 1, { expires: 10, receivedAtSeconds: 10 }))).toBe('stale')
    index.put(entry('a', 1, { expires: 10 }))
    index.put(entry('b', 1, { expires: 11 }))
    expect(index.expire(10).map((each) => each.peerId)).toEqual(['a'])
    expect(index.all().map((each) => each.peerId)).toEqual(['b'])
  })

  test('does not take a withdrawn offer back', () => {
    const index = createOfferIndex()
    index.put(entry('a', 5))
    expect(index.withdraw('a', 4)).toBe(false)
    expect(index.withdraw('a', 5)).toBe(true)
    expect(index.put(entry('a', 5))).toBe('stale')
    expect(index.withdraw('unheard', 7)).toBe(false)
    expect(index.put(entry('unheard', 6))).toBe('stale')
    expect(index.put(entry('a', 6))).toBe('added')
  })

  test('keeps a bond only for the same seller', () => {
    const index = createOfferIndex()
    index.put(entry('a', 1))
    index.setBonded('a', true)
    index.setBonded('unknown', true)
    index.put(entry('a', 2))
    expect(index.get('a')?.bonded).toBe(true)
    index.put(entry('a', 3, { account: '0x0b' }))
    expect(index.get('a')?.bonded).toBe(false)
  })

  test.each([
    ['account', { total: 9, perAccount: 2, perAddressRange: 9 }, {}],
    ['address range', { total: 9, perAccount: 9, perAddressRange: 2 }, { addressRange: '10.0.0' }],
    ['index', { total: 2, perAccount: 9, perAddressRange: 9 }, {}],
  ])('full %s: the oldest unbonded offer goes, a bonded one never', (_, bounds, changes) => {
    const index = createOfferIndex(bounds)
    index.put(entry('bonded', 1, { ...changes, bonded: true }))
    index.put(entry('old', 1, changes))
    expect(index.put(entry('new', 1, changes))).toBe('added')
    expect(index.all().map((each) => each.peerId)).toEqual(['bonded', 'new'])
    index.setBonded('new', true)
    expect(index.put(entry('late', 1, { ...changes, bonded: true }))).toBe('refused')
    expect(index.all().map((each) => each.peerId)).toEqual(['bonded', 'new'])
    expect(index.put(entry('elsewhere', 1, { account: '0x0b', addressRange: '10.0.1' }))).toBe(
      bounds.total === 2 ? 'refused' : 'added',
    )
  })

  test('holds its bounds whatever happens, and answers like a list of the newest', () => {
    const bounds = { total: 8, perAccount: 4, perAddressRange: 3 }
    fc.assert(
      fc.property(fc.array(arbitraryEntry, { maxLength: 60 }), (entries) => {
        const index = createOfferIndex(bounds)
        for (const each of entries) {
          const before = index.get(each.peerId)
          const bondedBefore = index.all().filter((other) => other.bonded && other.peerId !== each.peerId)
          const outcome = index.put(each)
          if (outcome === 'added' || outcome === 'replaced')
            expect(index.get(each.peerId)?.offer).toBe(each.offer)
          if (outcome === 'stale') expect(index.get(each.peerId)).toBe(before)
          if (outcome === 'refused') expect(index.get(each.peerId)).toBeUndefined()
          for (const other of bondedBefore) expect(index.get(other.peerId)).toBe(other)
          expect(index.size).toBe(index.all().length)
          expect(index.size).toBeLessThanOrEqual(bounds.total)
          expect(largest(index.all(), (other) => other.offer.account)).toBeLessThanOrEqual(bounds.perAccount)
          expect(largest(index.all(), (other) => other.addressRange)).toBeLessThanOrEqual(
            bounds.perAddressRange,
          )
        }
      }),
    )
  })

  test('is bounded as docs/LIMITS.md says', () => {
    const index = createOfferIndex()
    const { total, perAccount } = OFFER_INDEX_BOUNDS
    for (let i = 0; i < total + 10; i++) {
      index.put(entry(`peer-${i}`, 1, { account: `0x${Math.floor(i / perAccount)}` }))
    }
    expect(index.size).toBe(total)
    expect(index.get('peer-9')).toBeUndefined()
  })
})

test('a snapshot tells of bonded offers first, then of the latest, within its limit', () => {
  const index = createOfferIndex()
  index.put(entry('old', 1, { receivedAtSeconds: 1 }))
  index.put(entry('new', 1, { receivedAtSeconds: 9 }))
  index.put(entry('bonded', 1, { receivedAtSeconds: 2, bonded: true }))
  index.put(entry('over', 1, { expires: 40, bonded: true }))
  const peers = (limit: number) => index.snapshot({ limit, nowSeconds: 50 }).map((each) => each.peerId)
  expect(peers(9)).toEqual(['bonded', 'new', 'old'])
  expect(peers(2)).toEqual(['bonded', 'new'])
})

/** Returns the size of the largest group; entries without a key are in none. */
function largest(entries: readonly OfferEntry[], key: (entry: OfferEntry) => string | null): number {
  const counts = new Map<string, number>()
  for (const each of entries) {
    const name = key(each)
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}
