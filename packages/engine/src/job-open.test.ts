import type { Hex } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { growLanes, newLanes, takeTask } from './job-lanes.ts'
import { recoverJob } from './job-recovery.ts'
import { type Job, type JobEffect, type JobEvent, newJob } from './job-state.ts'
import { jobs, taskKey, tasks } from './records.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'

const LEASE = numbered(1, 32)
const PARTY: { account: Hex; subject: Hex } = { account: numbered(1, 20), subject: numbered(1, 20) }

/** A job without tasks yet, on one lease. */
class OpenJob {
  readonly journal = new MemoryJournal()
  readonly given: string[] = []
  readonly accepted: number[] = []
  finished: string | undefined
  job: Job = newJob({ ...jobRow(0), open: true })

  post(event: JobEvent): void {
    for (const effect of advanceJob(this.job, event, 0)) this.perform(effect)
  }

  lease(): void {
    this.post({ type: 'lease', lease: LEASE, ...PARTY, credit: 8 })
  }

  perform(effect: JobEffect): void {
    if (effect.do === 'persist') this.journal.commit(effect.writes)
    if (effect.do === 'accepted') this.accepted.push(effect.index)
    if (effect.do === 'finished') this.finished = effect.state
    if (effect.do !== 'dispatch') return
    for (const { attempt, index } of effect.assignments) {
      // A crash right after this must find the task.
      expect(this.journal.one(tasks, taskKey('job', index))).toEqual(taskOf(index))
      expect(this.journal.one(jobs, 'job')?.tasks).toBeGreaterThan(index)
      this.given.push(attempt)
    }
  }

  answerAll(): void {
    for (const attempt of this.given.splice(0))
      this.post({ type: 'results', results: [{ attempt, output: outputOf(taskOf(0)) }] })
  }
}

describe('an open job', () => {
  test('takes tasks while it runs, and is over when it is sealed and all are decided', () => {
    const open = new OpenJob()
    open.lease()
    expect(open.finished).toBeUndefined()
    open.post({ type: 'add', tasks: [taskOf(0)] })
    open.answerAll()
    open.post({ type: 'add', tasks: [taskOf(1), taskOf(2)] })
    expect(open.given).toHaveLength(2)
    open.answerAll()
    expect(open.accepted).toEqual([0, 1, 2])
    expect(open.finished).toBeUndefined()
    open.post({ type: 'seal' })
    expect(open.finished).toBe('done')
    expect(open.journal.one(jobs, 'job')).toMatchObject({ tasks: 3, open: false, state: 'done' })
  })

  test('finishes what it has after it was sealed, and takes nothing more', () => {
    const open = new OpenJob()
    open.lease()
    open.post({ type: 'add', tasks: [taskOf(0)] })
    open.post({ type: 'seal' })
    open.post({ type: 'add', tasks: [taskOf(1)] })
    expect(open.given).toHaveLength(1)
    open.answerAll()
    expect(open.finished).toBe('done')
    expect(open.job.row.tasks).toBe(1)
  })

  test('goes on with every task after a restart, and takes more', () => {
    const open = new OpenJob()
    open.lease()
    open.post({ type: 'add', tasks: [taskOf(0), taskOf(1)] })
    const row = open.journal.one(jobs, 'job')
    if (row === undefined) throw new Error('expected the row of the job')
    open.given.splice(0)
    open.job = recoverJob(row, new Map(), new Map(), new Map(), new Map(), new Map(), () => PARTY, 0)
    open.lease()
    open.post({ type: 'add', tasks: [taskOf(2)] })
    expect(open.given).toHaveLength(2)
    open.answerAll()
    open.answerAll()
    expect(open.accepted).toEqual([0, 1, 2])
  })
})

test('lanes that grew hand out every task once', () => {
  const lanes = newLanes(1)
  for (let i = 0; i < 40; i++) growLanes(lanes, i % 5)
  const taken = new Set<number | undefined>()
  for (let i = 0; i < 81; i++) taken.add(takeTask(lanes, () => true))
  expect(taken.size).toBe(81)
  expect(takeTask(lanes, () => true)).toBeUndefined()
  expect(lanes.wanted).toBe(0)
})
