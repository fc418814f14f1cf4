import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSilence, type SilenceState, silenceDeadlines, stepSilence, suspicionMs } from './silence.ts'

const graceMs = 1_000

/** Beats every 500 ms from 0 on; returns the state after the last. */
function beating(beats: number): SilenceState {
  let state = createSilence(0)
  for (let i = 1; i <= beats; i++) state = stepSilence(state, { kind: 'beat' }, i * 500)
  return state
}

function check(state: SilenceState, nowMs: number, lagMs = 0): SilenceState {
  return stepSilence(state, { kind: 'check', lagMs }, nowMs, { graceMs })
}

test('silence is suspected after 2 s, and dead after the grace', () => {
  const alive = beating(10)
  expect(check(alive, 6_999).verdict).toBe('alive')
  const suspected = check(alive, 7_000)
  expect(suspected.verdict).toBe('suspected')
  expect(check(suspected, 7_999).verdict).toBe('suspected')
  expect(check(suspected, 8_000).verdict).toBe('dead')
  expect(silenceDeadlines(alive, { graceMs })).toEqual({ suspectedAtMs: 7_000, deadAtMs: 8_000 })
})

test('nobody dies who was not suspected before', () => {
  expect(check(beating(10), 60_000).verdict).toBe('suspected')
})

test('a beat ends suspicion, and does not wake the dead', () => {
  const suspected = check(beating(10), 7_000)
  expect(stepSilence(suspected, { kind: 'beat' }, 7_100).verdict).toBe('alive')
  const dead = check(suspected, 9_000)
  expect(stepSilence(dead, { kind: 'beat' }, 9_100)).toBe(dead)
})

test('while our own loop lags no verdict falls, and the lost time is no silence', () => {
  const deaf = check(beating(10), 8_000, 3_000)
  expect(deaf.verdict).toBe('alive')
  expect(check(deaf, 9_999).verdict).toBe('alive')
  expect(check(deaf, 10_000).verdict).toBe('suspected')
})

test('irregular beats are given mean + 4σ, and no more than 30 s', () => {
  expect(suspicionMs([])).toBe(2_000)
  expect(suspicionMs([500, 500])).toBe(2_000)
  expect(suspicionMs([1_000, 3_000])).toBe(2_000 + 4 * 1_000)
  expect(suspicionMs([0, 1_000_000])).toBe(30_000)
})

test('a state stays bounded, and beats on time are never suspected', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_999 }), { maxLength: 200 }), (gaps) => {
      let state = createSilence(0)
      let nowMs = 0
      for (const gap of gaps) {
        nowMs += gap
        state = stepSilence(check(state, nowMs), { kind: 'beat' }, nowMs)
        expect(state.verdict).toBe('alive')
        expect(state.gapsMs.length).toBeLessThanOrEqual(64)
      }
      expect(check(check(state, nowMs + 31_000), nowMs + 32_000).verdict).toBe('dead')
    }),
  )
})
