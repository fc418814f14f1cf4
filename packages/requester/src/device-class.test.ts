import { byTolerance, type Comparator, EXACT } from '@souk/availability'
import type { Candidate } from '@souk/market'
import { matchesGlob } from '@souk/market'
import type { Demand, Gpu, Offer } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { withDeviceClass } from './device-class.ts'

const TWO_OF_THREE = { k: 2, n: 3 }

/** An offer of an account with GPUs of these models, each of 8 GiB. */
function offerOf(account: number, ...models: string[]): Candidate {
  const gpus = models.map((model, i): Gpu => ({ id: `${i}`, family: 'nvidia', model, vramBytes: 2 ** 33 }))
  const free = { millicores: 1_000, memoryBytes: 2 ** 30, diskBytes: 0, gpus }
  const offer: Pick<Offer, 'account' | 'free'> = { account: `0x${account}`, free }
  return { entry: { peerId: `peer${account}`, offer }, rateE12: 1n } as unknown as Candidate
}

function demandOf(model: string, count = 1): Demand {
  return {
    resources: {
      ...{ millicores: 100, memoryBytes: 0, diskBytes: 0 },
      gpu: { count, family: 'nvidia', model, vramBytes: 2 ** 30 },
    },
    ...{ runtime: 'webgpu/1', network: 'none', region: null, maxRoundTripMs: null, maxRateE12: null },
    durationSeconds: 60,
  }
}

function modelFor(
  candidates: Candidate[],
  demand = demandOf('*'),
  policy = TWO_OF_THREE,
): string | undefined {
  return withDeviceClass(demand, byTolerance(), policy, candidates).resources.gpu?.model
}

describe('the model of GPU that results are compared on', () => {
  test('is the best of which all that may be asked have one', () => {
    const offers = [offerOf(1, 'A'), offerOf(2, 'B'), offerOf(3, 'A'), offerOf(4, 'B'), offerOf(5, 'B')]
    expect(modelFor(offers)).toBe('B')
    expect(modelFor([...offers, offerOf(6, 'A')])).toBe('B')
    expect(modelFor([offerOf(6, 'A'), ...offers])).toBe('A')
  })

  test('is else the best of which enough have one', () => {
    expect(modelFor([offerOf(1, 'A'), offerOf(2, 'B'), offerOf(3, 'B'), offerOf(4, 'A')])).toBe('B')
  })

  test('is one of those that the demand names', () => {
    const offers = [offerOf(1, 'A', 'B9'), offerOf(2, 'A', 'B9'), offerOf(3, 'A')]
    expect(modelFor(offers, demandOf('b*'))).toBe('B9')
  })

  test('is one of which an offer has as many as are wanted', () => {
    const offers = [offerOf(1, 'A', 'B', 'B'), offerOf(2, 'A', 'B', 'B')]
    expect(modelFor(offers, demandOf('*', 2))).toBe('B')
  })

  test('counts an account once', () => {
    expect(() => modelFor([offerOf(1, 'A'), offerOf(1, 'A')])).toThrow(
      expect.objectContaining({ data: { code: 'NO_DEVICE_CLASS', family: 'nvidia', wanted: 2 } }),
    )
  })

  test('is said to be missing, with what there is', () => {
    expect(() => modelFor([offerOf(1, 'A'), offerOf(2, 'B')])).toThrow(/1 of A, 1 of B/)
  })

  test('names itself alone, whatever it is called', () => {
    const model = modelFor([offerOf(1, 'A*'), offerOf(2, 'A*')]) ?? ''
    expect(matchesGlob(model, 'A*')).toBe(true)
    expect(matchesGlob(model, 'A100')).toBe(false)
  })

  test.each<[string, Comparator, { k: number; n: number }]>([
    ['results are compared to the bit', EXACT, TWO_OF_THREE],
    ['nothing is compared', byTolerance(), { k: 1, n: 1 }],
  ])('is anyone where %s', (_, comparator, policy) => {
    const demand = demandOf('*')
    expect(withDeviceClass(demand, comparator, policy, [offerOf(1, 'A'), offerOf(2, 'B')])).toBe(demand)
  })
})
