import { type MarketView, POLICY_DEFAULTS, type PoolPolicy } from '@souk/elastic'
import type { Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { jobRow } from '../../engine/src/testing/parties.ts'
import type { JobRunner } from './job-runner.ts'
import { PoolMoney } from './pool-money.ts'
import { PoolRunner } from './pool-runner.ts'

const REST_MS = 60_000
const POLICY: PoolPolicy = {
  ...POLICY_DEFAULTS,
  ...{ min: 0, max: 4, target: { kind: 'concurrency', perReplica: 1 }, scaleToZeroAfterMs: REST_MS },
  budget: { amount: 1_000n, ratePerHour: null },
}
const MARKET: MarketView = { offers: 10, commit: 1n, rateE12: 1n, usualRateE12: null, startMs: 1_000 }

/** The pool of a service of four replicas of which one has a lease; the others wait for one. */
function bench() {
  const state = { nowMs: 1_000_000, bought: [] as number[], closed: [] as Hex[] }
  const load = { queued: 0, inFlight: 0, on: () => load.inFlight }
  const leases = new Map<Hex, { state: { connected: boolean }; close(): Promise<void> }>()
  const retired = new Set<Hex>()
  const join = (lease: Hex) => {
    const close = async () => {
      state.closed.push(lease)
      leases.delete(lease)
      retired.delete(lease)
    }
    leases.set(lease, { state: { connected: true }, close })
  }
  const runner = {
    job: { row: { ...jobRow(4), service: true }, open: 4, lanes: { wanted: 3 }, inFlight: new Set(['a']) },
    ...{ leases, retired, shortage: null, subscribe: () => () => {}, report: () => {} },
    retire: (lease: Hex, isRetired: boolean) => (isRetired ? retired.add(lease) : retired.delete(lease)),
    async search(count: number) {
      const allowed = pool.allow(count)
      state.bought.push(allowed)
      return allowed
    },
  }
  Object.assign(runner.job, { durations: [] })
  const services = {
    ...{ journal: createMemoryJournal(), dateMs: () => state.nowMs, market: () => MARKET },
    members: () => {
      const each = { isUsable: true, running: 1, leftMs: null, durationMs: 600_000, rateE12: 1n }
      return [...leases.keys()].map((lease) => ({ ...each, lease, isRetiring: retired.has(lease) }))
    },
    onProblem: (sentence: string, error: unknown) => expect.fail(`${sentence}: ${error}`),
  }
  const money = new PoolMoney(POLICY.budget)
  const pool = new PoolRunner(runner as unknown as JobRunner, POLICY, money, services, null)
  join('0x01')
  const pass = (ms: number) => {
    state.nowMs += ms
    pool.tick()
  }
  return { pool, state, load, pass }
}

test('replicas of a service that wait for a lease are no load, before it takes requests and after', () => {
  const { pool, state, load, pass } = bench()
  pass(1_000)
  pool.serve(load)
  pass(1_000)
  expect(pool.status()).toMatchObject({ desired: 1, ready: 1 })
  expect(state.bought).toEqual([])
})

test('a service that nobody asks for gives its last lease back, buys none, and wakes with a request', () => {
  const { pool, state, load, pass } = bench()
  pool.serve(load)
  pass(REST_MS - 1_000)
  expect(pool.isAsleep).toBe(false)
  // Busy until now, though nothing arrives.
  load.inFlight = 1
  pass(2_000)
  load.inFlight = 0
  pass(1_000)
  pass(REST_MS - 1_000)
  expect(pool.status()).toMatchObject({ desired: 1, ready: 1 })
  for (let at = 0; at < 10; at++) pass(1_000)
  expect(pool.isAsleep).toBe(true)
  expect(state.closed).toEqual(['0x01'])
  expect(pool.status()).toMatchObject({ desired: 0, ready: 0, decision: { reason: 'zero' } })
  // Its replicas want leases all the time.
  expect(pool.allow(1)).toBe(0)
  expect(state.bought).toEqual([])

  state.nowMs += 1_000
  load.queued = 1
  pool.arrived()
  expect(pool.isAsleep).toBe(false)
  expect(state.bought).toEqual([1])
})
