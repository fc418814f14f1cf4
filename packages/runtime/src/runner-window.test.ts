import { expect, test } from 'vitest'
import { RunnerWindow } from './runner-window.ts'

/** Returns how many tasks follow each other into a runner that works on the first. */
function sizeOf(window: RunnerWindow): number {
  let load = 0
  while (window.hasRoom(load)) load += 1
  return load
}

function after(runMs: number): RunnerWindow {
  const window = new RunnerWindow()
  for (let i = 0; i < 50; i += 1) window.note(runMs)
  return window
}

test('nothing is sent ahead until it is known how long tasks take', () => {
  expect(sizeOf(new RunnerWindow())).toBe(1)
})

test('long tasks come one by one, short ones by the ten milliseconds, and at most 64', () => {
  expect(sizeOf(after(100))).toBe(1)
  expect(sizeOf(after(1))).toBe(10)
  expect(sizeOf(after(0.001))).toBe(64)
})

test('a full runner is filled up again once half of its tasks are done', () => {
  const window = after(0.001)
  expect(sizeOf(window)).toBe(64)
  expect(window.hasRoom(33)).toBe(false)
  expect(window.hasRoom(32)).toBe(true)
  expect(window.hasRoom(63)).toBe(true)
})
