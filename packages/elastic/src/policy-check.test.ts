import { describe, expect, test } from 'vitest'
import { POLICY_DEFAULTS, type PoolPolicy } from './policy.ts'
import { checkPolicy, MAX_EDGE_BUFFER, MAX_POOL, MIN_WINDOW_MS, PolicyError } from './policy-check.ts'

const GOOD: PoolPolicy = {
  ...POLICY_DEFAULTS,
  ...{ min: 1, max: 10, target: { kind: 'concurrency', perReplica: 2 } },
  budget: { amount: 1_000n, ratePerHour: 100n },
}
const GROUND = { nowMs: 1_000, cheapest: { commit: 10n, ratePerHour: 10n } }

describe('a policy', () => {
  test('that can be followed is taken, also where no offer is known', () => {
    expect(() => checkPolicy(GOOD, GROUND)).not.toThrow()
    expect(() => checkPolicy(GOOD, { ...GROUND, cheapest: null })).not.toThrow()
    expect(() => checkPolicy({ ...GOOD, min: 0, max: MAX_POOL }, GROUND)).not.toThrow()
  })

  test.each<[string, Partial<PoolPolicy>, PolicyError['code'], string]>([
    ['more at least than at most', { min: 11 }, 'BAD_REPLICAS', 'min'],
    ['less than nothing', { min: -1 }, 'BAD_REPLICAS', 'min'],
    ['no replica at most', { min: 0, max: 0 }, 'BAD_REPLICAS', 'max'],
    ['more than a pool holds', { max: MAX_POOL + 1 }, 'BAD_REPLICAS', 'max'],
    ['half a replica', { max: 1.5 }, 'BAD_REPLICAS', 'max'],
    ['no place on a replica', { slots: 0 }, 'BAD_REPLICAS', 'slots'],
    ['more domains than replicas', { spread: 11 }, 'BAD_REPLICAS', 'spread'],
    ['an edge without bound', { edgeBuffer: MAX_EDGE_BUFFER + 1 }, 'BAD_REPLICAS', 'edgeBuffer'],
    [
      'nothing per replica',
      { target: { kind: 'concurrency', perReplica: 0 } },
      'BAD_TARGET',
      'target.perReplica',
    ],
    ['no time to wait', { target: { kind: 'queue-time', ms: 0 } }, 'BAD_TARGET', 'target.ms'],
    [
      'all of the requests',
      { target: { kind: 'latency', percentile: 1, ms: 5 } },
      'BAD_TARGET',
      'target.percentile',
    ],
    [
      'a deadline that has passed',
      { target: { kind: 'deadline', atMs: 1_000 } },
      'DEADLINE_PAST',
      'target.atMs',
    ],
    ['a window too short', { panicMs: MIN_WINDOW_MS - 1 }, 'BAD_WINDOW', 'panicMs'],
    ['a stable window shorter than the other', { stableMs: 5_999 }, 'BAD_WINDOW', 'stableMs'],
    ['a cool-down of no length', { coolDownMs: Number.NaN }, 'BAD_WINDOW', 'coolDownMs'],
    ['a forecast without memory', { forecast: { worth: 1, memoryMs: 0 } }, 'BAD_WINDOW', 'forecast.memoryMs'],
    ['a worth below nothing', { forecast: { worth: -1, memoryMs: 1_000 } }, 'BAD_WINDOW', 'forecast.worth'],
    ['a budget of zero', { budget: { amount: 0n, ratePerHour: null } }, 'BAD_BUDGET', 'budget.amount'],
    ['a rate of zero', { budget: { amount: 1n, ratePerHour: 0n } }, 'BAD_BUDGET', 'budget.ratePerHour'],
    [
      'a budget too small for one replica',
      { min: 0, budget: { amount: 9n, ratePerHour: null } },
      'BUDGET_TOO_SMALL',
      'budget.amount',
    ],
    [
      'a budget too small for the least',
      { min: 3, budget: { amount: 29n, ratePerHour: null } },
      'BUDGET_TOO_SMALL',
      'budget.amount',
    ],
    [
      'a rate too small for one replica',
      { budget: { amount: 1_000n, ratePerHour: 9n } },
      'BUDGET_TOO_SMALL',
      'budget.ratePerHour',
    ],
  ])('with %s is refused', (_, change, code, field) => {
    const thrown = caught(() => checkPolicy({ ...GOOD, ...change }, GROUND))
    expect(thrown).toBeInstanceOf(PolicyError)
    expect(thrown).toMatchObject({ data: { code, field } })
  })
})

function caught(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return null
}
