import type { Demand, Gpu, GpuClass, Offer, Prices, Requirements, Resources } from '@souk/protocol'
import fc from 'fast-check'
import type { OfferEntry } from './offer-entry.ts'

const GIB = 2 ** 30

/** Prices that often collide, and some at the end of their range. */
export const prices: fc.Arbitrary<Prices> = fc.record({
  startFee: fc.bigInt({ min: 0n, max: 10n }),
  coreSecondE12: fc.oneof(
    fc.bigInt({ min: 0n, max: 5n }),
    fc.bigInt({ min: 2n ** 100n, max: 2n ** 100n + 3n }),
  ),
  gibSecondE12: fc.bigInt({ min: 0n, max: 3n }),
  gpuSecondE12: fc.bigInt({ min: 0n, max: 3n }),
})

const gpuFields = {
  family: fc.constantFrom('nvidia' as const, 'amd' as const, 'software' as const),
  model: fc.constantFrom('NVIDIA H100 80GB HBM3', 'Radeon RX 7900 XT/7900 XTX', 'llvmpipe'),
  vramBytes: fc.constantFrom(8 * GIB, 24 * GIB, 80 * GIB),
}

const gpus: fc.Arbitrary<Gpu[]> = fc
  .array(fc.record(gpuFields), { maxLength: 4 })
  .map((list) => list.map((gpu, i) => ({ id: `gpu-${i}`, ...gpu })))

const amounts = {
  millicores: fc.integer({ min: 0, max: 4 }).map((cores) => cores * 999),
  memoryBytes: fc.integer({ min: 0, max: 4 * GIB }),
  diskBytes: fc.integer({ min: 0, max: 4 }),
}

export const resources: fc.Arbitrary<Resources> = fc.record({ ...amounts, gpus })

export const requirements: fc.Arbitrary<Requirements> = fc.record({
  ...amounts,
  gpu: fc.option(
    fc.record({
      ...gpuFields,
      count: fc.integer({ min: 0, max: 3 }),
      model: fc.constantFrom('*', '*h100*', '*7900*', 'none'),
    }),
    { freq: 2 },
  ),
})

const gpuClass: fc.Arbitrary<GpuClass> = fc.record({
  family: gpuFields.family,
  model: gpuFields.model,
  driver: fc.constant(null),
  api: fc.constant(null),
  speed: fc.constant(null),
  proof: fc.constant(null),
  marks: fc.constantFrom([], [], ['hot' as const], ['unhealthy' as const, 'memory-errors' as const]),
})

const offer: fc.Arbitrary<Offer> = fc.record({
  kind: fc.constant('offer' as const),
  network: fc.constant('dev/1/0x'),
  seq: fc.integer({ min: 1, max: 5 }),
  expires: fc.integer({ min: 101, max: 110 }),
  account: fc.constantFrom('0x0a' as const, '0x0b' as const, '0x0c' as const),
  subject: fc.constant('0x01' as const),
  binding: fc.constant({ expires: 1_000, signature: '0x' as const }),
  addresses: fc.constant([]),
  free: resources,
  coreMibPerSecond: fc.integer({ min: 1, max: 3 }),
  prices,
  gpuClasses: fc.array(gpuClass, { maxLength: 2 }),
  runtimes: fc.constantFrom([{ name: 'wasm/1' as const, sandbox: 'process' as const }], []),
  region: fc.constantFrom(null, 'eu'),
})

export const entry: fc.Arbitrary<OfferEntry> = fc.record({
  peerId: fc.nat(20).map((n) => `peer-${n}`),
  offer,
  via: fc.constantFrom('gossip' as const, 'dht' as const, 'directory' as const, 'direct' as const),
  addressRange: fc.constantFrom(null, '10.0.0', '10.0.1'),
  bonded: fc.boolean(),
  receivedAtSeconds: fc.integer({ min: 90, max: 100 }),
})

export const demand: fc.Arbitrary<Demand> = fc.record({
  resources: requirements,
  runtime: fc.constant('wasm/1' as const),
  network: fc.constant('none' as const),
  region: fc.constantFrom(null, null, 'eu'),
  maxRoundTripMs: fc.constantFrom(null, 10),
  maxRateE12: fc.option(
    fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 2n ** 100n - 4n, max: 2n ** 100n + 4n })),
  ),
  durationSeconds: fc.constant(60),
})
