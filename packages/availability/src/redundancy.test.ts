import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSpread, MAX_CANDIDATES, type PlanOffer, planRedundancy } from './redundancy.ts'
import { survival } from './survival.ts'

const offers: fc.Arbitrary<PlanOffer[]> = fc
  .array(
    fc.record({
      domains: fc.uniqueArray(
        fc.constantFrom('account:a', 'account:b', 'net:1', 'net:2', 'net:3', 'unknown'),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      failure: fc.double({ min: 0, max: 0.4, noNaN: true }),
      rateE12: fc.bigInt({ min: 0n, max: 9n }),
    }),
    { maxLength: 7 },
  )
  .map((list) => list.map((offer, i) => ({ ...offer, id: String(i) })))

const goal = fc.record({
  k: fc.integer({ min: 1, max: 3 }),
  target: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
  most: fc.integer({ min: 3, max: 5 }),
})

/** Every set that is spread and has k members, by looking at all of them. */
function allSets(list: readonly PlanOffer[], k: number, most: number): PlanOffer[][] {
  return Array.from({ length: 2 ** list.length }, (_, bits) =>
    list.filter((__, i) => (bits >> i) & 1),
  ).filter((set) => set.length >= k && set.length <= most && isSpread(set))
}

describe('a plan of redundancy', () => {
  test('is the cheapest set that meets the target, or says truly that there is none', () => {
    fc.assert(
      fc.property(offers, goal, (list, wanted) => {
        const sets = allSets(list, wanted.k, wanted.most)
        const good = sets.filter((set) => survival(set, wanted.k) >= wanted.target)
        const plan = planRedundancy(list, wanted)
        if (plan.kind === 'plan') {
          const least = good.map(price).reduce((a, b) => (a < b ? a : b))
          expect(plan.set.rateE12).toBe(least)
          expect(price(plan.set.offers)).toBe(least)
          const equals = good.filter((set) => price(set) === least)
          const likeliest = Math.max(...equals.map((set) => survival(set, wanted.k)))
          expect(plan.set.survival).toBeCloseTo(likeliest, 12)
          expect(plan.set.survival).toBeGreaterThanOrEqual(wanted.target)
          expect(isSpread(plan.set.offers)).toBe(true)
          return
        }
        expect(good).toEqual([])
        const best = Math.max(0, ...sets.map((set) => survival(set, wanted.k)))
        expect(plan.missing).toBeCloseTo(wanted.target - best, 12)
        expect(plan.best === null).toBe(sets.length === 0)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['a', true],
    ['aa', false],
    ['ab', true],
    ['aab', false],
    ['abc', true],
    ['aabb', true],
    ['aabc', true],
    ['aaab', false],
  ])('of members in the domains %s is spread: %s', (places, spread) => {
    expect(isSpread([...places].map((place) => ({ domains: [place], failure: 0 })))).toBe(spread)
  })

  test('does not depend on the order of offers in what it costs', () => {
    fc.assert(
      fc.property(offers, goal, (list, wanted) => {
        const [one, other] = [planRedundancy(list, wanted), planRedundancy([...list].reverse(), wanted)]
        expect(one.kind).toBe(other.kind)
        if (one.kind === 'plan' && other.kind === 'plan') expect(one.set.rateE12).toBe(other.set.rateE12)
      }),
      { numRuns: 100 },
    )
  })

  test('says why there is none', () => {
    const offer = (id: string, domains: string[], failure: number) => ({ id, domains, failure, rateE12: 1n })
    const wanted = { k: 1, target: 0.999 }
    expect(planRedundancy([], wanted)).toMatchObject({
      kind: 'short',
      reason: 'offers',
      best: null,
      missing: 0.999,
    })
    const frail = [offer('a', ['net:1'], 0.4), offer('b', ['net:2'], 0.4)]
    expect(planRedundancy(frail, wanted)).toMatchObject({ kind: 'short', reason: 'reliability' })
    const huddled = ['a', 'b', 'c'].map((id) => offer(id, ['region:eu'], 0.02))
    expect(planRedundancy(huddled, { k: 2, target: 0.99 })).toMatchObject({ reason: 'spread', best: null })
  })

  test('counts those whose place is unknown as one domain', () => {
    const nowhere = (id: string) => ({
      id,
      domains: ['unknown', `account:${id}`],
      failure: 0.001,
      rateE12: 1n,
    })
    const plan = planRedundancy(['a', 'b', 'c', 'd'].map(nowhere), { k: 1, target: 0.99 })
    expect(plan).toMatchObject({ kind: 'short' })
    expect(plan.kind === 'short' && plan.best?.offers.length).toBe(1)
  })

  test('of a large market looks at a few in as many domains as it can', () => {
    const list = Array.from({ length: 2_000 }, (_, i) => ({
      ...{ id: String(i), failure: 0.05, rateE12: BigInt(i) },
      domains: [`net:${Math.floor(i / 100)}`],
    }))
    const plan = planRedundancy(list, { k: 2, target: 0.99 })
    expect(plan).toMatchObject({ kind: 'plan', considered: MAX_CANDIDATES })
    expect(plan.kind === 'plan' && isSpread(plan.set.offers)).toBe(true)
  })

  test.each([
    [0, 0.9],
    [1.5, 0.9],
    [8, 0.9],
    [1, 0],
    [1, 1],
    [1, Number.NaN],
  ])('refuses k %d with target %d', (k, target) => {
    const refused = expect.objectContaining({ data: { code: 'BAD_GOAL', k, target } })
    expect(() => planRedundancy([], { k, target })).toThrow(refused)
  })
})

function price(set: readonly PlanOffer[]): bigint {
  return set.reduce((total, offer) => total + offer.rateE12, 0n)
}
