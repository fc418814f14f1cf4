import { LIMITS } from '@souk/protocol'
import { expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { type Job, newJob } from './job-state.ts'
import { isWorthFilling, spare } from './job-window.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'

const LEASE = numbered(1, 32)

/** Answers what is in flight `tookMs` after it was given, time after time; returns what was in flight at the end. */
function inFlightAfter(job: Job, tookMs: number, rounds: number, fromMs = 0): number {
  for (let round = 1; round <= rounds; round++) {
    const results = [...job.inFlight].map((attempt) => ({ attempt, output: outputOf(taskOf(0)) }))
    advanceJob(job, { type: 'results', results }, fromMs + round * tookMs)
  }
  return job.inFlight.size
}

function newRun(): Job {
  const job = newJob(jobRow(10_000))
  const account = numbered(1, 20)
  advanceJob(job, { type: 'lease', lease: LEASE, account, subject: account, credit: LIMITS.credit }, 0)
  return job
}

test('a lease that answers at once is given more and more, up to its credit', () => {
  expect(newRun().inFlight.size).toBe(2)
  expect(inFlightAfter(newRun(), 5, 1)).toBe(4)
  expect(inFlightAfter(newRun(), 5, 20)).toBe(LIMITS.credit)
})

test('a lease that takes long keeps what it runs and one more', () => {
  expect(inFlightAfter(newRun(), 1_000, 20)).toBe(2)
})

test('a lease of a service runs one replica on each core, and none waits behind another', () => {
  const job = newJob({ ...jobRow(10), service: true })
  const account = numbered(1, 20)
  advanceJob(job, { type: 'lease', lease: LEASE, account, subject: account, credit: LIMITS.credit }, 0)
  expect(job.inFlight.size).toBe(1)
  expect(inFlightAfter(job, 5, 3)).toBe(1)
})

test('a lease that becomes slow is given less again', () => {
  const job = newRun()
  inFlightAfter(job, 5, 20)
  expect(inFlightAfter(job, 1_000, 10, 100)).toBe(2)
})

test('no more than the credit, whatever the pace', () => {
  const member = { account: LEASE, subject: LEASE, credit: 3, window: 64, running: new Set(['a']) }
  expect(spare(member)).toBe(2)
})

test('a lease with many places is given more once a quarter of them is free, one with few at once', () => {
  const running = (count: number) => new Set(Array.from({ length: count }, (_, i) => `attempt ${i}`))
  const member = (credit: number, window: number, count: number) =>
    isWorthFilling({ account: LEASE, subject: LEASE, credit, window, running: running(count) })
  expect([64, 49, 48, 0].map((count) => member(64, 64, count))).toEqual([false, false, true, true])
  expect([2, 1, 0].map((count) => member(64, 2, count))).toEqual([false, true, true])
  expect(member(0, 64, 0)).toBe(false)
})

test('a full lease that answers one by one is given a quarter at a time, and in the end everything', () => {
  const job = newRun()
  inFlightAfter(job, 5, 20)
  const given: number[] = []
  for (let answers = 0; answers < 64; answers++) {
    const [attempt = ''] = job.inFlight
    const effects = advanceJob(
      job,
      { type: 'results', results: [{ attempt, output: outputOf(taskOf(0)) }] },
      200,
    )
    given.push(...effects.flatMap((effect) => (effect.do === 'dispatch' ? [effect.assignments.length] : [])))
  }
  expect(given).toEqual([16, 16, 16, 16])
})
