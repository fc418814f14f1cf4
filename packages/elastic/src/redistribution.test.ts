import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { considerMove, MOVE_TIMES } from './consolidation.ts'
import { admit, WAITING_PER_SLOT } from './edge.ts'
import { DRAIN_MS, drainStep, type Occupied, planResize } from './redistribution.ts'

const replica = (id: string, running: number, change: Partial<Occupied> = {}): Occupied => {
  return { id, running, rateE12: 100n, drainingSinceMs: null, ...change }
}

describe('a resize', () => {
  test('takes the idle first, of those the dearest, then those with the least on them', () => {
    const replicas = [
      replica('busy', 5),
      replica('cheap', 0),
      replica('dear', 0, { rateE12: 200n }),
      replica('light', 1),
    ]
    const nothing = { release: [], drain: [], recall: [], cancel: 0, acquire: 0 }
    expect(planResize(replicas, 3, 0)).toEqual({ ...nothing, release: ['dear'] })
    expect(planResize(replicas, 1, 0)).toEqual({ ...nothing, release: ['dear', 'cheap'], drain: ['light'] })
    expect(planResize(replicas, 3, 2)).toEqual({ ...nothing, release: ['dear'], cancel: 2 })
  })

  test('calls back what drains before anything new is acquired', () => {
    const replicas = [
      replica('a', 1),
      replica('b', 2, { drainingSinceMs: 5 }),
      replica('c', 0, { drainingSinceMs: 5 }),
    ]
    expect(planResize(replicas, 2, 0)).toMatchObject({ recall: ['b'], acquire: 0, release: ['c'] })
    expect(planResize(replicas, 5, 0)).toMatchObject({ recall: ['b', 'c'], acquire: 2, release: [] })
  })

  test('comes to what was wanted, and lets go nothing that has work', () => {
    const some = fc.array(
      fc.record({
        running: fc.nat(3),
        rateE12: fc.bigInt({ min: 1n, max: 9n }),
        drainingSinceMs: fc.option(fc.nat(10)),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(some, fc.nat(15), fc.nat(5), (given, desired, acquiring) => {
        const replicas = given.map((each, i) => ({ ...each, id: `${i}` }))
        const plan = planResize(replicas, desired, acquiring)
        const staying = replicas.filter((each) => each.drainingSinceMs === null)
        const leave = new Set([...plan.release, ...plan.drain])
        const after =
          staying.filter(({ id }) => !leave.has(id)).length +
          plan.recall.length +
          acquiring -
          plan.cancel +
          plan.acquire
        expect(after).toBe(desired)
        for (const id of plan.release) expect(replicas.find((each) => each.id === id)?.running).toBe(0)
        expect(new Set([...plan.release, ...plan.drain, ...plan.recall]).size).toBe(
          plan.release.length + plan.drain.length + plan.recall.length,
        )
      }),
    )
  })

  test('drains in two phases, and takes back what does not end', () => {
    expect(drainStep(replica('a', 0, { drainingSinceMs: 0 }), 1)).toBe('release')
    expect(drainStep(replica('a', 1, { drainingSinceMs: 0 }), DRAIN_MS - 1)).toBe('wait')
    expect(drainStep(replica('a', 1, { drainingSinceMs: 0 }), DRAIN_MS)).toBe('take-back')
  })
})

describe('a move', () => {
  const costs = { remainingMs: 3_600_000, overlapMs: 5_000, lostMs: 10_000, fee: 0n, lossMs: 20_000 }

  test('pays while enough time is left', () => {
    const [from, to] = [
      { rateE12: 2_000n, hazard: 0 },
      { rateE12: 1_000n, hazard: 0 },
    ]
    expect(considerMove(from, to, costs)).toMatchObject({
      pays: true,
      savingE12: 3_595_000n,
      costE12: 15_000n,
    })
    expect(considerMove(from, to, { ...costs, remainingMs: 20_000 }).pays).toBe(false)
    expect(considerMove(from, to, { ...costs, fee: 1n }).pays).toBe(false)
    expect(considerMove(to, from, costs).pays).toBe(false)
  })

  test('counts the hazard of where it goes', () => {
    const from = { rateE12: 1_100n, hazard: 0 }
    const [safe, risky] = [
      { rateE12: 1_000n, hazard: 0 },
      { rateE12: 1_000n, hazard: 1 / 60_000 },
    ]
    expect(considerMove(from, safe, costs).pays).toBe(true)
    expect(considerMove(from, risky, costs).pays).toBe(false)
  })

  test('never pays unless the saving outweighs the cost by the margin', () => {
    const place = fc.record({
      rateE12: fc.bigInt({ min: 0n, max: 10n ** 15n }),
      hazard: fc.double({ min: 0, max: 1e-4, noNaN: true }),
    })
    const ms = fc.nat(10_000_000)
    const given = fc.record({
      remainingMs: ms,
      overlapMs: ms,
      lostMs: ms,
      lossMs: ms,
      fee: fc.bigInt({ min: 0n, max: 99n }),
    })
    fc.assert(
      fc.property(place, place, given, (from, to, each) => {
        const { pays, savingE12, costE12 } = considerMove(from, to, each)
        expect(savingE12 >= 0n && costE12 >= 0n).toBe(true)
        expect(pays).toBe(savingE12 > 0n && savingE12 * 10n > costE12 * BigInt(MOVE_TIMES * 10))
        if (from.rateE12 <= to.rateE12) expect(pays).toBe(false)
      }),
    )
  })
})

test('an edge serves, lets wait, or refuses with a time, and never holds more than its bound', () => {
  const policy = { edgeBuffer: 3, slots: 2 }
  expect(admit(policy, { ready: 1, queued: 0, inFlight: 1 }, 2_500)).toEqual({ kind: 'serve' })
  expect(admit(policy, { ready: 0, queued: 2, inFlight: 0 }, 2_500)).toEqual({ kind: 'wait' })
  expect(admit(policy, { ready: 0, queued: 3, inFlight: 0 }, 2_500)).toEqual({
    kind: 'refuse',
    retryAfterSeconds: 3,
  })
  const full = 3 + 2 * WAITING_PER_SLOT
  expect(admit(policy, { ready: 1, queued: full - 1, inFlight: 2 }, 0)).toEqual({ kind: 'wait' })
  expect(admit(policy, { ready: 1, queued: full, inFlight: 2 }, 0)).toEqual({
    kind: 'refuse',
    retryAfterSeconds: 1,
  })
})
