import type { Demand } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demand as arbitraryDemand, entry as arbitraryEntry } from './arbitraries.fixture.ts'
import { takeResources } from './capacity.ts'
import { explain } from './explain.ts'
import { matchesGlob } from './glob.ts'
import { type MatchOptions, match, requireCandidates } from './match.ts'
import type { OfferEntry } from './offer-entry.ts'
import { createOfferIndex, type OfferIndex } from './offer-index.ts'
import { requirementsRateE12 } from './price.ts'
import type { MatchReason } from './reason.ts'

const GIB = 2 ** 30
const NOW = 105

const options: fc.Arbitrary<MatchOptions> = fc
  .record({
    requireBonded: fc.boolean(),
    exclude: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
    unreachable: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
    roundTripMs: fc.array(fc.tuple(fc.nat(20), fc.constantFrom(5, 10, 11)), { maxLength: 10 }),
  })
  .map((raw) => ({
    nowSeconds: NOW,
    requireBonded: raw.requireBonded,
    exclude: new Set(raw.exclude.map((n) => `peer-${n}`)),
    unreachable: new Set(raw.unreachable.map((n) => `peer-${n}`)),
    roundTripMs: new Map(raw.roundTripMs.map(([n, ms]) => [`peer-${n}`, ms])),
  }))

describe('matching', () => {
  test('agrees with asking every offer every question', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryEntry, { maxLength: 30 }),
        arbitraryDemand,
        options,
        (entries, demand, how) => {
          const index = indexOf(entries)
          const matched = match(index, demand, how)
          const fitting = index.all().filter((entry) => fits(entry, demand, how))
          const sorted = fitting.toSorted((a, b) => slowCompare(a, b, demand))
          expect(matched.candidates.map(({ entry }) => entry.peerId)).toEqual(
            sorted.map((entry) => entry.peerId),
          )
          expect(matched.fits).toBe(fitting.length)
          expect(matched.fits + matched.rejected.length).toBe(index.size)
          for (const { entry, rateE12 } of matched.candidates) {
            expect(rateE12).toBe(requirementsRateE12(entry.offer.prices, demand.resources))
          }
          for (const { reason } of matched.rejected) expect(isTrue(reason)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('with a limit gives the head of the full list', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryEntry, { maxLength: 30 }),
        arbitraryDemand,
        fc.nat(12),
        (entries, demand, limit) => {
          const index = indexOf(entries)
          const all = match(index, demand, { nowSeconds: NOW })
          const some = match(index, demand, { nowSeconds: NOW, limit })
          expect(some.candidates).toEqual(all.candidates.slice(0, limit))
          expect(some.fits).toBe(all.fits)
        },
      ),
    )
  })

  test.each<[string, Partial<Demand['resources']>, MatchReason]>([
    ['family', { gpu: wish({ family: 'amd' }) }, { code: 'no-gpu', family: 'amd' }],
    ['number', { gpu: wish({ count: 2 }) }, { code: 'too-few-gpus', wanted: 2, free: 1 }],
    [
      'model',
      { gpu: wish({ model: '*A100*' }) },
      { code: 'gpu-model', wanted: '*A100*', offered: ['NVIDIA H100'] },
    ],
    [
      'memory',
      { gpu: wish({ vramBytes: 81 * GIB }) },
      { code: 'too-little-vram', wantedBytes: 81 * GIB, largestBytes: 80 * GIB },
    ],
    [
      'cores',
      { millicores: 9_000 },
      { code: 'too-few-cores', wantedMillicores: 9_000, freeMillicores: 8_000 },
    ],
    [
      'memory of the host',
      { memoryBytes: 9 * GIB },
      { code: 'too-little-memory', wantedBytes: 9 * GIB, freeBytes: 8 * GIB },
    ],
    ['disk', { diskBytes: 9 * GIB }, { code: 'too-little-disk', wantedBytes: 9 * GIB, freeBytes: 8 * GIB }],
  ])('says what is lacking: %s', (_, lacking, reason) => {
    const { index, demand } = machineWithGpu()
    const matched = match(
      index,
      { ...demand, resources: { ...demand.resources, ...lacking } },
      { nowSeconds: NOW },
    )
    expect(matched.rejected.map((each) => each.reason)).toEqual([reason])
  })

  test('only GPUs that proved themselves serve whoever asks for that, after everything else about them fits', () => {
    const { index, demand } = machineWithGpu()
    const matched = (gpu: Partial<ReturnType<typeof wish>>, isProven?: MatchOptions['isProven']) => {
      const wanted = {
        ...demand,
        resources: { ...demand.resources, gpu: { ...wish(gpu), proven: true as const } },
      }
      return match(index, wanted, { nowSeconds: NOW, ...(isProven && { isProven }) })
    }
    expect(matched({}, () => true).fits).toBe(1)
    for (const isProven of [undefined, () => false])
      expect(matched({}, isProven).rejected.map(({ reason }) => reason)).toEqual([{ code: 'unproven' }])
    expect(matched({ count: 2 }).rejected.map(({ reason }) => reason.code)).toEqual(['too-few-gpus'])
    expect(match(index, demand, { nowSeconds: NOW, isProven: () => false }).fits).toBe(1)
  })

  test('a software adapter never serves a hardware demand', () => {
    const { index, demand } = machineWithGpu('software')
    const wanted = (gpu: ReturnType<typeof wish>) => ({ ...demand, resources: { ...demand.resources, gpu } })
    for (const family of ['nvidia', 'amd', 'apple'] as const) {
      expect(match(index, wanted(wish({ family })), { nowSeconds: NOW }).fits).toBe(0)
    }
    expect(match(index, wanted(wish({ family: 'software' })), { nowSeconds: NOW }).fits).toBe(1)
  })

  test('a price exactly at the bound fits, one unit of 1e-12 above does not', () => {
    const { index, demand, rate } = machineWithGpu()
    expect(match(index, { ...demand, maxRateE12: rate }, { nowSeconds: NOW }).fits).toBe(1)
    const below = match(index, { ...demand, maxRateE12: rate - 1n }, { nowSeconds: NOW })
    expect(below.rejected[0]?.reason).toEqual({ code: 'over-price', rateE12: rate, maxRateE12: rate - 1n })
    expect(() => requireCandidates(below)).toThrow(
      expect.objectContaining({ data: { code: 'NO_OFFER', rejected: below.rejected } }),
    )
  })
})

test.each<[string, number, MatchReason['code'][]]>([
  ['no provider: no offer has been heard yet', 0, []],
  ['1 provider: 1 fits', 1, []],
  ['1 provider: 1 over your price', 0, ['over-price']],
  [
    '12 providers: 7 over your price, 4 with too little VRAM, 1 unreachable',
    0,
    ['unreachable', ...Array(4).fill('too-little-vram'), ...Array(7).fill('over-price')],
  ],
  ['4 providers: 2 fit, 1 over your price, 1 unreachable', 2, ['unreachable', 'over-price']],
])('%s', (sentence, fit, codes) => {
  const rejected = codes.map((code) => ({ reason: { code } as MatchReason }))
  expect(explain({ fits: fit, rejected })).toBe(sentence)
})

function indexOf(entries: readonly OfferEntry[]): OfferIndex {
  const index = createOfferIndex()
  for (const entry of entries) index.put(entry)
  return index
}

/** The slow reference: every condition by itself, prices exact. */
function fits({ peerId, offer, bonded }: OfferEntry, demand: Demand, how: MatchOptions): boolean {
  const roundTripMs = how.roundTripMs?.get(peerId) ?? 0
  const rate = requirementsRateE12(offer.prices, demand.resources)
  return [
    takeResources(offer.free, demand.resources) !== null,
    offer.runtimes.some(({ name }) => name === demand.runtime),
    demand.region === null || offer.region === demand.region,
    demand.maxRoundTripMs === null || roundTripMs <= demand.maxRoundTripMs,
    demand.maxRateE12 === null || rate <= demand.maxRateE12,
    offer.expires > how.nowSeconds,
    bonded || how.requireBonded !== true,
    how.exclude?.has(peerId) !== true,
    how.unreachable?.has(peerId) !== true,
  ].every(Boolean)
}

function slowCompare(a: OfferEntry, b: OfferEntry, { resources }: Demand): number {
  const [markedA, markedB] = [a, b].map((entry) => Number(isMarked(entry, resources.gpu)))
  if (markedA !== markedB) return (markedA ?? 0) - (markedB ?? 0)
  const difference =
    requirementsRateE12(a.offer.prices, resources) - requirementsRateE12(b.offer.prices, resources)
  if (difference !== 0n) return difference > 0n ? 1 : -1
  return (
    b.offer.coreMibPerSecond - a.offer.coreMibPerSecond ||
    Buffer.compare(Buffer.from(a.peerId), Buffer.from(b.peerId))
  )
}

function isMarked({ offer }: OfferEntry, gpu: Demand['resources']['gpu']): boolean {
  const suits = offer.gpuClasses.filter(
    ({ family, model }) => family === gpu?.family && matchesGlob(gpu.model, model),
  )
  return suits.some(({ marks }) => marks.length > 0)
}

/** Tells whether the facts of a reason bear it out. */
function isTrue(reason: MatchReason): boolean {
  if (reason.code === 'over-price') return reason.rateE12 > reason.maxRateE12
  if (reason.code === 'too-few-cores') return reason.freeMillicores < reason.wantedMillicores
  if (reason.code === 'too-little-memory' || reason.code === 'too-little-disk')
    return reason.freeBytes < reason.wantedBytes
  if (reason.code === 'too-few-gpus') return reason.free < reason.wanted
  if (reason.code === 'round-trip') return reason.measuredMs > reason.maxMs
  if (reason.code === 'expired') return reason.expires <= reason.nowSeconds
  if (reason.code === 'runtime') return !reason.offered.includes(reason.wanted)
  if (reason.code === 'region') return reason.offered !== reason.wanted
  return true
}

function wish(changes: Partial<NonNullable<Demand['resources']['gpu']>>) {
  return { count: 1, family: 'nvidia' as const, model: '*', vramBytes: GIB, ...changes }
}

function machineWithGpu(family: 'nvidia' | 'software' = 'nvidia') {
  const [sample] = fc.sample(arbitraryEntry, { numRuns: 1, seed: 2 })
  if (sample === undefined) throw new Error('one sample')
  const gpus = [{ id: 'gpu', family, model: 'NVIDIA H100', vramBytes: 80 * GIB }]
  const free = { millicores: 8_000, memoryBytes: 8 * GIB, diskBytes: 8 * GIB, gpus }
  const prices = { startFee: 0n, coreSecondE12: 10n ** 17n + 1n, gibSecondE12: 3n, gpuSecondE12: 5n }
  const runtimes = [{ name: 'wasm/1' as const, sandbox: 'process' as const }]
  const offer = { ...sample.offer, free, prices, expires: NOW + 1, runtimes }
  const demand: Demand = {
    resources: { millicores: 1_000, memoryBytes: GIB, diskBytes: GIB, gpu: null },
    runtime: 'wasm/1',
    network: 'none',
    region: null,
    maxRoundTripMs: null,
    maxRateE12: null,
    durationSeconds: 60,
  }
  const rate = requirementsRateE12(prices, demand.resources)
  return { index: indexOf([{ ...sample, offer }]), demand, rate }
}
