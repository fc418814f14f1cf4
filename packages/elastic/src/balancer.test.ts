import { describe, expect, test } from 'vitest'
import {
  addBackend,
  createBalancer,
  EJECT_FAILURES,
  EJECT_MS,
  pickBackend,
  removeBackend,
  settleBackend,
} from './balancer.ts'
import { chooseHedge, HEDGE_LEAST, hedgeAfterMs } from './hedging.ts'
import { createExtraBudget, earnExtra, RETRY_MOST, spendExtra } from './retry-budget.ts'
import { addToSketch, createSketch } from './sketch.ts'

/** Numbers in [0, 1) from a seed: a linear congruence. */
function drawsOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** Plays requests, one each `gapMs`, on replicas that take so long for each; returns the latencies, sorted. */
function play(services: readonly number[], gapMs: number, requests: number): number[] {
  const balancer = createBalancer()
  const draw = drawsOf(7)
  services.forEach((_, i) => {
    addBackend(balancer, `${i}`, 1, 0)
  })
  const freeMs = services.map(() => 0)
  const pending: { id: string; startMs: number; endMs: number }[] = []
  const latencies: number[] = []
  for (let n = 0; n < requests; n++) {
    const nowMs = n * gapMs
    pending.sort((a, b) => a.endMs - b.endMs)
    while ((pending[0]?.endMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const done = pending.shift()
      if (done === undefined) break
      latencies.push(done.endMs - done.startMs)
      settleBackend(balancer, done.id, { latencyMs: done.endMs - done.startMs }, done.endMs)
    }
    const id = pickBackend(balancer, [draw(), draw()], nowMs) ?? '0'
    const endMs = Math.max(nowMs, freeMs[Number(id)] ?? 0) + (services[Number(id)] ?? 0)
    freeMs[Number(id)] = endMs
    pending.push({ id, startMs: nowMs, endMs })
  }
  return latencies.sort((a, b) => a - b)
}

const p99 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN

describe('a balancer', () => {
  test('keeps the tail where it was with one slow replica in five', () => {
    const even = play([50, 50, 50, 50, 50], 25, 20_000)
    const slow = play([50, 50, 50, 50, 1_000], 25, 20_000)
    expect(p99(slow)).toBeLessThanOrEqual(1.3 * p99(even))
  })

  test('gives a replica of twice the speed more', () => {
    const balancer = createBalancer()
    addBackend(balancer, 'slow', 1, 0)
    addBackend(balancer, 'fast', 2, 0)
    const draw = drawsOf(3)
    const counts = { slow: 0, fast: 0 }
    for (let i = 0; i < 300; i++)
      counts[pickBackend(balancer, [draw(), draw()], 0) === 'fast' ? 'fast' : 'slow']++
    expect(counts.fast / counts.slow).toBeGreaterThan(1.8)
    expect(counts.fast / counts.slow).toBeLessThan(2.2)
  })

  test('ejects who fails in a row, for longer each time, but never most of them', () => {
    const balancer = createBalancer()
    for (const id of ['a', 'b', 'c']) addBackend(balancer, id, 1, 0)
    const fail = (id: string, nowMs: number) => {
      for (let i = 0; i < EJECT_FAILURES; i++) settleBackend(balancer, id, 'failed', nowMs)
    }
    fail('a', 0)
    fail('b', 0)
    const picked = (nowMs: number) =>
      new Set([0, 0.4, 0.8].map((draw) => pickBackend(balancer, [draw, draw], nowMs)))
    expect(balancer.backends.get('a')?.ejectedUntilMs).toBe(EJECT_MS)
    expect(balancer.backends.get('b')?.ejectedUntilMs).toBe(0)
    expect(picked(1).has('a')).toBe(false)
    fail('a', EJECT_MS)
    expect(balancer.backends.get('a')?.ejectedUntilMs).toBe(3 * EJECT_MS)
  })

  test('asks an ejected one rather than nobody, nobody of none, and never who is excepted', () => {
    const balancer = createBalancer()
    expect(pickBackend(balancer, [0.5, 0.5], 0)).toBeNull()
    addBackend(balancer, 'a', 1, 0)
    const only = balancer.backends.get('a')
    if (only !== undefined) only.ejectedUntilMs = 1_000
    expect(pickBackend(balancer, [0.5, 0.5], 0)).toBe('a')
    expect(pickBackend(balancer, [0.5, 0.5], 0, new Set(['a']))).toBeNull()
    settleBackend(balancer, 'a', 'cancelled', 0)
    expect(only?.inFlight).toBe(0)
    removeBackend(balancer, 'a')
    expect(pickBackend(balancer, [0.5, 0.5], 0)).toBeNull()
  })
})

describe('what is done twice', () => {
  test('is paid from a budget that requests earn and that saves up no storm', () => {
    const budget = createExtraBudget(0.2)
    for (let i = 0; i < RETRY_MOST; i++) expect(spendExtra(budget)).toBe(true)
    expect(spendExtra(budget)).toBe(false)
    for (let i = 0; i < 4; i++) earnExtra(budget)
    expect(spendExtra(budget)).toBe(false)
    earnExtra(budget)
    expect(spendExtra(budget)).toBe(true)
    for (let i = 0; i < 1_000; i++) earnExtra(budget)
    expect(budget.tokens).toBe(RETRY_MOST)
  })

  test('is hedged after the 95th percentile, once that is known', () => {
    const latencies = createSketch()
    for (let i = 1; i < HEDGE_LEAST; i++) addToSketch(latencies, i)
    expect(hedgeAfterMs(latencies)).toBeNull()
    addToSketch(latencies, HEDGE_LEAST)
    expect(hedgeAfterMs(latencies)).toBeCloseTo(0.95 * HEDGE_LEAST, 0)
  })

  test('goes to another domain, the least loaded, within the budget', () => {
    const first = { id: 'a', domains: ['net:1', 'account:x'], load: 1 }
    const others = [
      { id: 'b', domains: ['net:1', 'account:y'], load: 0 },
      { id: 'c', domains: ['net:2', 'account:z'], load: 5 },
      { id: 'd', domains: ['net:3', 'account:w'], load: 2 },
    ]
    const budget = createExtraBudget(0.05, 1)
    expect(chooseHedge(first, [first, ...others.slice(0, 1)], budget)).toBeNull()
    expect(chooseHedge(first, others, budget)).toBe('d')
    expect(chooseHedge(first, others, budget)).toBeNull()
  })
})
