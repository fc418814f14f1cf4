import type { Quote, Resources, Terms } from '@souk/protocol'
import { termsDigest } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cover, lose, newHost, release, resize, secured, take, UNSECURED, unsecured } from './host.ts'
import type { SellingPolicy } from './quoting.ts'
import { refuseAccept } from './refuse-accept.ts'
import { contextOf, numbered, quoteOf } from './testing/parties.ts'

const BUYER = contextOf(1, 1)
const SELLER = contextOf(2, 1)
const HEAD = { number: 1, timestampSeconds: 1_000 }
const COVER: Cover = { lockable: 10n ** 12n, authorised: true }
const GPU = { family: 'nvidia', model: 'H200', vramBytes: 1 } as const
const TOTAL: Resources = {
  millicores: 8_000,
  memoryBytes: 1_000,
  diskBytes: 1_000,
  gpus: [
    { ...GPU, id: 'a' },
    { ...GPU, id: 'b' },
  ],
}
const POLICY: SellingPolicy = {
  account: SELLER.signer.address,
  subject: SELLER.signer.address,
  prices: { startFee: 1n, coreSecondE12: 1n, gibSecondE12: 0n, gpuSecondE12: 0n },
  blockSeconds: 2,
  slotSeconds: 2,
  bondSeconds: 0,
  resultBondSeconds: 0,
  prepaySeconds: 10,
  noticeBlocks: 1,
}

function offered(resources: Partial<Resources>, salt: number, fields: Partial<Quote> = {}) {
  const nothing = { millicores: 0, memoryBytes: 0, diskBytes: 0, gpus: [] }
  const terms: Terms = {
    v: 1,
    resources: { ...nothing, ...resources },
    runtime: 'wasm/1',
    network: 'none',
    proofs: null,
    predecessor: null,
  }
  const quote = quoteOf(BUYER, SELLER, salt, { terms: termsDigest(terms), ...fields })
  return { lease: numbered(salt, 32), terms, quote }
}

const step = fc.record({
  lease: fc.nat(9),
  takes: fc.boolean(),
  millicores: fc.integer({ min: 0, max: 4_000 }),
  memoryBytes: fc.nat(600),
  diskBytes: fc.nat(600),
  gpus: fc.subarray([...TOTAL.gpus]),
  lost: fc.option(fc.subarray(['a', 'b'])),
})

describe('a host', () => {
  test('neither loses nor invents capacity, whatever is taken, released and lost', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const host = newHost(TOTAL)
        for (const { lease, takes, lost, ...resources } of steps) {
          if (lost !== null) lose(host, new Set(lost))
          const one = offered(resources, lease)
          const refusal = refuseAccept(host, POLICY, one.lease, one.quote, one.terms, COVER, HEAD)
          if (!takes) release(host, one.lease)
          else if (refusal === undefined) take(host, one.lease, one.quote, one.terms)
          const held = [...host.held.values()].map((holding) => holding.resources)
          for (const key of ['millicores', 'memoryBytes', 'diskBytes'] as const) {
            expect(host.free[key] + held.reduce((sum, some) => sum + some[key], 0)).toBe(TOTAL[key])
            expect(host.free[key]).toBeGreaterThanOrEqual(0)
          }
          const leased = held.flatMap((some) => some.gpus.map((gpu) => gpu.id))
          const free = host.free.gpus.map((gpu) => gpu.id)
          expect(free.filter((id) => host.lost.has(id))).toEqual([])
          const away = [...host.lost].filter((id) => !leased.includes(id))
          // Each GPU is in one place: with one lease, free, or lost.
          expect([...free, ...leased, ...away].sort()).toEqual(['a', 'b'])
        }
      }),
    )
  })

  const fine = offered({ millicores: 1_000 }, 1)
  const small = { ...COVER, lockable: fine.quote.deposit - 1n }
  const otherTerms = { ...fine.terms, network: 'none', predecessor: numbered(1, 32) } as const
  test.each<[string, Partial<typeof fine>, Partial<Cover>, string | undefined]>([
    ['leases what it offered', {}, {}, undefined],
    ['other terms', { terms: otherTerms }, {}, 'terms-changed'],
    [
      'another provider',
      offered({ millicores: 1_000 }, 1, { provider: numbered(9, 20) }),
      {},
      'terms-changed',
    ],
    [
      'another subject',
      offered({ millicores: 1_000 }, 1, { resultSigner: numbered(9, 20) }),
      {},
      'terms-changed',
    ],
    ['an old quote', offered({ millicores: 1_000 }, 1, { openBefore: 1_000 }), {}, 'expired'],
    ['more than is free', offered({ millicores: 8_001 }, 1), {}, 'no-capacity'],
    ['a GPU that is not here', offered({ gpus: [{ ...GPU, id: 'c' }] }, 1), {}, 'no-gpu'],
    ['a stranger’s key', {}, { authorised: false }, 'not-a-delegate'],
    ['too little money', {}, small, 'not-enough-balance'],
  ])('answers %s', (_, asked, cover, code) => {
    const { lease, quote, terms } = { ...fine, ...asked }
    const refusal = refuseAccept(newHost(TOTAL), POLICY, lease, quote, terms, { ...COVER, ...cover }, HEAD)
    expect(refusal?.code).toBe(code)
  })

  test('has free what there is less what is leased, whatever its place grows or shrinks to', () => {
    const size = fc.record({ millicores: fc.nat(9_000), memoryBytes: fc.nat(900), diskBytes: fc.nat(900) })
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.option(size)), { maxLength: 60 }), (steps) => {
        const host = newHost(TOTAL)
        for (const [{ lease, takes, lost: _, ...resources }, to] of steps) {
          if (to !== null) resize(host, to)
          const one = offered(resources, lease)
          const refusal = refuseAccept(host, POLICY, one.lease, one.quote, one.terms, COVER, HEAD)
          if (!takes) release(host, one.lease)
          else if (refusal === undefined) take(host, one.lease, one.quote, one.terms)
          const held = [...host.held.values()].map((holding) => holding.resources)
          for (const key of ['millicores', 'memoryBytes', 'diskBytes'] as const) {
            const taken = held.reduce((sum, some) => sum + some[key], 0)
            expect(host.free[key]).toBe(Math.max(0, host.total[key] - taken))
          }
          expect(host.free.gpus.length + held.flatMap(({ gpus }) => gpus).length).toBe(TOTAL.gpus.length)
        }
      }),
    )
  })

  test('leases a GPU to one only, and a lost one to nobody', () => {
    const host = newHost(TOTAL)
    const first = offered({ gpus: [{ ...GPU, id: 'a' }] }, 1)
    const second = offered({ gpus: [{ ...GPU, id: 'a' }] }, 2)
    const ask = () => refuseAccept(host, POLICY, second.lease, second.quote, second.terms, COVER, HEAD)?.code
    expect(ask()).toBeUndefined()
    take(host, first.lease, first.quote, first.terms)
    expect(ask()).toBe('no-gpu')
    release(host, first.lease)
    lose(host, new Set(['a']))
    expect(ask()).toBe('no-gpu')
    lose(host, new Set())
    expect(ask()).toBeUndefined()
  })

  test('takes no leases while it drains, and none twice', () => {
    const host = newHost(TOTAL)
    take(host, fine.lease, fine.quote, fine.terms)
    const ask = () => refuseAccept(host, POLICY, fine.lease, fine.quote, fine.terms, COVER, HEAD)?.code
    expect(ask()).toBe('terms-changed')
    host.draining = true
    expect(ask()).toBe('draining')
  })

  test('counts an opening that fell out of the chain as none', () => {
    const host = newHost(TOTAL)
    const cover = { ...COVER, lockable: fine.quote.deposit }
    const next = offered({ millicores: 1_000 }, 2)
    const ask = () => refuseAccept(host, POLICY, next.lease, next.quote, next.terms, cover, HEAD)?.code
    take(host, fine.lease, fine.quote, fine.terms)
    secured(host, fine.lease)
    expect(ask()).toBeUndefined()
    unsecured(host, fine.lease, fine.quote.deposit)
    expect(ask()).toBe('not-enough-balance')
  })

  test('counts what an account has accepted and not opened against its balance', () => {
    const host = newHost(TOTAL)
    const lockable = 2n * fine.quote.deposit - 1n
    const next = offered({}, 2)
    const ask = () =>
      refuseAccept(host, POLICY, next.lease, next.quote, next.terms, { ...COVER, lockable }, HEAD)?.code
    take(host, fine.lease, fine.quote, fine.terms)
    expect(ask()).toBe('not-enough-balance')
    secured(host, fine.lease)
    expect(ask()).toBeUndefined()
  })

  test('bounds the leases that wait for their opening', () => {
    const host = newHost(TOTAL)
    for (let salt = 1; salt <= UNSECURED.leasesPerAccount; salt++) {
      const one = offered({}, salt)
      expect(refuseAccept(host, POLICY, one.lease, one.quote, one.terms, COVER, HEAD)).toBeUndefined()
      take(host, one.lease, one.quote, one.terms)
    }
    const more = offered({}, 99)
    expect(refuseAccept(host, POLICY, more.lease, more.quote, more.terms, COVER, HEAD)?.code).toBe(
      'unsecured-limit',
    )
  })
})
