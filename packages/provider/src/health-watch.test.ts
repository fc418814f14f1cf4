import { expect, test } from 'vitest'
import { HealthWatch } from './health-watch.ts'

/** A watch whose clocks are set by hand. */
function watched() {
  const now = { ms: 0, dateMs: 1_800_000_000_000 }
  const log = { info: () => {}, warn: (sentence: string) => expect.fail(sentence) }
  const { times } = new HealthWatch({
    ...{ folder: '.', log, isDev: false, restore: () => true },
    ...{ clock: () => now.ms, dateMs: () => now.dateMs },
  })
  const pass = (ms: number) => {
    now.ms += ms
    now.dateMs += ms
  }
  return { now, times, pass }
}

test('a date that jumps is not trusted from that very moment on, until it was steady for a while', () => {
  const { now, times, pass } = watched()
  pass(500)
  expect(times.isRight()).toBe(true)
  now.dateMs += 3_600_000
  expect(times.isRight()).toBe(false)
  pass(59_000)
  expect(times.isRight()).toBe(false)
  pass(1_000)
  expect(times.isRight()).toBe(true)
})

test('a date that the chain does not bear out is not trusted, however steady', () => {
  const { now, times, pass } = watched()
  now.dateMs += 3_600_000
  times.isRight()
  for (let number = 1; number <= 3; number++) {
    pass(60_000)
    times.head({ number, timestampSeconds: (now.dateMs - 3_600_000) / 1_000 })
  }
  expect(times.isRight()).toBe(false)
})
