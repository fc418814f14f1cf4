import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Finding,
  type Gauge,
  type HealthLevel,
  newGauge,
  type Pace,
  read,
  WELL,
  worse,
} from './health-gauge.ts'

const LEVELS: readonly HealthLevel[] = ['ok', 'degraded', 'failing']
const finding = fc.record({
  level: fc.constantFrom(...LEVELS),
  isCertain: fc.boolean(),
  why: fc.constant('because'),
})
const pace = fc.record({ worse: fc.integer({ min: 1, max: 5 }), better: fc.integer({ min: 1, max: 5 }) })

describe('a gauge', () => {
  test('never changes but by enough looks in a row that say at least so much', () => {
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 60 }), pace, (findings, at) => {
        let gauge = newGauge(0)
        for (const [i, one] of findings.entries()) {
          const next = read(gauge, one, at, i)
          if (next.level !== gauge.level) expectEarned(gauge, next, findings.slice(0, i + 1), at)
          gauge = next
        }
      }),
    )
  })

  test('comes to what is found as long as that stays', () => {
    fc.assert(
      fc.property(fc.array(finding), finding, pace, (findings, last, at) => {
        let gauge = newGauge(0)
        for (const one of findings) gauge = read(gauge, one, at, 1)
        for (let i = 0; i < 2 * Math.max(at.worse, at.better); i++) gauge = read(gauge, last, at, 2)
        expect(gauge).toMatchObject({ level: last.level, why: last.why })
      }),
    )
  })

  test('takes one look where that is certain, and others where it may pass', () => {
    const at: Pace = { worse: 3, better: 2 }
    const bad: Finding = { level: 'degraded', why: 'slow' }
    const levels = (findings: readonly Finding[]) => {
      let gauge = newGauge(0)
      return findings.map((one) => {
        gauge = read(gauge, one, at, 0)
        return gauge.level
      })
    }
    expect(levels([bad, bad, WELL, bad, bad, bad])).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'degraded'])
    expect(levels([{ ...bad, isCertain: true }, WELL, bad, WELL, WELL])).toEqual([
      ...['degraded', 'degraded', 'degraded', 'degraded'],
      'ok',
    ])
    // Nothing is certain to be over.
    const gone: Finding = { level: 'failing', why: 'gone', isCertain: true }
    expect(levels([gone, WELL, { ...bad, isCertain: true }, WELL])).toEqual([
      ...['failing', 'failing', 'degraded', 'degraded'],
    ])
    // Of three that are bad, each bears what the mildest says.
    expect(levels([{ level: 'failing', why: 'gone' }, bad, bad])).toEqual(['ok', 'ok', 'degraded'])
  })
})

function expectEarned(before: Gauge, after: Gauge, findings: readonly Finding[], at: Pace): void {
  const isWorse = worse(before.level, after.level) === after.level
  const last = findings.at(-1)
  if (isWorse && last?.isCertain === true) {
    expect(after.level).toBe(last.level)
    return
  }
  const run = findings.slice(-(isWorse ? at.worse : at.better))
  expect(run).toHaveLength(isWorse ? at.worse : at.better)
  for (const { level } of run) expect(worse(level, after.level)).toBe(isWorse ? level : after.level)
}
