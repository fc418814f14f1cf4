import type { Doubt } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { FailoverDesk, inDoubt } from './failover-desk.ts'
import type { JobParts } from './job-services.ts'
import type { PurchaseRunner } from './purchase-runner.ts'

const lease = (n: number): Hex => `0x${n}`
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A job with one lease; the market gives another for every search, unless `search` says how many it gives. */
function bench(search: () => Promise<number> = async () => 1) {
  const leases = new Map<Hex, PurchaseRunner>()
  const members = new Map<Hex, { running: Set<string>; credit: number }>()
  const closed: Hex[] = []
  const problems: unknown[] = []
  const state = { nowMs: 0, bought: 0, searches: 0 }
  const join = (n: number) => {
    members.set(lease(n), { running: new Set(), credit: 1 })
    const close = async () => {
      closed.push(lease(n))
      leases.delete(lease(n))
    }
    leases.set(lease(n), { close, post: async () => {} } as unknown as PurchaseRunner)
  }
  const job = {
    row: { id: 'job', state: 'running' },
    tasks: [],
    leases: members,
    doubts: new Map<Hex, Doubt>(),
  }
  const services = {
    clock: () => state.nowMs,
    onProblem: (_: string, error: unknown) => problems.push(error),
  }
  const desk = new FailoverDesk({ job, tasks: [], services } as unknown as JobParts, {
    leases,
    async search() {
      state.searches += 1
      const found = await search()
      for (let n = 0; n < found; n++) join(10 + ++state.bought)
      return found
    },
    async askNext() {},
  })
  join(1)
  const doubt = async () => {
    job.doubts.set(lease(1), 'silence')
    desk.standBy(lease(1), 'warm')
    await settled()
  }
  const refute = () => {
    job.doubts.delete(lease(1))
    desk.standDown(lease(1))
  }
  const pass = async (ms: number) => {
    state.nowMs += ms
    desk.tick()
    await settled()
  }
  return { desk, join, job, leases, members, closed, problems, state, doubt, refute, pass }
}

describe('a lease bought for one in doubt', () => {
  test('stays for the next doubt when it came to nothing, and is given back later', async () => {
    const { doubt, refute, pass, state, closed } = bench()
    for (let times = 0; times < 5; times++) {
      await doubt()
      refute()
      await pass(59_999)
    }
    expect(state.bought).toBe(1)
    expect(closed).toEqual([])
    await pass(1)
    expect(closed).toEqual([lease(11)])
  })

  test('is not given back while a lease is in doubt, nor once it has work', async () => {
    const { doubt, refute, pass, job, members, closed } = bench()
    await doubt()
    refute()
    job.doubts.set(lease(1), 'closed')
    await pass(60_000)
    expect(closed).toEqual([])
    members.get(lease(11))?.running.add('job.0.0.1')
    job.doubts.clear()
    await pass(1)
    expect(closed).toEqual([])
  })

  test('is one of three for each job', async () => {
    const { doubt, refute, pass, state } = bench()
    for (let times = 0; times < 9; times++) {
      await doubt()
      refute()
      await pass(60_000)
    }
    expect(state).toMatchObject({ bought: 3, searches: 3 })
  })

  test('is looked for again where others were being looked for, and five times in all', async () => {
    const given = [0, 1]
    const found = bench(async () => given.shift() ?? 0)
    await found.doubt()
    await found.pass(1_999)
    expect(found.state.searches).toBe(1)
    await found.pass(1)
    expect(found.state).toMatchObject({ searches: 2, bought: 1 })
    const none = bench(async () => 0)
    await none.doubt()
    for (let times = 0; times < 9; times++) await none.pass(2_000)
    expect(none.state.searches).toBe(5)
  })

  test('is not looked for any more when another has come', async () => {
    const { doubt, pass, join, state } = bench(async () => 0)
    await doubt()
    join(2)
    await pass(2_000)
    expect(state.searches).toBe(1)
  })

  test('stays where the other was over before it came', async () => {
    const bought = Promise.withResolvers<number>()
    const { doubt, pass, leases, closed } = bench(() => bought.promise)
    await doubt()
    leases.delete(lease(1))
    await pass(100)
    bought.resolve(1)
    await pass(0)
    await pass(60_000)
    expect([...leases.keys()]).toEqual([lease(11)])
    expect(closed).toEqual([])
  })

  test('is not looked for any more when the other is over', async () => {
    const { doubt, pass, leases, state } = bench(async () => 0)
    await doubt()
    leases.delete(lease(1))
    await pass(2_000)
    expect(state.searches).toBe(1)
  })

  test('that cannot be bought is told of', async () => {
    const error = new Error('the journal is closed')
    const { doubt, problems } = bench(() => Promise.reject(error))
    await doubt()
    expect(problems).toEqual([error])
  })
})

test('a lease that is over is in doubt no more', () => {
  const { job, leases } = bench()
  job.doubts.set(lease(1), 'silence').set(lease(2), 'rebooted')
  expect(inDoubt({ job, leases })).toEqual([{ lease: lease(1), reason: 'silence' }])
})
