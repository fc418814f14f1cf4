import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accepted } from './records.ts'
import { Market } from './testing/market.ts'
import { CALM, type Fault, type MarketPlan } from './testing/market-plan.ts'

const atMs = fc.integer({ min: 0, max: 12_000 })
const who = fc.integer({ min: 1, max: 3 })
const downMs = fc.integer({ min: 100, max: 4_000 })
const effects = fc.integer({ min: 0, max: 60 })

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('crash' as const), who: fc.constant(0), atMs, effects, downMs }),
  fc.record({ kind: fc.constant('crash' as const), who, atMs, effects, downMs }),
  fc.record({ kind: fc.constant('cut' as const), who, atMs }),
  fc.record({ kind: fc.constant('mute' as const), who, atMs, downMs }),
)

const plan: fc.Arbitrary<MarketPlan> = fc
  .record({
    seed: fc.integer(),
    tasks: fc.integer({ min: 1, max: 4 }),
    quorum: fc.constantFrom({ k: 1, n: 1 }, { k: 1, n: 1 }, { k: 2, n: 3 }),
    credit: fc.integer({ min: 1, max: 2 }),
    failPercent: fc.constantFrom(0, 20),
    faults: fc.array(fault, { minLength: 1, maxLength: 8 }),
  })
  .map(({ quorum, ...rest }) => ({ ...CALM, ...rest, ...quorum, saves: true }))

describe('programs that save while they run', () => {
  test('leave nothing behind when nothing goes wrong', () => {
    const market = new Market({ ...CALM, saves: true }).run()
    expect(market.audit.violations).toEqual([])
    expect(market.audit.resumed).toBe(0)
    expect(market.buyer.journal.all(accepted).size).toBe(CALM.tasks)
  })

  test('go on where they were when their provider dies, also where it is the same again', () => {
    const crash = (who: number): Fault => ({ kind: 'crash', who, atMs: 1_500, effects: 0, downMs: 1_000 })
    const market = new Market({ ...CALM, k: 1, n: 1, saves: true, faults: [crash(1), crash(2), crash(3)] })
    expect(market.run().audit.violations).toEqual([])
    expect(market.audit.resumed).toBeGreaterThan(0)
  })

  test.each<[why: string, plan: Partial<MarketPlan>]>([
    [
      'the requester crashes right after it accepted',
      {
        seed: -1364458336,
        tasks: 2,
        credit: 1,
        faults: [
          { kind: 'crash', who: 0, atMs: 2_023, effects: 10, downMs: 100 },
          { kind: 'cut', who: 1, atMs: 20 },
        ],
      },
    ],
    [
      'a checkpoint comes after the job is over',
      {
        seed: -117790073,
        tasks: 3,
        credit: 1,
        failPercent: 20,
        faults: [{ kind: 'mute', who: 1, atMs: 3_739, downMs: 100 }],
      },
    ],
  ])('leave nothing behind where %s', (_, given) => {
    expect(new Market({ ...CALM, ...given, saves: true }).run().audit.violations).toEqual([])
  })

  test('never begin at what is not wholly here or was not agreed on, nor behind what was kept, whatever crashes', () => {
    let resumed = 0
    fc.assert(
      fc.property(plan, (given) => {
        const { audit } = new Market(given).run()
        resumed += audit.resumed
        expect(audit.violations).toEqual([])
      }),
      { numRuns: 60 },
    )
    expect(resumed).toBeGreaterThan(10)
  })
})
