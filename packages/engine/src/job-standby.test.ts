import { type Hex, type Output, outputDigest, taskDigest } from '@souk/protocol'
import { describe, expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { type Job, type JobEffect, type JobEvent, newJob, type StandbyLevel } from './job-state.ts'
import { accepted, attempts, jobs, put, receipts, taskKey } from './records.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { jobRow, outputOf, taskOf } from './testing/parties.ts'
import { readJob } from './testing/recover-buyer.ts'

const CHECKPOINT = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const OUTPUT = outputOf(taskOf(0))
const SIGNED: Hex = `0x${'00'.repeat(64)}`

/** One task on the first of some leases, each of an account of its own with one place. */
class Bench {
  readonly journal = new MemoryJournal()
  job: Job

  constructor(standby: StandbyLevel, leases = 2) {
    this.job = newJob({ ...jobRow(1), standby })
    this.journal.commit([put(jobs, 'job', this.job.row)])
    this.join(1)
    this.post({ type: 'checkpoint', attempt: 'job.0.0.1', index: 0, cid: CHECKPOINT, bytes: 1, atMs: 1 })
    for (let n = 2; n <= leases; n++) this.join(n)
  }

  join(n: number): JobEffect[] {
    return this.post({ type: 'lease', lease: lease(n), ...party(n), credit: 1 })
  }

  post(event: JobEvent): JobEffect[] {
    const effects = advanceJob(this.job, event, 0)
    for (const effect of effects) if (effect.do === 'persist') this.journal.commit(effect.writes)
    return effects.filter((effect) => effect.do !== 'persist')
  }

  suspect(): JobEffect[] {
    return this.post({ type: 'suspect', lease: lease(1), reason: 'silence' })
  }

  lose(): JobEffect[] {
    this.post({ type: 'lease', lease: lease(1), ...party(1), credit: 0 })
    return this.post({ type: 'lost', attempts: ['job.0.0.1'] })
  }

  result(attempt: string, output: Output = OUTPUT): JobEffect[] {
    return this.post({ type: 'results', results: [{ attempt, output }] })
  }

  /** Has a result come that only its lease has journalled. */
  sign(n: number): void {
    const digests = { task: taskDigest(taskOf(0)), output: outputDigest(OUTPUT) }
    const receipt = { lease: lease(n), ...digests, index: 0, size: 1, path: [], signature: SIGNED }
    this.journal.commit([put(receipts, `job.0.0.${n}`, { output: OUTPUT, receipt })])
  }

  restart(): void {
    const row = this.journal.one(jobs, 'job')
    if (row === undefined) throw new Error('the row is there')
    this.job = readJob(this.journal, row, (one) => party(Number(one)), 0)
  }
}

describe('a lease in doubt', () => {
  test('has its attempt run beside it where the job stands by hot, and goes on where it is there after all', () => {
    const bench = new Bench('hot')
    const assignments = [{ attempt: 'job.0.0.2', n: 2, index: 0, checkpoint: CHECKPOINT }]
    expect(bench.suspect()).toEqual([{ do: 'dispatch', lease: lease(2), assignments }])
    expect(bench.post({ type: 'refuted', lease: lease(1) })).toEqual([
      { do: 'cancel', lease: lease(2), attempts: ['job.0.0.2'] },
      { do: 'stand-down', lease: lease(1) },
    ])
    expect(bench.result('job.0.0.2')).toEqual([])
    expect(accept(bench.result('job.0.0.1'))).toEqual(['job.0.0.1'])
  })

  test('is fenced by its standby when it is dead', () => {
    const bench = new Bench('hot')
    bench.suspect()
    expect(bench.lose()).toEqual([
      { do: 'failed-over', index: 0, attempt: 'job.0.0.2', from: lease(1), lease: lease(2) },
    ])
    expect(bench.result('job.0.0.1')).toEqual([])
    expect(accept(bench.result('job.0.0.2'))).toEqual(['job.0.0.2'])
  })

  test('is fenced by its standby where that is quicker, and its own answer ends the standby', () => {
    const quick = new Bench('hot')
    quick.suspect()
    const effects = quick.result('job.0.0.2')
    expect(effects).toContainEqual({ do: 'cancel', lease: lease(1), attempts: ['job.0.0.1'] })
    expect(accept(effects)).toEqual(['job.0.0.2'])
    const slow = new Bench('hot')
    slow.suspect()
    const answered = slow.result('job.0.0.1')
    expect(accept(answered)).toEqual(['job.0.0.1'])
    expect(answered).toContainEqual({ do: 'cancel', lease: lease(2), attempts: ['job.0.0.2'] })
  })

  test('gives no number twice, also over a restart', () => {
    const bench = new Bench('hot', 3)
    bench.suspect()
    bench.post({ type: 'refuted', lease: lease(1) })
    bench.restart()
    for (const n of [1, 2, 3]) bench.join(n)
    expect(bench.job.tasks[0]?.slots.map(({ attempt }) => attempt)).toEqual(['job.0.0.1'])
    const effects = bench.lose()
    expect(effects.flatMap((one) => (one.do === 'dispatch' ? one.assignments : []))).toMatchObject([{ n: 3 }])
  })

  test('is left to its standby by a restart, which cancels it', () => {
    const bench = new Bench('hot')
    bench.suspect()
    bench.restart()
    expect(bench.job.inFlight).toEqual(new Set(['job.0.0.2']))
    expect(bench.join(1)).toContainEqual({ do: 'cancel', lease: lease(1), attempts: ['job.0.0.1'] })
    expect(accept(bench.result('job.0.0.2'))).toEqual(['job.0.0.2'])
  })

  test('answers in vain after it was lost and its next attempt was begun, also where that is read after a restart', () => {
    const bench = new Bench('cold')
    bench.suspect()
    const next = bench.lose().flatMap((one) => (one.do === 'dispatch' ? one.assignments : []))
    expect(next).toMatchObject([{ attempt: 'job.0.0.2' }])
    // The receipt of what crossed the loss is kept as evidence.
    bench.sign(1)
    expect(bench.result('job.0.0.1')).toEqual([])
    bench.restart()
    for (const n of [1, 2]) bench.join(n)
    expect(bench.job.tasks[0]).toMatchObject({
      state: 'open',
      slots: [{ attempt: 'job.0.0.2', state: 'running' }],
    })
    expect(accept(bench.result('job.0.0.2'))).toEqual(['job.0.0.2'])
  })

  test('keeps over a restart a result that nobody decided on yet, and has its standby cancelled', () => {
    const bench = new Bench('hot')
    bench.suspect()
    bench.sign(1)
    bench.restart()
    expect(bench.job.tasks[0]?.slots).toMatchObject([{ attempt: 'job.0.0.1', newest: 2, state: 'result' }])
    const joined = bench.join(2)
    expect(joined).toContainEqual({ do: 'cancel', lease: lease(2), attempts: ['job.0.0.2'] })
    expect(accept(joined)).toEqual(['job.0.0.1'])
  })

  test('has what it would go on from fetched elsewhere where the job stands by warm', () => {
    const bench = new Bench('warm')
    expect(bench.suspect()).toEqual([{ do: 'ahead', lease: lease(2), cid: CHECKPOINT }])
    expect(bench.post({ type: 'refuted', lease: lease(1) })).toEqual([{ do: 'stand-down', lease: lease(1) }])
    expect(bench.job.inFlight).toEqual(new Set(['job.0.0.1']))
    const assignments = [{ attempt: 'job.0.0.2', n: 2, index: 0, checkpoint: CHECKPOINT }]
    expect(bench.lose()).toContainEqual({ do: 'dispatch', lease: lease(2), assignments })
  })

  test('asks for another lease where none has room, except where the job stands by cold', () => {
    for (const level of ['hot', 'warm', 'prepared'] as const) {
      expect(new Bench(level, 1).suspect()).toEqual([{ do: 'stand-by', lease: lease(1), level }])
    }
    expect(new Bench('cold', 1).suspect()).toEqual([])
    const hot = new Bench('hot', 1)
    hot.suspect()
    expect(hot.join(2)).toMatchObject([{ do: 'dispatch', lease: lease(2) }])
  })

  test('is given nothing new, and looked after elsewhere at once where it is gone and none has room', () => {
    const bench = new Bench('cold', 1)
    bench.suspect()
    expect(bench.lose()).toEqual([{ do: 'starved' }])
    expect(bench.job.doubts.get(lease(1))).toBe('silence')
  })

  test('that is gone for sure is replaced at once where there is no other, and else when that has no more to do', () => {
    const gone = { type: 'suspect', lease: lease(1), reason: 'refused' } as const
    const alone = new Bench('warm', 1)
    alone.post({ type: 'suspect', lease: lease(1), reason: 'closed' })
    expect(alone.lose()).toEqual([])
    expect(alone.post(gone)).toEqual([{ do: 'starved' }])
    const other = new Bench('warm')
    other.post({ type: 'suspect', lease: lease(1), reason: 'closed' })
    other.lose()
    expect(other.post(gone)).toEqual([])
  })

  test('of which attempts stand still has them run elsewhere', () => {
    const bench = new Bench('warm')
    const effects = bench.post({ type: 'stuck', lease: lease(1), attempts: ['job.0.0.1', 'job.0.0.7'] })
    expect(effects[0]).toEqual({ do: 'cancel', lease: lease(1), attempts: ['job.0.0.1'] })
    expect(bench.journal.one(attempts, 'job.0.0.1')?.failure).toBe('killed')
    expect(bench.journal.one(attempts, 'job.0.0.2')?.lease).toBe(lease(2))
    bench.result('job.0.0.2')
    expect(bench.journal.one(accepted, taskKey('job', 0))?.digest).toBe(outputDigest(OUTPUT))
  })
})

function lease(n: number): Hex {
  return `0x${n.toString(16).padStart(64, '0')}`
}

function party(n: number): { account: Hex; subject: Hex } {
  const account: Hex = `0x${n.toString(16).padStart(40, '0')}`
  return { account, subject: account }
}

function accept(effects: readonly JobEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.do === 'accepted' ? effect.agreeing : []))
}
