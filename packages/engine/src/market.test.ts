import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accepted } from './records.ts'
import { Market } from './testing/market.ts'
import { CALM, type Fault, type MarketPlan } from './testing/market-plan.ts'

const atMs = fc.integer({ min: 0, max: 20_000 })
const seller = fc.integer({ min: 1, max: 4 })
const downMs = fc.integer({ min: 100, max: 9_000 })
const effects = fc.integer({ min: 0, max: 60 })

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('crash' as const), who: fc.constant(0), atMs, effects, downMs }),
  fc.record({ kind: fc.constant('crash' as const), who: seller, atMs, effects, downMs }),
  fc.record({ kind: fc.constant('cut' as const), who: seller, atMs }),
  fc.record({ kind: fc.constant('mute' as const), who: seller, atMs, downMs }),
  fc.record({ kind: fc.constant('deaf' as const), who: fc.integer({ min: 0, max: 4 }), atMs, downMs }),
  fc.record({
    kind: fc.constant('drain' as const),
    who: seller,
    atMs,
    seconds: fc.integer({ min: 0, max: 20 }),
  }),
)

const plan: fc.Arbitrary<MarketPlan> = fc.record({
  seed: fc.integer(),
  tasks: fc.integer({ min: 1, max: 8 }),
  k: fc.constant(2),
  n: fc.constant(3),
  sellers: fc.integer({ min: 3, max: 4 }),
  liar: fc.boolean(),
  credit: fc.integer({ min: 1, max: 3 }),
  failPercent: fc.constantFrom(0, 0, 20),
  held: fc.boolean(),
  rounds: fc.boolean(),
  faults: fc.array(fault, { maxLength: 6 }),
})

describe('a market of one requester and some providers', () => {
  test('runs a job when nothing goes wrong', () => {
    const market = new Market(CALM).run()
    expect(market.audit.violations).toEqual([])
    expect(market.buyer.journal.all(accepted).size).toBe(CALM.tasks)
  })

  test('catches a liar', () => {
    const market = new Market({ ...CALM, liar: true, tasks: 12 }).run()
    expect(market.audit.violations).toEqual([])
    expect(market.audit.caught.size).toBeGreaterThan(0)
  })

  test('catches a liar among providers that round in their own ways', () => {
    const market = new Market({ ...CALM, rounds: true, liar: true, tasks: 12 }).run()
    expect(market.audit.violations).toEqual([])
    expect(market.audit.caught.size).toBeGreaterThan(0)
    const decided = [...market.buyer.journal.all(accepted).values()]
    expect(decided.length).toBe(12)
    expect(decided.every(({ agreeing }) => agreeing.length >= 2)).toBe(true)
  })

  test('keeps its promises through crashes between any two effects, losses, silence and drains', () => {
    fc.assert(
      fc.property(plan, (given) => {
        expect(new Market(given).run().audit.violations).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})
