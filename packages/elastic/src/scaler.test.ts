import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { held } from './caps.ts'
import { createForecast } from './forecast.ts'
import { POLICY_DEFAULTS, type PoolPolicy, type Target } from './policy.ts'
import { decide, difference } from './scaler.ts'
import type { Decision, MarketView, PoolView } from './scaler-input.ts'
import { createScaler } from './scaler-state.ts'
import { createSignals, observeArrivals, observeLevel, observeServed } from './signals.ts'

const MARKET: MarketView = { offers: 1_000, commit: 10n, rateE12: 1_000n, usualRateE12: null, startMs: 2_000 }
const POLICY: PoolPolicy = {
  ...POLICY_DEFAULTS,
  ...{ min: 1, max: 100, target: { kind: 'queue-time', ms: 1_000 } },
  budget: { amount: 10n ** 18n, ratePerHour: null },
}
const VIEW: PoolView = {
  ...{ ready: 1, acquiring: 0, draining: 0, queued: 0, inFlight: 0, remaining: null },
  ...{ committed: 0n, rateE12: 0n },
}

/** A pool of the scaler’s own: what it decides is ready a start later. */
function createPool(policy: PoolPolicy, market: MarketView = MARKET) {
  const signals = createSignals(policy, 0)
  const state = createScaler(0)
  const pool = {
    nowMs: 0,
    ready: policy.min,
    acquiring: [] as number[],
    committed: 0n,
    queued: 0,
    inFlight: 0,
  }
  const view = (): PoolView => ({
    ...{ ready: pool.ready, acquiring: pool.acquiring.length, draining: 0, remaining: null },
    ...{ queued: pool.queued, inFlight: pool.inFlight, committed: pool.committed },
    rateE12: BigInt(pool.ready + pool.acquiring.length) * market.rateE12,
  })
  const step = (arrived: number, serviceMs: number, ms: number, given: MarketView = market): Decision => {
    pool.nowMs += ms
    const started = pool.acquiring.filter((atMs) => atMs <= pool.nowMs).length
    pool.ready += started
    pool.acquiring = pool.acquiring.filter((atMs) => atMs > pool.nowMs)
    observeArrivals(signals, arrived, pool.nowMs)
    const done = Math.min(pool.inFlight, Math.floor((pool.ready * policy.slots * ms) / serviceMs))
    for (let i = 0; i < Math.min(done, 5); i++) observeServed(signals, { waitMs: 1, serviceMs }, pool.nowMs)
    const waiting = pool.queued + pool.inFlight + arrived - done
    pool.inFlight = Math.min(waiting, pool.ready * policy.slots)
    pool.queued = waiting - pool.inFlight
    observeLevel(signals, { queued: pool.queued, inFlight: pool.inFlight }, pool.nowMs)
    const decision = decide(state, { policy, signals, view: view(), market: given }, pool.nowMs)
    follow(decision, given)
    return decision
  }
  const follow = (decision: Decision, { commit, startMs }: MarketView) => {
    const change = difference(decision, view())
    for (let i = 0; i < change; i++) pool.acquiring.push(pool.nowMs + startMs)
    if (change > 0) pool.committed += BigInt(change) * commit
    for (let i = change; i < 0; i++) {
      if (pool.acquiring.pop() === undefined) pool.ready--
    }
  }
  return { pool, state, signals, step, view }
}

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.record({ kind: fc.constant('concurrency' as const), perReplica: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('queue-time' as const), ms: fc.integer({ min: 10, max: 5_000 }) }),
  fc.record({
    kind: fc.constant('latency' as const),
    percentile: fc.constantFrom(0.5, 0.95, 0.99),
    ms: fc.integer({ min: 100, max: 5_000 }),
  }),
)
const steps = fc.array(
  fc.record({
    arrived: fc.oneof(fc.nat(3), fc.nat(80)),
    serviceMs: fc.integer({ min: 50, max: 2_000 }),
    ms: fc.integer({ min: 20, max: 4_000 }),
    offers: fc.oneof({ weight: 4, arbitrary: fc.constant(1_000) }, fc.nat(3)),
    priceE12: fc.constantFrom(300n, 1_000n, 5_000n),
  }),
  { minLength: 1, maxLength: 120 },
)
const limits = fc.record({
  min: fc.nat(3),
  more: fc.nat(40),
  slots: fc.integer({ min: 1, max: 4 }),
  amount: fc.integer({ min: 30, max: 2_000 }),
  hourly: fc.option(fc.integer({ min: 4, max: 100 })),
  coolDownMs: fc.constantFrom(0, 5_000, 20_000),
  target,
})

describe('the scaler', () => {
  test('keeps its promises whatever arrives and whatever the market does', () => {
    fc.assert(
      fc.property(limits, steps, (given, played) => {
        const { min, more, slots, amount, hourly, coolDownMs } = given
        const policy: PoolPolicy = {
          ...POLICY,
          ...{ min, max: min + more + 1, slots, coolDownMs, target: given.target },
          // Per hour as the lists say, in base units × 1e12 per second: the cheapest is 300.
          budget: {
            amount: BigInt(amount),
            ratePerHour: hourly === null ? null : (BigInt(hourly) * 3_600n * 1_000n) / 10n ** 12n + 1n,
          },
        }
        const { step, view } = createPool(policy)
        const wants: { atMs: number; wanted: number }[] = []
        for (const { arrived, serviceMs, ms, offers, priceE12 } of played) {
          const before = view()
          const market = { ...MARKET, offers, rateE12: priceE12, usualRateE12: 1_000n }
          const decision = step(arrived, serviceMs, ms, market)
          const { desired, wanted, cappedBy } = decision
          expect(desired).toBeLessThanOrEqual(policy.max)
          expect(desired).toBeGreaterThanOrEqual(0)
          expect(desired).toBeLessThanOrEqual(wanted)
          expect(cappedBy !== null).toBe(desired < wanted)
          expect(view().committed <= policy.budget.amount || view().committed === before.committed).toBe(true)
          if (desired < policy.min) expect(['budget', 'rate', 'market']).toContain(cappedBy)
          for (const past of wants) {
            if (decision.atMs - past.atMs < coolDownMs && decision.reason !== 'zero') {
              expect(wanted).toBeGreaterThanOrEqual(past.wanted)
            }
          }
          if (decision.reason !== 'cool-down') wants.push({ atMs: decision.atMs, wanted })
        }
      }),
      { numRuns: 150 },
    )
  })

  test('is never lowered by its forecast', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (played, said) => {
        const [plain, foreseen] = [createPool(POLICY), createPool(POLICY)]
        for (const { arrived, serviceMs, ms } of played) {
          plain.state.forecast = createForecast(1, plain.pool.nowMs)
          const sure = createForecast(said, foreseen.pool.nowMs)
          foreseen.state.forecast = {
            ...sure,
            leader: { ...sure.leader, size: said, readyMs: 0 },
            steps: 99,
            followed: -1,
          }
          const low = plain.step(arrived, serviceMs, ms)
          Object.assign(foreseen.pool, plain.pool, { acquiring: [...plain.pool.acquiring] })
          const context = { policy: POLICY, signals: plain.signals, view: plain.view(), market: MARKET }
          const high = decide({ ...foreseen.state, wants: [...plain.state.wants] }, context, plain.pool.nowMs)
          expect(high.wanted).toBeGreaterThanOrEqual(low.wanted)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('acts on a burst within its event, and names it', () => {
    const { step } = createPool({ ...POLICY, max: 50 })
    for (let i = 0; i < 60; i++) step(1, 500, 1_000)
    const decision = step(200, 500, 20)
    expect(decision.desired).toBeGreaterThan(10)
    expect(['burst', 'backlog']).toContain(decision.reason)
  })

  test('holds in a panic what the panic wanted, then shrinks after the cool-down', () => {
    const { step, pool } = createPool({ ...POLICY, min: 1, forecast: { worth: 0, memoryMs: 60_000 } })
    for (let i = 0; i < 20; i++) step(40, 500, 1_000)
    expect(held({ ...VIEW, ready: pool.ready, acquiring: pool.acquiring.length })).toBeGreaterThan(20)
    for (let i = 0; i < 240; i++) step(0, 500, 1_000)
    expect(pool.ready).toBe(1)
  })

  test('goes to zero after its time, not before, and wakes with the first request', () => {
    const policy = { ...POLICY, min: 0, scaleToZeroAfterMs: 30_000, coolDownMs: 10_000 }
    const { step } = createPool(policy)
    expect(step(3, 100, 1_000).desired).toBeGreaterThanOrEqual(1)
    let slept = 0
    for (let second = 2; second < 120 && slept === 0; second++) {
      if (step(0, 100, 1_000).reason === 'zero') slept = second
    }
    expect(slept).toBeGreaterThanOrEqual(30)
    expect(step(0, 100, 1_000)).toMatchObject({ desired: 0, reason: 'zero' })
    expect(step(1, 100, 1_000).desired).toBeGreaterThanOrEqual(1)
  })

  test.each<
    [string, Partial<PoolPolicy>, Partial<MarketView>, Partial<PoolView>, Decision['cappedBy'], number]
  >([
    ['the most', { max: 5 }, {}, {}, 'max', 5],
    ['the market', {}, { offers: 2 }, {}, 'market', 3],
    ['the amount', { budget: { amount: 30n, ratePerHour: null } }, {}, { committed: 10n }, 'budget', 3],
    [
      'the rate',
      { budget: { amount: 10n ** 18n, ratePerHour: 36n } },
      { rateE12: 10n ** 9n },
      { rateE12: 10n ** 9n },
      'rate',
      10,
    ],
  ])('is held by %s, and says so', (_, policy, market, view, cappedBy, desired) => {
    const signals = createSignals(POLICY, 0)
    observeLevel(signals, { queued: 500, inFlight: 1 }, 0)
    const context = {
      policy: { ...POLICY, target: { kind: 'concurrency' as const, perReplica: 1 }, ...policy },
      market: { ...MARKET, ...market },
      ...{ signals, view: { ...VIEW, queued: 500, inFlight: 1, ...view } },
    }
    expect(decide(createScaler(0), context, 1_000)).toMatchObject({ cappedBy, desired })
  })

  test('gives up what goes beyond its rate when prices jump', () => {
    const signals = createSignals(POLICY, 0)
    observeLevel(signals, { queued: 500, inFlight: 10 }, 0)
    const policy = { ...POLICY, budget: { amount: 10n ** 18n, ratePerHour: 36n } }
    const view = { ...VIEW, ready: 10, queued: 500, inFlight: 10, rateE12: 2n * 10n ** 10n }
    expect(decide(createScaler(0), { policy, signals, view, market: MARKET }, 1_000)).toMatchObject({
      ...{ desired: 5, cappedBy: 'rate' },
    })
  })

  test('grows as a deadline nears, and names it', () => {
    const signals = createSignals(POLICY, 0)
    observeServed(signals, { waitMs: 0, serviceMs: 1_000 }, 0)
    const policy: PoolPolicy = { ...POLICY, target: { kind: 'deadline', atMs: 102_000 } }
    const view = { ...VIEW, queued: 400, inFlight: 0, remaining: 400 }
    const at = (nowMs: number) => decide(createScaler(0), { policy, signals, view, market: MARKET }, nowMs)
    expect(at(0)).toMatchObject({ desired: 4, reason: 'deadline' })
    // Rounded up from 4.04: it is still the deadline that asks.
    expect(at(1_000)).toMatchObject({ desired: 5, reason: 'deadline' })
    expect(at(60_000)).toMatchObject({ desired: 10, reason: 'deadline' })
    expect(at(101_000)).toMatchObject({ desired: 100, wanted: 400, cappedBy: 'max' })
  })

  test('buys more while replicas are cheap, and less room while they are dear', () => {
    const desiredAt = (rateE12: bigint) => {
      const signals = createSignals(POLICY, 0)
      observeLevel(signals, { queued: 0, inFlight: 40 }, 0)
      const view = { ...VIEW, ready: 40, inFlight: 40 }
      const market = { ...MARKET, rateE12, usualRateE12: 1_000n }
      const policy: PoolPolicy = { ...POLICY, target: { kind: 'concurrency', perReplica: 1 } }
      return decide(createScaler(0), { policy, signals, view, market }, 60_000)
    }
    expect(desiredAt(500n)).toMatchObject({ wanted: 47, reason: 'cheap', inputs: { priceRatio: 0.5 } })
    expect(desiredAt(1_000n)).toMatchObject({ wanted: 40, reason: 'steady' })
    expect(desiredAt(2_000n)).toMatchObject({ wanted: 40, inputs: { forecast: null } })
  })
})
