import type { Demand, FrameOf, Quote, Resources, Terms } from '@souk/protocol'
import { termsDigest } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkQuote, type Expectation, makeQuote, type SellingPolicy } from './quoting.ts'
import { contextOf, numbered } from './testing/parties.ts'

const BUYER = contextOf(1, 1).signer.address
const SELLER = contextOf(2, 1).signer.address
const HEAD = { number: 1, timestampSeconds: 1_000 }
const FREE: Resources = { millicores: 8_000, memoryBytes: 2 ** 33, diskBytes: 2 ** 33, gpus: [] }
const POLICY: SellingPolicy = {
  account: SELLER,
  subject: SELLER,
  prices: { startFee: 500n, coreSecondE12: 10n ** 13n, gibSecondE12: 10n ** 12n, gpuSecondE12: 10n ** 14n },
  blockSeconds: 2,
  slotSeconds: 2,
  bondSeconds: 60,
  resultBondSeconds: 30,
  prepaySeconds: 10,
  noticeBlocks: 30,
}

function demandOf(fields: Partial<Demand> = {}): FrameOf<'demand'> {
  const demand: Demand = {
    resources: { millicores: 1_000, memoryBytes: 2 ** 30, diskBytes: 0, gpu: null },
    runtime: 'wasm/1',
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 600,
    ...fields,
  }
  return { t: 'demand', demand, requester: BUYER, voucherSigner: BUYER, predecessor: null }
}

function expectationOf(request: FrameOf<'demand'>): Expectation {
  const { account: provider, subject, prices, blockSeconds } = POLICY
  return {
    request,
    provider,
    subject,
    prices,
    maxPrepaySeconds: 30,
    gpuClasses: [],
    blockSeconds,
    head: HEAD,
  }
}

function quoted(request = demandOf()): { quote: Quote; terms: Terms } {
  const made = makeQuote(POLICY, FREE, request, HEAD, numbered(1, 32))
  if ('code' in made) throw new Error(made.message)
  return made
}

describe('a quote', () => {
  test('keeps to the demand it answers, whatever was asked', () => {
    const asked = fc.record({
      durationSeconds: fc.integer({ min: 1, max: 3_600 }),
      resources: fc.record({
        millicores: fc.integer({ min: 1, max: 8_000 }),
        memoryBytes: fc.integer({ min: 0, max: 2 ** 33 }),
        diskBytes: fc.integer({ min: 0, max: 2 ** 33 }),
        gpu: fc.constant(null),
      }),
    })
    fc.assert(
      fc.property(asked, (fields) => {
        const request = demandOf(fields)
        const { quote, terms } = quoted(request)
        expect(checkQuote(expectationOf(request), quote, terms)).toBeUndefined()
        // The deposit covers the whole lease with its prepay, and less than a unit more.
        const exact = quote.rate * BigInt(fields.durationSeconds + quote.prepay)
        expect((quote.deposit - quote.startFee) * 10n ** 12n - exact).toBeGreaterThanOrEqual(0n)
        expect((quote.deposit - quote.startFee) * 10n ** 12n - exact).toBeLessThan(10n ** 12n)
      }),
    )
  })

  test.each<[string, Partial<Quote>]>([
    ['provider', { provider: numbered(9, 20) }],
    ['resultSigner', { resultSigner: numbered(9, 20) }],
    ['requester', { requester: numbered(9, 20) }],
    ['voucherSigner', { voucherSigner: numbered(9, 20) }],
    ['terms', { terms: numbered(9, 32) }],
    ['rate', { rate: quoted().quote.rate + 1n }],
    ['startFee', { startFee: 501n }],
    ['prepay', { prepay: 31 }],
    ['blocks', { blocks: 299 }],
    ['deposit', { deposit: quoted().quote.deposit + 1n }],
    ['openBefore', { openBefore: 1_000 }],
    ['openBefore', { openBefore: 1_601 }],
  ])('is refused for its %s', (field, change) => {
    const { quote, terms } = quoted()
    expect(() => checkQuote(expectationOf(demandOf()), { ...quote, ...change }, terms)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_QUOTE', field } }),
    )
  })

  test.each<[string, Partial<Terms>]>([
    ['predecessor', { predecessor: numbered(3, 32) }],
    ['resources', { resources: { ...quoted().terms.resources, millicores: 999 } }],
    ['resources', { resources: { ...quoted().terms.resources, memoryBytes: 1 } }],
  ])('is refused for the %s of its terms', (field, change) => {
    const { quote, terms } = quoted()
    const other = { ...terms, ...change }
    const given = { ...quote, terms: termsDigest(other) }
    expect(() => checkQuote(expectationOf(demandOf()), given, other)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_QUOTE', field } }),
    )
  })

  test('is refused above the rate that the demand allows', () => {
    const { quote, terms } = quoted()
    const expected = expectationOf(demandOf({ maxRateE12: quote.rate - 1n }))
    expect(() => checkQuote(expected, quote, terms)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_QUOTE', field: 'maxRate' } }),
    )
  })

  const gpu = { count: 1, family: 'nvidia', model: '*', vramBytes: 0 } as const
  const plain = demandOf().demand.resources
  test.each<[string, Partial<Demand>, string]>([
    ['more cores than are free', { resources: { ...plain, millicores: 8_001 } }, 'no-capacity'],
    ['more memory than is free', { resources: { ...plain, memoryBytes: 2 ** 34 } }, 'no-capacity'],
    ['a GPU where there is none', { resources: { ...plain, gpu } }, 'no-gpu'],
    ['a lower price', { maxRateE12: 1n }, 'price-too-low'],
  ])('is not made for %s', (_, fields, code) => {
    expect(makeQuote(POLICY, FREE, demandOf(fields), HEAD, numbered(1, 32))).toMatchObject({ code })
  })

  test('says how often leased GPUs may be asked for a proof, and is refused where the offer told of one', () => {
    const card = { id: 'GPU-1', family: 'nvidia', model: 'NVIDIA L4', vramBytes: 2 ** 34 } as const
    const request = demandOf({ resources: { ...plain, gpu } })
    const free = { ...FREE, gpus: [card] }
    const proofs = { perHour: 20, seconds: 10 }
    const made = (policy: SellingPolicy) => makeQuote(policy, free, request, HEAD, numbered(1, 32))
    const [proving, silent] = [made({ ...POLICY, proofs: () => proofs }), made(POLICY)]
    if ('code' in proving || 'code' in silent) throw new Error('expected quotes')
    expect([proving.terms.proofs, silent.terms.proofs, quoted().terms.proofs]).toEqual([proofs, null, null])
    const { id: _, vramBytes: __, ...model } = card
    const proof = { proven: 1, size: 64, ms: 1 }
    const told = { ...model, driver: null, api: null, speed: null, proof, marks: [] }
    const expected = { ...expectationOf(request), gpuClasses: [told] }
    expect(checkQuote(expected, proving.quote, proving.terms)).toBeUndefined()
    expect(() => checkQuote(expected, silent.quote, silent.terms)).toThrow(
      expect.objectContaining({ data: { code: 'BAD_QUOTE', field: 'proofs' } }),
    )
    const untold = { ...expected, gpuClasses: [{ ...told, proof: null }] }
    expect(checkQuote(untold, silent.quote, silent.terms)).toBeUndefined()
  })
})
