import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Announcement, LIMITS, networkPath, type Offer } from '@souk/protocol'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openAnnouncement, sealAnnouncement } from './announcement.ts'
import { makeKnownAnnouncements } from './known-announcements.ts'
import { MAX_TTL_SECONDS } from './offer-topics.ts'
import { testNetwork, testOffer } from './testing/market.ts'
import { makeBindingCache, type ValidationContext, validateAnnouncement } from './validate-announcement.ts'

describe('validating announcements', async () => {
  const network = testNetwork()
  const privateKey = await generateKeyPair('Ed25519')
  const peerId = peerIdFromPrivateKey(privateKey).toString()
  const seller = { network, peerId, addresses: () => ['/ip4/127.0.0.1/tcp/1'] }
  const nowSeconds = () => Date.now() / 1_000
  const context = (change: Partial<ValidationContext> = {}): ValidationContext => ({
    network,
    nowSeconds: nowSeconds(),
    known: () => undefined,
    bindings: makeBindingCache(),
    ...change,
  })
  const offered = (change: Partial<Offer> = {}, ttlSeconds = 90) => testOffer(seller, ttlSeconds, change)
  const judge = async (announcement: Announcement, change: Partial<ValidationContext> = {}) =>
    validateAnnouncement(await sealAnnouncement(privateKey, announcement), context(change))
  const knowing = async (announcement: Announcement) => {
    const known = makeKnownAnnouncements()
    known.set(peerId, announcement, await sealAnnouncement(privateKey, announcement), nowSeconds())
    return { known: (peer: string) => known.get(peer, nowSeconds()) }
  }
  let valid: Offer
  beforeAll(() => {
    valid = offered()
  })

  it('accepts what was sealed and opens to the same', async () => {
    expect(await judge(valid)).toEqual({ verdict: 'accept', peerId, announcement: valid, repeated: false })
    expect(await openAnnouncement(await sealAnnouncement(privateKey, valid))).toEqual({
      peerId,
      announcement: valid,
    })
  })

  it.each<[string, Partial<Offer>, string, string]>([
    ['another network', { network: 'main/1/0x00' }, 'reject', 'wrong-network'],
    ['an expired offer', { expires: Math.floor(nowSeconds()) - 1 }, 'ignore', 'expired'],
    [
      'an offer that outlives every other',
      { expires: Math.floor(nowSeconds()) + MAX_TTL_SECONDS + 3_600 },
      'ignore',
      'too-far-ahead',
    ],
    ['a binding to another account', { account: `0x${'11'.repeat(20)}` }, 'reject', 'bad-binding'],
    ['a subject that did not sign', { subject: `0x${'22'.repeat(20)}` }, 'reject', 'bad-binding'],
  ])('does not take %s', async (_, change, verdict, code) => {
    expect(await judge(offered(change))).toEqual({ verdict, code })
  })

  it('does not take a binding that ran out', async () => {
    const offer = offered()
    const late = { nowSeconds: offer.binding.expires + 1 }
    const lasting = { ...offer, expires: offer.binding.expires + 60 }
    expect(await judge(lasting, late)).toEqual({ verdict: 'ignore', code: 'binding-expired' })
  })

  it('does not take an answer of another peer than the one asked', async () => {
    expect(await judge(valid, { expectedPeer: 'another' })).toEqual({ verdict: 'reject', code: 'wrong-peer' })
  })

  it('ignores what is older than known, and knows a repetition', async () => {
    const newer = offered()
    expect(await judge(valid, await knowing(newer))).toEqual({ verdict: 'ignore', code: 'stale' })
    expect(await judge(newer, await knowing(newer))).toMatchObject({ verdict: 'accept', repeated: true })
    expect(await judge({ ...newer, region: 'elsewhere' }, await knowing(newer))).toEqual({
      verdict: 'ignore',
      code: 'stale',
    })
  })

  it('keeps a withdrawn offer withdrawn', async () => {
    const tombstone = { kind: 'tombstone', network: networkPath(network), seq: valid.seq + 1 } as const
    expect(await judge(tombstone, await knowing(valid))).toMatchObject({ verdict: 'accept' })
    expect(await judge(valid, await knowing(tombstone))).toEqual({ verdict: 'ignore', code: 'stale' })
  })

  it('rejects whatever was changed after signing', async () => {
    const sealed = await sealAnnouncement(privateKey, valid)
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = sealed.slice()
        bytes[at] = (bytes[at] ?? 0) ^ change
        const result = await validateAnnouncement(bytes, context())
        expect(result.verdict).not.toBe('accept')
      }),
      { numRuns: 100 },
    )
  })

  it('rejects another encoding of a valid envelope', async () => {
    const bytes = await sealAnnouncement(privateKey, valid)
    bytes[0] = (bytes[0] ?? 0) ^ 1
    expect(await validateAnnouncement(bytes, context())).toEqual({ verdict: 'reject', code: 'malformed' })
  })

  it('rejects arbitrary bytes without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: LIMITS.offerBytes + 100 }), async (bytes) => {
        expect(await validateAnnouncement(bytes, context())).toMatchObject({ verdict: 'reject' })
      }),
    )
  })

  it('refuses to seal more than the bound', async () => {
    const addresses = Array.from({ length: 8 }, () => `/dns4/${'a'.repeat(240)}`)
    await expect(sealAnnouncement(privateKey, offered({ addresses }))).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
  })

  it('forgets the longest unchanged peer first', async () => {
    const known = makeKnownAnnouncements(2)
    for (const peer of ['a', 'b', 'a', 'c']) known.set(peer, valid, new Uint8Array(), nowSeconds())
    expect(['a', 'b', 'c'].filter((peer) => known.get(peer, nowSeconds()) !== undefined)).toEqual(['a', 'c'])
  })
})
