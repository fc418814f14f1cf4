import { byTolerance, type Comparator } from '@souk/availability'
import { type Hex, type Output, outputDigest, taskDigest } from '@souk/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { type Job, type JobEffect, type JobEvent, newJob } from './job-state.ts'
import { accepted, comparisons, jobs, mismatches, put, receipts, taskKey } from './records.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'
import { readJob } from './testing/recover-buyer.ts'

/** Drives a job of one task on a quorum of 2 of 3 and three providers, comparing when the test says so. */
class Comparing {
  readonly journal = new MemoryJournal()
  /** What was asked to be compared and has not been answered. */
  readonly asked: [Hex, Hex][] = []
  readonly effects: JobEffect[] = []
  job: Job

  constructor(comparator: Comparator) {
    this.job = newJob({ ...jobRow(1, 2, 3), comparator })
    this.journal.commit([put(jobs, 'job', this.job.row)])
    for (let at = 1; at <= 3; at++) this.lease(at)
  }

  lease(at: number): void {
    const account = numbered(at, 20)
    this.post({ type: 'lease', lease: numbered(at, 32), account, subject: account, credit: 1 })
  }

  post(event: JobEvent): void {
    for (const effect of advanceJob(this.job, event, 0)) {
      this.effects.push(effect)
      if (effect.do === 'persist') this.journal.commit(effect.writes)
      if (effect.do !== 'compare') continue
      this.asked.push(...effect.pairs.map(({ a, b }): [Hex, Hex] => [outputDigest(a), outputDigest(b)]))
    }
  }

  /** Gives the result of the attempt in this slot. */
  result(slot: number, output: Output): void {
    const attempt = `job.0.${slot}.1`
    const lease = this.job.tasks[0]?.slots[slot]?.lease ?? '0x'
    const proof = { index: 0, size: 1, path: [], signature: numbered(1, 64) }
    const receipt = { lease, task: taskDigest(taskOf(0)), output: outputDigest(output), ...proof }
    this.journal.commit([put(receipts, attempt, { output, receipt })])
    this.post({ type: 'results', results: [{ attempt, output }] })
  }

  /** Answers everything that is asked. */
  answer(isEqual: (a: Hex, b: Hex) => boolean): void {
    for (const [a, b] of this.asked.splice(0)) {
      this.post({ type: 'compared', index: 0, a, b, equal: isEqual(a, b) })
    }
  }

  restart(): void {
    const row = this.journal.one(jobs, 'job')
    if (row === undefined) throw new Error('the row is there')
    this.asked.splice(0)
    const party = (lease: Hex) => ({
      account: numbered(Number(lease), 20),
      subject: numbered(Number(lease), 20),
    })
    this.job = readJob(this.journal, row, party, 0)
    for (let at = 1; at <= 3; at++) this.lease(at)
  }

  get decided() {
    return this.journal.one(accepted, taskKey('job', 0))
  }

  count(kind: JobEffect['do']): number {
    return this.effects.filter((effect) => effect.do === kind).length
  }
}

const [ONE, TWO, THREE] = [0, 1, 2].map((variant) => outputOf(taskOf(0), variant)) as [Output, Output, Output]
const digests = [ONE, TWO, THREE].map(outputDigest)
const never = () => false
const always = () => true

describe('a job whose outputs are compared by tolerance', () => {
  let run: Comparing
  beforeEach(() => {
    run = new Comparing(byTolerance())
  })

  test('asks nobody about outputs that are the same', () => {
    run.result(0, ONE)
    run.result(1, ONE)
    expect(run.asked).toEqual([])
    expect(run.decided?.digest).toBe(outputDigest(ONE))
  })

  test('asks once about those that are not, starts nothing meanwhile, and accepts one of two that are equal', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.post({ type: 'tick' })
    expect(run.asked).toEqual([[outputDigest(ONE), outputDigest(TWO)].sort()])
    expect(run.count('dispatch')).toBe(2)
    expect(run.decided).toBeUndefined()
    run.answer(always)
    const least = digests.slice(0, 2).sort()[0]
    expect(run.decided).toMatchObject({
      digest: least,
      agreeing: ['job.0.0.1', 'job.0.1.1'],
      disagreeing: [],
    })
    expect(run.decided?.output && outputDigest(run.decided.output)).toBe(least)
    expect(run.journal.all(mismatches).size).toBe(0)
    expect(run.job.row.state).toBe('done')
  })

  test('asks a third where two differ, and keeps the odd one as nothing that a jury judges', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.answer(never)
    expect(run.count('dispatch')).toBe(3)
    run.result(2, THREE)
    expect(run.asked).toHaveLength(2)
    run.answer((a, b) => ![a, b].includes(outputDigest(TWO)))
    expect(run.decided).toMatchObject({ agreeing: ['job.0.0.1', 'job.0.2.1'], disagreeing: ['job.0.1.1'] })
    expect([...run.journal.all(mismatches)]).toMatchObject([
      ['job.0.1.1', { output: outputDigest(TWO), compared: 'tolerance' }],
    ])
    expect(run.count('caught')).toBe(1)
  })

  test('gives up where no two of all are equal', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.answer(never)
    run.result(2, THREE)
    run.answer(never)
    expect(run.decided).toMatchObject({ output: null, failure: 'internal' })
    expect(run.journal.all(mismatches).size).toBe(0)
  })

  test('fails by itself, and blames nobody, where outputs cannot be compared', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.post({ type: 'incomparable', index: 0, message: 'the program traps' })
    expect(run.decided).toMatchObject({ output: null, message: 'the program traps' })
    expect(run.journal.all(mismatches).size).toBe(0)
    expect(run.job.row.state).toBe('failed')
  })

  test('asks again after a restart for what was not answered, and for nothing else', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.restart()
    expect(run.asked).toHaveLength(1)
    run.answer(never)
    run.result(2, THREE)
    const [first] = run.asked
    run.post({ type: 'compared', index: 0, a: first?.[0] ?? '0x', b: first?.[1] ?? '0x', equal: false })
    run.restart()
    expect(run.asked).toHaveLength(1)
    run.answer(always)
    expect(run.decided?.agreeing).toHaveLength(2)
    expect(run.decided?.agreeing).toContain('job.0.2.1')
  })

  test('decides after a restart what was compared and not accepted before it', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    const pair = { a: outputDigest(ONE), b: outputDigest(TWO), equal: true }
    run.journal.commit([put(comparisons, taskKey('job', 0), { pairs: [pair] })])
    run.restart()
    expect(run.asked).toEqual([])
    expect(run.decided?.agreeing).toHaveLength(2)
  })

  test('keeps no comparisons of a task that is decided or stopped', () => {
    run.result(0, ONE)
    run.result(1, TWO)
    run.answer(never)
    expect(run.journal.all(comparisons).size).toBe(1)
    run.post({ type: 'stop', state: 'cancelled' })
    expect(run.journal.all(comparisons).size).toBe(0)
  })

  test.each([
    [true, 0],
    [false, 1],
  ])('compares a result that comes after all with what was accepted: %s', (equal, caught) => {
    run.job.slowMs = -1
    run.post({ type: 'tick' })
    run.result(0, ONE)
    run.result(1, ONE)
    expect(run.job.row.state).toBe('done')
    run.result(2, TWO)
    expect(run.asked).toHaveLength(1)
    run.answer(() => equal)
    expect(run.journal.all(mismatches).size).toBe(caught)
    expect(run.count('caught')).toBe(caught)
    expect(run.journal.all(comparisons).size).toBe(0)
  })
})

test('a job that compares digests asks nobody', () => {
  const run = new Comparing({ kind: 'exact' })
  run.result(0, ONE)
  run.result(1, TWO)
  run.result(2, ONE)
  expect(run.count('compare')).toBe(0)
  expect(run.decided).toMatchObject({ agreeing: ['job.0.0.1', 'job.0.2.1'], disagreeing: ['job.0.1.1'] })
  expect([...run.journal.all(mismatches).values()]).toMatchObject([{ compared: 'exact' }])
})
