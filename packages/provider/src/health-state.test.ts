import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeDisk } from './health-disk.ts'
import type { HealthLevel } from './health-gauge.ts'
import { judgeGpus } from './health-gpus.ts'
import { judgeLink } from './health-link.ts'
import { judgeMemory } from './health-memory.ts'
import { planOf, shareOf } from './health-plan.ts'
import { CHECKS, type HealthState, look, newHealth, overall, type Readings, RULES } from './health-state.ts'

const GIB = 1024 ** 3
const DISK = { freeBytes: 50 * GIB, totalBytes: 100 * GIB, freeFiles: 1e6, totalFiles: 2e6, trial: null }
const MEMORY = {
  ...{ totalBytes: 16 * GIB, availableBytes: 8 * GIB, someStalled: 0, allStalled: 0 },
  ...{ swappedPages: 0, pressure: null },
}
const LINK = { chainSilentMs: 0, aloneMs: 0, roundTripMs: 20 }
const FINE: Readings = {
  disk: { reading: DISK, isFull: false },
  memory: { reading: MEMORY, swapsPerSecond: 0 },
  gpu: [{ id: 'a', why: null, isLost: false }],
  clock: { jumpMs: 0, aheadOfChainMs: 800, aheadOfPeersMs: 30 },
  link: LINK,
  loop: 500,
}

describe('a disk', () => {
  const mib = (n: number) => n * 1024 ** 2
  test.each<[string, object, boolean, HealthLevel, HealthLevel]>([
    ['with room', {}, false, 'ok', 'ok'],
    ['with little', { freeBytes: mib(500) }, false, 'ok', 'degraded'],
    ['with a little more, as long as it was well', { freeBytes: mib(600) }, false, 'ok', 'ok'],
    ['with a little more, where it was not', { freeBytes: mib(600) }, false, 'degraded', 'degraded'],
    ['with enough again', { freeBytes: mib(1_100) }, false, 'degraded', 'ok'],
    ['that is small', { freeBytes: mib(8), totalBytes: mib(100) }, false, 'ok', 'ok'],
    ['that is small and nearly full', { freeBytes: mib(4), totalBytes: mib(100) }, false, 'ok', 'degraded'],
    ['without room for files', { freeFiles: 100 }, false, 'ok', 'degraded'],
    ['that counts no files', { freeFiles: null, totalFiles: null }, false, 'ok', 'ok'],
    ['that is slow', { trial: { kind: 'written', ms: 6_000 } }, false, 'ok', 'degraded'],
    ['that refuses', { trial: { kind: 'failed', code: 'EIO' } }, false, 'ok', 'failing'],
    ['without room for this user', { trial: { kind: 'failed', code: 'EDQUOT' } }, false, 'ok', 'degraded'],
    ['that is full', {}, true, 'ok', 'failing'],
  ])('%s', (_, change, isFull, before, level) => {
    expect(judgeDisk(before, { reading: { ...DISK, ...change }, isFull }).level).toBe(level)
  })

  test('that does not answer', () => {
    expect(judgeDisk('ok', { reading: null, isFull: false })).toMatchObject({ level: 'failing' })
  })
})

describe('memory', () => {
  test.each<[string, object, number, HealthLevel, HealthLevel]>([
    ['with room', {}, 0, 'ok', 'ok'],
    ['that is short', { availableBytes: 0.7 * GIB }, 0, 'ok', 'degraded'],
    ['that was short and has not enough', { availableBytes: 1.5 * GIB }, 0, 'degraded', 'degraded'],
    ['that is nearly gone', { availableBytes: 0.2 * GIB }, 0, 'ok', 'failing'],
    [
      'that one program waits for within its own bounds',
      { someStalled: 0.9, allStalled: 0.9 },
      0,
      'ok',
      'ok',
    ],
    ['that all wait for', { availableBytes: 3 * GIB, allStalled: 0.2 }, 0, 'ok', 'degraded'],
    ['that nobody gets', { availableBytes: 3 * GIB, allStalled: 0.5 }, 0, 'ok', 'failing'],
    ['that is swapped', { availableBytes: 3 * GIB }, 5_000, 'ok', 'degraded'],
    ['of which the system warns', { availableBytes: null, pressure: 'warn' }, 0, 'ok', 'degraded'],
    ['that the system calls critical', { availableBytes: null, pressure: 'critical' }, 0, 'ok', 'failing'],
    [
      'of which nothing is known',
      { availableBytes: null, someStalled: null, allStalled: null },
      0,
      'ok',
      'ok',
    ],
  ])('%s', (_, change, swapsPerSecond, before, level) => {
    expect(judgeMemory(before, { reading: { ...MEMORY, ...change }, swapsPerSecond }).level).toBe(level)
  })
})

test.each<[string, object, HealthLevel]>([
  ['a good one', {}, 'ok'],
  ['one whose chain is away', { chainSilentMs: 130_000 }, 'failing'],
  ['one without peers', { aloneMs: 70_000 }, 'failing'],
  ['one of a network without bootstrap peers', { aloneMs: null, roundTripMs: null }, 'ok'],
  ['a slow one', { roundTripMs: 4_000 }, 'degraded'],
])('of links: %s', (_, change, level) => {
  expect(judgeLink('ok', { ...LINK, ...change }).level).toBe(level)
})

test('of GPUs some may be ill, or all be lost', () => {
  const one = (id: string, why: string | null, isLost = false) => ({ id, why, isLost })
  expect(judgeGpus([])).toMatchObject({ level: 'ok' })
  expect(judgeGpus([one('a', null), one('b', 'silent', true)])).toMatchObject({ level: 'degraded' })
  expect(judgeGpus([one('a', 'gone', true)])).toMatchObject({ level: 'failing', why: 'a: gone' })
})

describe('what is sold', () => {
  const bad: Readings = {
    disk: { reading: { ...DISK, freeBytes: 0 }, isFull: false },
    memory: { reading: { ...MEMORY, availableBytes: 0.6 * GIB }, swapsPerSecond: 0 },
    gpu: [{ id: 'a', why: 'gone', isLost: true }],
    clock: { jumpMs: 60_000, aheadOfChainMs: null, aheadOfPeersMs: null },
    link: { ...LINK, aloneMs: 100_000 },
    loop: 4_000,
  }
  const after = (readings: Partial<Readings>, looks = 5, from: HealthState = newHealth(0)) => {
    let state = from
    const changes = Array.from({ length: looks }, () => {
      const seen = look(state, readings, 1)
      state = seen.state
      return seen.changes
    })
    return { state, changes: changes.flat(), plan: planOf(state) }
  }

  test('is everything while all is well, and after it was not', () => {
    expect(after(FINE)).toMatchObject({ changes: [], plan: { share: 1, ends: false, why: null } })
    const { state } = after(bad)
    expect(overall(state)).toBe('failing')
    expect(after(FINE, 5, state).plan).toEqual({ share: 1, ends: false, why: null })
  })

  test.each([
    ['disk', { share: 0, ends: false }],
    ['memory', { share: 0.5, ends: false }],
    ['gpu', { share: 1, ends: false }],
    ['clock', { share: 0, ends: false }],
    ['link', { share: 0, ends: false }],
    ['loop', { share: 0.5, ends: false }],
  ] as const)('%s', (check, plan) => {
    const { changes, ...seen } = after({ ...FINE, [check]: bad[check] })
    expect(seen.plan).toMatchObject(plan)
    expect(changes).toMatchObject([{ check, from: 'ok' }])
    expect(after(FINE, 5, seen.state).changes).toMatchObject([{ check, to: 'ok' }])
  })

  test('ends with a full disk at once, and is back when that has room', () => {
    const full = after({ disk: { reading: null, isFull: true } }, 1)
    expect(full.plan).toEqual({ share: 0, ends: true, why: 'the disk is full' })
    expect(after(FINE, 2, full.state).plan.share).toBe(1)
  })

  test('never grows by anything that gets worse', () => {
    const level = fc.constantFrom<HealthLevel>('ok', 'degraded', 'failing')
    const levels = fc.record(Object.fromEntries(CHECKS.map((check) => [check, level])))
    fc.assert(
      fc.property(levels, fc.constantFrom(...CHECKS), (found, check) => {
        const state = { ...newHealth(0) }
        for (const one of CHECKS) state[one] = { ...state[one], level: found[one] ?? 'ok', why: one }
        const well = planOf({ ...state, [check]: { ...state[check], level: 'ok' } })
        const ill = planOf({ ...state, [check]: { ...state[check], level: 'failing' } })
        expect(ill.share).toBeLessThanOrEqual(well.share)
        expect(well.ends && !ill.ends).toBe(false)
      }),
    )
  })

  test('is cores and memory in part, or all of them', () => {
    const all = { millicores: 3_001, memoryBytes: 7, diskBytes: 9, gpus: [] }
    const half = { millicores: 1_500, memoryBytes: 3, diskBytes: 9 }
    expect(shareOf(all, { share: 0.5, ends: false, why: 'x' })).toEqual(half)
    // What is withdrawn is not resized: it is not offered at all.
    expect(shareOf(all, { share: 0, ends: true, why: 'x' }).millicores).toBe(3_001)
  })

  test('stands in the documentation', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/AVAILABILITY.md'), 'utf8')
    for (const check of CHECKS) {
      const row = text.split('\n').find((line) => line.startsWith(`| ${check} |`)) ?? ''
      const [degraded, failing] = row.split('|').slice(4, 6)
      expect(degraded, check).toContain(RULES[check].degraded)
      expect(failing, check).toContain(RULES[check].failing)
    }
  })
})
