import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prices, requirements, resources } from './arbitraries.fixture.ts'
import { takeResources, withoutResources } from './capacity.ts'
import { perHour, rateE12, rateOfHour, requirementsRateE12 } from './price.ts'

test('a core, a GiB and a GPU cost what the list says', () => {
  const list = { startFee: 7n, coreSecondE12: 100n, gibSecondE12: 10n, gpuSecondE12: 1_000n }
  const gpu = { id: 'a', family: 'nvidia' as const, model: 'm', vramBytes: 1 }
  const machine = {
    millicores: 2_000,
    memoryBytes: 3 * 2 ** 30,
    diskBytes: 5,
    gpus: [gpu, { ...gpu, id: 'b' }],
  }
  expect(rateE12(list, machine)).toBe(2n * 100n + 3n * 10n + 2n * 1_000n)
})

test('a fraction of a unit is rounded up, part by part', () => {
  const list = { startFee: 0n, coreSecondE12: 1n, gibSecondE12: 1n, gpuSecondE12: 0n }
  expect(rateE12(list, { millicores: 1, memoryBytes: 1, diskBytes: 0, gpus: [] })).toBe(2n)
  expect(perHour(1n)).toBe(1n)
  expect(perHour(0n)).toBe(0n)
})

test('more machine never costs less', () => {
  fc.assert(
    fc.property(prices, resources, resources, (list, a, b) => {
      const both = {
        millicores: a.millicores + b.millicores,
        memoryBytes: a.memoryBytes + b.memoryBytes,
        diskBytes: a.diskBytes + b.diskBytes,
        gpus: [...a.gpus, ...b.gpus],
      }
      expect(rateE12(list, both)).toBeGreaterThanOrEqual(rateE12(list, a))
      expect(rateE12(list, both)).toBeLessThanOrEqual(rateE12(list, a) + rateE12(list, b))
    }),
  )
})

test('a price per hour and its rate agree to less than a base unit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 96n }), (baseUnits) => {
      expect(perHour(rateOfHour(baseUnits))).toBe(baseUnits)
    }),
  )
})

test('what is taken is what was asked for, costs the same, and leaves the rest', () => {
  fc.assert(
    fc.property(prices, resources, requirements, (list, free, wanted) => {
      const taken = takeResources(free, wanted)
      if (taken === null) return
      const { gpu } = wanted
      const { millicores, memoryBytes, diskBytes } = wanted
      expect(taken).toMatchObject({ millicores, memoryBytes, diskBytes })
      expect(taken.gpus).toHaveLength(gpu?.count ?? 0)
      for (const each of taken.gpus) {
        expect(free.gpus).toContainEqual(each)
        expect(each.family).toBe(gpu?.family)
        expect(each.vramBytes).toBeGreaterThanOrEqual(gpu?.vramBytes ?? 0)
      }
      expect(rateE12(list, taken)).toBe(requirementsRateE12(list, wanted))
      const left = withoutResources(free, taken)
      expect(left?.millicores).toBe(free.millicores - taken.millicores)
      const together = [...(left?.gpus ?? []), ...taken.gpus].map((each) => each.id)
      expect(together.toSorted()).toEqual(free.gpus.map((each) => each.id).toSorted())
    }),
  )
})

test('the smallest GPU that does is taken, and none that is not there', () => {
  const gpu = (id: string, vramBytes: number) => ({
    id,
    family: 'nvidia' as const,
    model: 'NVIDIA A100',
    vramBytes,
  })
  const free = {
    millicores: 1,
    memoryBytes: 1,
    diskBytes: 1,
    gpus: [gpu('large', 80), gpu('small', 40), gpu('tiny', 8)],
  }
  const wanted = (count: number) => ({
    ...{ millicores: 1, memoryBytes: 1, diskBytes: 1 },
    gpu: { count, family: 'nvidia' as const, model: '*a100', vramBytes: 40 },
  })
  expect(takeResources(free, wanted(1))?.gpus.map((each) => each.id)).toEqual(['small'])
  expect(takeResources(free, wanted(2))?.gpus.map((each) => each.id)).toEqual(['small', 'large'])
  expect(takeResources(free, wanted(3))).toBeNull()
  expect(withoutResources(free, { ...free, gpus: [gpu('other', 8)] })).toBeNull()
  expect(withoutResources(free, { ...free, millicores: 2 })).toBeNull()
})
