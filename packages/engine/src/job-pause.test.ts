import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advancePause,
  jobPause,
  type PauseEffect,
  type PauseEvent,
  pauses,
  type Shortage,
} from './job-pause.ts'

const GRACE_MS = 60_000
const SHORT: Shortage = { lacks: 'balance', needed: 100n, available: 7n }
const look = (covered: boolean, change: Partial<Extract<PauseEvent, { type: 'look' }>> = {}): PauseEvent => ({
  ...{ type: 'look', working: false, searching: false, covered },
  ...change,
})
const kinds = (effects: readonly PauseEffect[]) => effects.map((effect) => effect.do)
const newPause = (graceMs = GRACE_MS) => jobPause('job', { graceMs, paused: null })

describe('a job without money', () => {
  test('pauses once, looks for leases when the money is there, and resumes when they come', () => {
    const state = newPause()
    expect(kinds(advancePause(state, { type: 'short', shortage: SHORT }, 1_000))).toEqual([
      'persist',
      'pause',
    ])
    expect(advancePause(state, { type: 'short', shortage: SHORT }, 1_001)).toEqual([])
    expect(advancePause(state, look(false), 2_000)).toEqual([])
    expect(advancePause(state, look(true), 2_500)).toEqual([])
    expect(kinds(advancePause(state, look(true), 4_000))).toEqual(['search'])
    expect(advancePause(state, look(true, { searching: true }), 9_000)).toEqual([])
    const [, resumed] = advancePause(state, { type: 'over' }, 5_000)
    expect(resumed).toEqual({ do: 'resume', pausedMs: 4_000 })
    expect(state.row.paused).toBeNull()
  })

  test('says again when what is missing has changed, without more grace', () => {
    const state = newPause()
    advancePause(state, { type: 'short', shortage: SHORT }, 0)
    const limit = { ...SHORT, lacks: 'limit' as const }
    const [, said] = advancePause(state, { type: 'short', shortage: limit }, 30_000)
    expect(said).toEqual({ do: 'pause', shortage: limit, untilMs: GRACE_MS })
  })

  test('is given up when its grace is over, and its row says why', () => {
    const state = newPause()
    advancePause(state, { type: 'short', shortage: SHORT }, 0)
    expect(advancePause(state, look(false), GRACE_MS - 1)).toEqual([])
    expect(kinds(advancePause(state, look(false), GRACE_MS))).toEqual(['give-up'])
    expect(state.row.paused?.shortage).toEqual(SHORT)
  })

  test('has one more search when the money came while nobody looked', () => {
    const state = newPause()
    advancePause(state, { type: 'short', shortage: SHORT }, 0)
    const restarted = jobPause('job', pauses.codec.decode(pauses.codec.encode(state.row)))
    expect(kinds(advancePause(restarted, look(true), 10 * GRACE_MS))).toEqual(['search'])
    expect(kinds(advancePause(restarted, look(true), 10 * GRACE_MS + 1))).toEqual(['give-up'])
  })

  test('does not wait without grace', () => {
    const state = newPause(0)
    expect(advancePause(state, { type: 'short', shortage: SHORT }, 0)).toEqual([])
    expect(advancePause(state, look(false), 1)).toEqual([])
    expect(kinds(advancePause(state, { type: 'end', shortage: SHORT }, 2))).toEqual(['persist'])
    expect(state.row.paused?.shortage).toEqual(SHORT)
  })
})

const event: fc.Arbitrary<PauseEvent> = fc.oneof(
  fc.record({
    type: fc.constant('short' as const),
    shortage: fc.record({
      lacks: fc.constantFrom('balance' as const, 'limit' as const, 'expiry' as const),
      needed: fc.bigInt({ min: 1n, max: 5n }),
      available: fc.constant(0n),
    }),
  }),
  fc.constant({ type: 'over' as const }),
  fc.record({
    type: fc.constant('look' as const),
    covered: fc.boolean(),
    working: fc.boolean(),
    searching: fc.boolean(),
  }),
)
const steps = fc.array(fc.record({ event, passMs: fc.nat(40_000) }), { maxLength: 60 })

describe('whatever happens', () => {
  test('pauses and resumptions alternate, and no job is given up before its grace, while it works or is served', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const state = newPause()
        let nowMs = 0
        let sinceMs: number | null = null
        for (const { event: one, passMs } of list) {
          nowMs += passMs
          for (const effect of advancePause(state, one, nowMs)) {
            if (effect.do === 'pause') {
              sinceMs ??= nowMs
              expect(effect.untilMs).toBe(sinceMs + GRACE_MS)
            } else if (effect.do === 'resume') {
              expect(effect.pausedMs).toBe(nowMs - (sinceMs ?? Number.NaN))
              sinceMs = null
            } else if (effect.do === 'give-up') {
              expect(nowMs - (sinceMs ?? Number.NaN)).toBeGreaterThanOrEqual(GRACE_MS)
              expect(one).toMatchObject({ working: false, searching: false })
            } else if (effect.do === 'search') expect(one).toMatchObject({ covered: true, searching: false })
          }
          expect(state.row.paused?.sinceMs ?? null).toBe(sinceMs)
        }
      }),
    )
  })

  test('a restart between any two events changes nothing but when leases are looked for', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const one = newPause()
        let other = newPause()
        let nowMs = 0
        for (const step of list) {
          nowMs += step.passMs
          advancePause(one, step.event, nowMs)
          advancePause(other, step.event, nowMs)
          other = jobPause('job', pauses.codec.decode(pauses.codec.encode(other.row)))
          expect(other.row).toEqual(one.row)
        }
      }),
    )
  })

  test('a paused job whose money never comes is given up, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50_000, max: 50_000 }), { maxLength: 20 }), (jumps) => {
        const state = newPause()
        let nowMs = 1_000_000
        advancePause(state, { type: 'short', shortage: SHORT }, nowMs)
        for (const jump of jumps) {
          nowMs += jump
          advancePause(state, look(false), nowMs)
        }
        expect((state.row.paused?.untilMs ?? 0) - nowMs).toBeLessThanOrEqual(GRACE_MS)
        const end = Math.max(nowMs, state.row.paused?.untilMs ?? 0)
        expect(kinds(advancePause(state, look(false), end))).toEqual(['give-up'])
      }),
    )
  })
})
