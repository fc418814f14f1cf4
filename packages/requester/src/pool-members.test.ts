import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsSoon, type Member, sortMembers, victims } from './pool-members.ts'

const member = (change: Partial<Member> = {}): Member => ({
  ...{ lease: '0x01', isUsable: true, isRetiring: false, running: 0, leftMs: null, durationMs: 600_000 },
  ...{ rateE12: 1n, ...change },
})

const members = fc.array(
  fc.record({
    lease: fc.bigInt(0n, 1_000n).map((n): `0x${string}` => `0x${n.toString(16)}`),
    isUsable: fc.boolean(),
    isRetiring: fc.boolean(),
    running: fc.nat(5),
    leftMs: fc.option(fc.integer({ min: 0, max: 600_000 }), { nil: null }),
    durationMs: fc.integer({ min: 1_000, max: 600_000 }),
    rateE12: fc.bigInt(1n, 5n),
  }),
)

describe('the leases of a pool', () => {
  it('are each one of ready, ending and draining', () => {
    fc.assert(
      fc.property(members, fc.nat(100_000), (all, taskMs) => {
        const { ready, ending, draining } = sortMembers(all, taskMs)
        expect(ready.length + ending.length + draining.length).toBe(all.length)
        expect(new Set([...ready, ...ending, ...draining])).toEqual(new Set(all))
        for (const one of [...ready, ...ending]) expect(one.isUsable && !one.isRetiring).toBe(true)
      }),
    )
  })

  it('are let go idle ones first, and of equal work the dearest', () => {
    fc.assert(
      fc.property(members, fc.nat(10), (all, count) => {
        const gone = new Set(victims(all, count))
        expect(gone.size).toBe(Math.min(count, all.length))
        for (const one of gone) {
          for (const kept of all) {
            if (gone.has(kept)) continue
            expect(one.running).toBeLessThanOrEqual(kept.running)
            if (one.running === kept.running) expect(one.rateE12).toBeGreaterThanOrEqual(kept.rateE12)
          }
        }
      }),
    )
  })

  it.each([
    ['not opened yet', { leftMs: null }, 0, false],
    ['a minute before the end of a long one', { leftMs: 60_000 }, 0, true],
    ['earlier', { leftMs: 61_000 }, 0, false],
    ['in the last third of a short one', { leftMs: 20_000, durationMs: 60_000 }, 0, true],
    ['before twice what a task takes is left', { leftMs: 90_000 }, 50_000, true],
    ['never before half of it is over', { leftMs: 31_000, durationMs: 60_000 }, 50_000, false],
  ])('get a successor: %s', (_, change, taskMs, expected) => {
    expect(endsSoon(member(change), taskMs)).toBe(expected)
  })
})
