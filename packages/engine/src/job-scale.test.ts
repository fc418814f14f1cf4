import type { Hex } from '@souk/protocol'
import { expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { fileTask, newLanes, takeTask } from './job-lanes.ts'
import { newJob } from './job-state.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'

const LEASES = 100
const CREDIT = 4

/** Runs a job in which every attempt succeeds; returns the milliseconds of processor time that it took. */
function runJob(tasks: number): number {
  const job = newJob(jobRow(tasks))
  const output = outputOf(taskOf(0))
  const waiting: string[] = []
  let done = 0
  const post = (event: Parameters<typeof advanceJob>[1]) => {
    for (const effect of advanceJob(job, event, done)) {
      if (effect.do === 'dispatch') waiting.push(...effect.assignments.map(({ attempt }) => attempt))
      if (effect.do === 'accepted') done += 1
    }
  }
  const before = process.cpuUsage()
  for (let i = 0; i < LEASES; i++) {
    const [lease, account]: Hex[] = [numbered(i, 32), numbered(i, 20)]
    post({
      type: 'lease',
      lease: lease ?? '0x',
      account: account ?? '0x',
      subject: account ?? '0x',
      credit: CREDIT,
    })
  }
  for (let at = 0; at < waiting.length; at++) {
    post({ type: 'results', results: [{ attempt: waiting[at] ?? '', output }] })
    if (at % 1_000 === 0) post({ type: 'tick' })
  }
  expect(done).toBe(tasks)
  expect(job.row.state).toBe('done')
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

test('a job of 20,000 tasks costs about ten times what one of 2,000 does', () => {
  runJob(1_000)
  const small = runJob(2_000)
  const large = runJob(20_000)
  // Quadratic work would be a factor of 100.
  expect(large / small).toBeLessThan(30)
})

test('tasks that one account may not take hide no others from it for long', () => {
  const lanes = newLanes(2_000)
  for (let index = 0; index < 2_000; index++) fileTask(lanes, index, 1)
  const fits = (index: number) => index === 1_999
  let found: number | undefined
  let looks = 0
  while (found === undefined && looks++ < 20) found = takeTask(lanes, fits)
  expect(found).toBe(1_999)
  expect(looks).toBeLessThan(10)
})

test('lanes hand out 100,000 tasks, each once', () => {
  const lanes = newLanes(100_000)
  const taken = new Set<number | undefined>()
  for (let i = 0; i < 100_000; i++) taken.add(takeTask(lanes, () => true))
  expect(taken.size).toBe(100_000)
  expect(takeTask(lanes, () => true)).toBeUndefined()
})

test('lanes hand out every task once, most urgent first', () => {
  const lanes = newLanes(6)
  fileTask(lanes, 4, 0)
  fileTask(lanes, 2, 1)
  fileTask(lanes, 3, null)
  fileTask(lanes, 5, 0)
  fileTask(lanes, 5, 2)
  const taken = Array.from({ length: 7 }, () => takeTask(lanes, () => true))
  expect(taken).toEqual([4, 2, 0, 1, 5, undefined, undefined])
  expect(lanes.wanted).toBe(0)
})
