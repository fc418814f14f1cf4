import type { Demand, GpuClass } from '@souk/protocol'
import type { OfferRow } from '@souk/requester/node'
import type { NetworkConfig } from '@souk/settlement'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { age, type GpuOrder, gpuRows, healthWords, sortOffers } from './offer-gpus.ts'

const speed = (fp32Gflops: number, memoryMbPerSecond = 0) => {
  return { measured: 1, fp32Gflops, fp16Gflops: 0, memoryMbPerSecond, transferMbPerSecond: 0 }
}

function classOf(change: Partial<GpuClass> = {}): GpuClass {
  return {
    ...{ family: 'nvidia', model: 'NVIDIA L4', driver: '550.54.15', api: 'CUDA 12.4' },
    ...{ speed: null, proof: null, marks: [], ...change },
  }
}

function offerOf(
  peerId: string,
  gpuSecondE12: bigint,
  gpuClasses: GpuClass[],
  reason: string | null = null,
): OfferRow {
  const gpus = gpuClasses.map(({ family, model }, i) => ({
    id: `g${i}`,
    family,
    model,
    vramBytes: 24 * 2 ** 30,
  }))
  const free = { millicores: 1, memoryBytes: 1, diskBytes: 1, gpus }
  return {
    ...{ peerId, account: '0x', via: 'gossip', bonded: true, free, gpuClasses, gpuSecondE12 },
    ...{ coreMibPerSecond: 1, rateE12: 1n, reason, reliability: scoreAt(0.25) },
  }
}

function scoreAt(overall: number): OfferRow['reliability'] {
  const bounds = { availability: 0.5, completion: 0.5, correctness: 0.5, truthfulness: 0.5, overall }
  return { ...bounds, evidence: {} as OfferRow['reliability']['evidence'] }
}

test('sorted by worth, offers stand by their price over their score', () => {
  const offers = [
    { ...offerOf('cheap', 0n, []), rateE12: 10n, reliability: scoreAt(0.05) },
    { ...offerOf('new', 0n, []), rateE12: 11n },
    { ...offerOf('proven', 0n, []), rateE12: 14n, reliability: scoreAt(0.6) },
    { ...offerOf('unfit', 0n, [], 'region'), rateE12: 1n, reliability: scoreAt(0.9) },
  ]
  const order = sortOffers(offers, 'worth', DEMAND).map(({ peerId }) => peerId)
  expect(order).toEqual(['proven', 'new', 'cheap', 'unfit'])
})

const DEMAND: Demand = {
  resources: { millicores: 1, memoryBytes: 1, diskBytes: 1, gpu: null },
  ...{ runtime: 'webgpu/1', network: 'none', region: null, maxRoundTripMs: null, maxRateE12: null },
  durationSeconds: 1,
}
const FOR_AMD: Demand = {
  ...DEMAND,
  resources: { ...DEMAND.resources, gpu: { count: 1, family: 'amd', model: '*', vramBytes: 0 } },
}

const dear = offerOf('dear', 100n, [classOf({ speed: speed(100, 10) })])
const cheap = offerOf('cheap', 10n, [classOf({ speed: speed(5, 10) })])
const untold = offerOf('untold', 1n, [classOf()])
const misfit = offerOf('misfit', 1n, [classOf({ speed: speed(1_000) })], 'over-price')

test.each<[GpuOrder, string[]]>([
  ['price', ['untold', 'cheap', 'misfit', 'dear']],
  ['fp32', ['dear', 'cheap', 'untold', 'misfit']],
  ['memory', ['cheap', 'dear', 'untold', 'misfit']],
  ['fp16', ['untold', 'cheap', 'dear', 'misfit']],
])('sorted by %s', (order, expected) => {
  expect(sortOffers([untold, cheap, misfit, dear], order, DEMAND).map(({ peerId }) => peerId)).toEqual(
    expected,
  )
})

test('only GPUs that the demand fits count', () => {
  const mixed = offerOf('mixed', 10n, [
    classOf({ speed: speed(1_000) }),
    classOf({ family: 'amd', speed: speed(1) }),
  ])
  const plain = offerOf('plain', 10n, [classOf({ family: 'amd', speed: speed(2) })])
  expect(sortOffers([mixed, plain], 'fp32', FOR_AMD)[0]).toBe(plain)
  expect(sortOffers([plain, mixed], 'fp32', DEMAND)[0]).toBe(mixed)
})

test('sorting loses no offer, whatever was measured', () => {
  const rows = fc.array(
    fc
      .tuple(fc.nat(3), fc.nat(3), fc.boolean())
      .map(([price, fast, fits]) =>
        offerOf(
          'p',
          BigInt(price),
          fast === 0 ? [] : [classOf({ speed: speed(fast - 1) })],
          fits ? null : 'region',
        ),
      ),
  )
  fc.assert(
    fc.property(rows, fc.constantFrom<GpuOrder>('price', 'fp32', 'fp16', 'memory'), (offers, order) => {
      expect(new Set(sortOffers(offers, order, DEMAND))).toEqual(new Set(offers))
    }),
  )
})

test('a row for each model tells what is known of it', () => {
  const config = { tokenDecimals: 18, tokenSymbol: 'T' } as NetworkConfig
  const proof = { proven: 1_000, size: 4_096, ms: 5 }
  const offer = offerOf('peer', 10n ** 27n, [
    classOf({ speed: speed(30_300, 300_000), proof, marks: ['hot'] }),
    classOf({ family: 'software', model: 'SwiftShader', driver: null, api: null }),
  ])
  expect(gpuRows(config, offer, 1_180_000)).toEqual([
    ['peer', '1 × NVIDIA L4, 24 GiB', '550.54.15, CUDA 12.4', '3.6 T/h', '30.3/–', '300', '3 min ago', 'hot'],
    ['peer', '1 × SwiftShader, 24 GiB', '–', '3.6 T/h', '–', '–', 'no', '–'],
  ])
})

test('how a leased GPU is', () => {
  const health = {
    id: 'a',
    busy: 931,
    usedBytes: 3 * 2 ** 30,
    celsius: 61,
    watts: 312,
    memoryErrors: 0,
    present: true,
  }
  expect(healthWords(health)).toBe('93.1 % busy, 3 GiB, 61 °C, 312 W')
  const unknown = { busy: null, usedBytes: null, celsius: null, watts: null, memoryErrors: null }
  expect(healthWords({ ...health, ...unknown })).toBe('there')
  expect(healthWords({ ...health, ...unknown, memoryErrors: 2 })).toBe('2 memory errors')
  expect(healthWords({ ...health, present: false })).toBe('gone')
})

test.each([
  [-5, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [7_300, '2 h'],
  [200_000, '2 d'],
])('%f s are %s', (seconds, expected) => {
  expect(age(seconds)).toBe(expected)
})
