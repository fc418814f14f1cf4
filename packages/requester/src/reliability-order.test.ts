import type { Candidate } from '@souk/market'
import type { Demand, GpuClass } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byWorth } from './reliability-order.ts'

const GPU = { count: 1, family: 'nvidia', model: '*', vramBytes: 0 } as const
const DEMAND = { resources: { gpu: GPU } } as unknown as Demand
const MARKED = { family: 'nvidia', model: 'X', marks: ['hot'] } as unknown as GpuClass

function candidate(rateE12: number, marked = false): Candidate {
  const entry = { offer: { gpuClasses: marked ? [MARKED] : [] } } as unknown as Candidate['entry']
  return { entry, rateE12: BigInt(rateE12) }
}

const market = fc.array(
  fc.record({ rate: fc.integer({ min: 0, max: 20 }), bound: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { maxLength: 12 },
)

describe('the order in which offers are asked', () => {
  it('is the market’s where nothing tells them apart', () => {
    fc.assert(
      fc.property(market, fc.double({ min: 0, max: 1, noNaN: true }), (list, bound) => {
        const candidates = list.map(({ rate }, i) => candidate(rate, i % 3 === 0))
        expect(byWorth(candidates, DEMAND, () => bound)).toEqual(candidates)
      }),
    )
  })

  it('is by price over reliability, ties as in the market', () => {
    fc.assert(
      fc.property(market, (list) => {
        const sorted = list.toSorted((a, b) => a.rate - b.rate)
        const candidates = sorted.map(({ rate }) => candidate(rate))
        const percent = (i: number) => Math.max(1, Math.floor((sorted[i]?.bound ?? 0) * 100))
        const worth = (one: Candidate) => {
          const i = candidates.indexOf(one)
          return (sorted[i]?.rate ?? 0) / percent(i)
        }
        const order = byWorth(candidates, DEMAND, (one) => sorted[candidates.indexOf(one)]?.bound ?? 0)
        const places = order.map((one) => candidates.indexOf(one))
        for (const [i, one] of order.entries()) {
          const next = order[i + 1]
          if (next === undefined) continue
          expect(worth(one)).toBeLessThanOrEqual(worth(next) + 1e-12)
          const [a, b] = [places[i] ?? 0, places[i + 1] ?? 0]
          if (one.rateE12 === next.rateE12 && percent(a) === percent(b)) expect(a).toBeLessThan(b)
        }
        expect(places.toSorted((a, b) => a - b)).toEqual(candidates.map((_, i) => i))
      }),
    )
  })

  it('leaves marked GPUs behind the others, however reliable', () => {
    const [good, marked] = [candidate(9), candidate(1, true)]
    expect(byWorth([good, marked], DEMAND, (one) => (one === marked ? 0.9 : 0.1))).toEqual([good, marked])
  })
})
