import type { TakenCapacity } from '@souk/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entry } from './arbitraries.fixture.ts'
import type { OfferEntry } from './offer-entry.ts'
import { perHour } from './price.ts'
import { summarizeOffers } from './summary.ts'

const family = 'nvidia' as const
const taken = fc.record<TakenCapacity>({
  millicores: fc.nat(9_000),
  memoryBytes: fc.nat(),
  gpus: fc.constantFrom(
    [],
    [{ family, model: 'NVIDIA H100', count: 2 }],
    [{ family, model: 'gone', count: 1 }],
  ),
})
/** Offers that tell what is taken, and offers that do not. */
const telling: fc.Arbitrary<OfferEntry> = fc
  .tuple(entry, taken, taken, fc.boolean())
  .map(([one, leased, reserved, tells]) =>
    tells ? { ...one, offer: { ...one.offer, leased, reserved } } : one,
  )

test('cores and GPUs of all offers are in the classes, and what nobody says is unknown', () => {
  fc.assert(
    fc.property(fc.array(telling, { maxLength: 12 }), (entries) => {
      const classes = summarizeOffers(entries)
      const selling = entries.filter(({ offer }) => offer.runtimes.length > 0)
      const told = selling.filter(({ offer }) => offer.leased !== undefined)
      const cores = classes.filter(({ kind }) => kind === 'cores')
      expect(cores).toHaveLength(selling.length > 0 ? 1 : 0)
      for (const one of cores) {
        expect(one.free).toBe(sum(selling.map(({ offer }) => offer.free.millicores)))
        expect(one.silent).toBe(selling.length - told.length)
        const leased = sum(told.map(({ offer }) => offer.leased?.millicores ?? 0))
        expect(one.leased).toBe(told.length === 0 ? null : leased)
        const prices = selling.map(({ offer }) => perHour(offer.prices.coreSecondE12))
        expect(prices.filter((price) => price < one.price.min || price > one.price.max)).toEqual([])
        const below = prices.filter((price) => price <= one.price.median).length
        expect(below * 2).toBeGreaterThanOrEqual(prices.length)
        expect(prices).toContain(one.price.median)
      }
      const free = sum(classes.filter(({ kind }) => kind === 'gpus').map((one) => one.free))
      expect(free).toBe(sum(entries.map(({ offer }) => offer.free.gpus.length)))
    }),
  )
})

test('a model of which all GPUs are taken is a class of its own', () => {
  const [one] = fc.sample(entry, { numRuns: 1, seed: 1 })
  if (one === undefined) throw new Error('one sample')
  const gpus = [{ family, model: 'gone', count: 3 }]
  const offer = {
    ...{ ...one.offer, free: { ...one.offer.free, gpus: [] } },
    leased: { millicores: 0, memoryBytes: 0, gpus },
    reserved: { millicores: 0, memoryBytes: 0, gpus: [] },
  }
  const found = summarizeOffers([{ ...one, offer }]).filter(({ kind }) => kind === 'gpus')
  expect(found).toMatchObject([{ family, model: 'gone', free: 0, leased: 3, reserved: 0, silent: 0 }])
})

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
