import { type Hex, type Output, outputDigest, taskDigest } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advanceJob } from './job.ts'
import { type Job, type JobEffect, type JobEvent, newJob, type StandbyLevel } from './job-state.ts'
import { accepted, attempts, jobs, put, receipts, taskKey } from './records.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'
import { readJob } from './testing/recover-buyer.ts'

const SIGNED = numbered(1, 64)

/** What one provider does with each attempt it gets, over and over. */
type Manner = 'honest' | 'liar' | 'clumsy' | 'silent'

interface Given {
  readonly lease: Hex
  readonly index: number
}

/** Drives the job program as a requester with leases that answer in any order, and that may crash at any effect. */
class JobDriver {
  readonly journal = new MemoryJournal()
  readonly given = new Map<string, Given>()
  readonly accepted = new Map<number, Hex>()
  readonly caught: string[] = []
  job: Job
  nowMs = 0
  /** Attempts that a lease was given and has not answered, by lease. */
  readonly load = new Map<Hex, Set<string>>()
  /** Effects until the process crashes; `null` for never. */
  fuse: number | null = null
  readonly credit: number
  readonly manners: readonly Manner[]

  constructor(
    tasks: number,
    policy: { k: number; n: number },
    credit: number,
    manners: readonly Manner[],
    standby: StandbyLevel = 'warm',
  ) {
    this.credit = credit
    this.manners = manners
    this.job = newJob({ ...jobRow(tasks, policy.k, policy.n), standby })
    this.journal.commit([put(jobs, 'job', this.job.row)])
    this.joinAll()
  }

  joinAll(): void {
    for (const lease of this.manners.keys()) this.capacity(lease, this.credit)
  }

  capacity(at: number, credit: number): void {
    this.post({ type: 'lease', lease: leaseAt(at), account: accountAt(at), subject: accountAt(at), credit })
  }

  post(event: JobEvent): void {
    for (const effect of advanceJob(this.job, event, this.nowMs)) {
      if (this.fuse !== null && this.fuse-- <= 0) {
        this.crash()
        return
      }
      this.perform(effect)
    }
  }

  crash(): void {
    this.fuse = null
    const row = this.journal.one(jobs, 'job')
    expect(row).toBeDefined()
    if (row === undefined) return
    this.job = readJob(this.journal, row, partyOf, this.nowMs)
    // Attempts that the old process gave out are gone with its connections, unless they have receipts.
    for (const one of this.load.values()) one.clear()
    this.joinAll()
    this.post({ type: 'lost', attempts: [...this.job.inFlight].filter((id) => !this.isLoaded(id)) })
  }

  isLoaded(attempt: string): boolean {
    return [...this.load.values()].some((one) => one.has(attempt))
  }

  perform(effect: JobEffect): void {
    switch (effect.do) {
      case 'persist':
        this.journal.commit(effect.writes)
        return
      case 'dispatch': {
        const load = this.load.get(effect.lease) ?? new Set()
        for (const { attempt, index } of effect.assignments) {
          expect(this.given.has(attempt)).toBe(false)
          expect(this.accepted.has(index)).toBe(false)
          expect(this.journal.one(attempts, attempt)).toBeDefined()
          this.given.set(attempt, { lease: effect.lease, index })
          load.add(attempt)
        }
        this.load.set(effect.lease, load)
        expect(load.size).toBeLessThanOrEqual(this.credit)
        return
      }
      case 'cancel':
        for (const attempt of effect.attempts) this.load.get(effect.lease)?.delete(attempt)
        return
      case 'accepted':
        expect(this.accepted.has(effect.index)).toBe(false)
        expect(this.journal.one(accepted, taskKey('job', effect.index))).toBeDefined()
        this.accepted.set(effect.index, outputDigest(effect.output))
        return
      case 'caught':
        this.caught.push(`${effect.index}/${effect.lease}`)
        return
      default:
        return
    }
  }

  /** Lets the `pick`-th waiting attempt be answered; with `late` its lease is told so after the place was freed. */
  answer(pick: number): void {
    const waiting = [...this.load.values()].flatMap((one) => [...one])
    const attempt = waiting[pick % Math.max(1, waiting.length)]
    const given = attempt === undefined ? undefined : this.given.get(attempt)
    if (attempt === undefined || given === undefined) return
    const manner = this.manners[Number(given.lease) - 1]
    if (manner === 'silent') return
    this.load.get(given.lease)?.delete(attempt)
    if (manner === 'clumsy' && pick % 3 !== 0) {
      this.post({ type: 'failed', attempt, code: 'internal', message: 'it broke' })
      return
    }
    this.deliver(attempt, given, outputOf(taskOf(given.index), manner === 'liar' ? 1 : 0))
  }

  deliver(attempt: string, { lease, index }: Given, output: Output): void {
    const task = taskDigest(taskOf(index))
    const receipt = {
      lease,
      task,
      output: outputDigest(output),
      index: 0,
      size: 1,
      path: [],
      signature: SIGNED,
    }
    this.journal.commit([put(receipts, attempt, { output, receipt })])
    this.post({ type: 'results', results: [{ attempt, output }] })
  }

  drop(at: number): void {
    const load = this.load.get(leaseAt(at))
    const lost = [...(load ?? [])]
    this.capacity(at, 0)
    load?.clear()
    this.post({ type: 'lost', attempts: lost })
    this.capacity(at, this.credit)
  }

  doubt(at: number): void {
    this.post({ type: 'suspect', lease: leaseAt(at), reason: 'silence' })
  }

  trust(at: number): void {
    this.post({ type: 'refuted', lease: leaseAt(at) })
  }

  tick(ms: number): void {
    this.nowMs += ms
    this.post({ type: 'tick' })
  }
}

const move = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answer' as const), n: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), n: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('doubt' as const), n: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trust' as const), n: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), n: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tick' as const), n: fc.nat(8_000) }) },
)

/** Quorums with as many leases as it takes: at most n − k of them are no good. */
const setting = fc
  .record({
    policy: fc.constantFrom({ k: 1, n: 1 }, { k: 2, n: 3 }, { k: 3, n: 5 }),
    tasks: fc.integer({ min: 1, max: 10 }),
    credit: fc.integer({ min: 1, max: 3 }),
    standby: fc.constantFrom<StandbyLevel>('hot', 'hot', 'warm', 'prepared', 'cold'),
    bad: fc.array(fc.constantFrom<Manner>('liar', 'clumsy', 'silent'), { maxLength: 2 }),
  })
  .map(({ policy, bad, ...rest }) => {
    const some = bad.slice(0, policy.n - policy.k)
    const honest = Array.from<Manner>({ length: policy.n - some.length }).fill('honest')
    return { ...rest, policy, manners: [...some, ...honest] }
  })

describe('a job', () => {
  test('accepts one true output per task, of k accounts, whatever answers, fails, drops and crashes', () => {
    fc.assert(
      fc.property(
        setting,
        fc.array(move, { maxLength: 80 }),
        ({ tasks, policy, credit, manners, standby }, moves) => {
          const driver = new JobDriver(tasks, policy, credit, manners, standby)
          for (const one of moves) {
            if (one.do === 'answer') driver.answer(one.n)
            else if (one.do === 'drop') driver.drop(one.n % manners.length)
            else if (one.do === 'doubt') driver.doubt(one.n % manners.length)
            else if (one.do === 'trust') driver.trust(one.n % manners.length)
            else if (one.do === 'tick') driver.tick(one.n)
            else driver.fuse = one.n
          }
          driver.fuse = null
          for (const at of manners.keys()) driver.trust(at)
          expect(driver.job.hot.size).toBe(0)
          finish(driver)
          expect(driver.journal.one(jobs, 'job')?.state).toBe('done')
          const rows = [...driver.journal.all(accepted).values()]
          expect(rows.length).toBe(tasks)
          for (const [index, row] of rows.entries()) {
            expect(row.digest).toBe(outputDigest(outputOf(taskOf(index))))
            const accounts = row.agreeing.map((attempt) => driver.given.get(attempt)?.lease)
            expect(new Set(accounts).size).toBeGreaterThanOrEqual(policy.k)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('refuses the result of a fenced attempt', () => {
    const driver = new JobDriver(1, { k: 1, n: 1 }, 1, ['honest', 'honest'])
    const [[first, given] = ['', undefined]] = driver.given
    driver.drop(Number(given?.lease) - 1)
    const newer = [...driver.given.keys()].at(-1) ?? ''
    expect(newer).toBe('job.0.0.2')
    driver.post({ type: 'results', results: [{ attempt: first, output: outputOf(taskOf(0), 1) }] })
    expect(driver.accepted.size).toBe(0)
    driver.post({ type: 'results', results: [{ attempt: newer, output: outputOf(taskOf(0)) }] })
    expect(driver.accepted.get(0)).toBe(outputDigest(outputOf(taskOf(0))))
  })

  test('takes the result of a lost attempt that nobody has replaced', () => {
    const driver = new JobDriver(1, { k: 1, n: 1 }, 1, ['honest'])
    driver.capacity(0, 0)
    driver.post({ type: 'lost', attempts: ['job.0.0.1'] })
    driver.post({ type: 'results', results: [{ attempt: 'job.0.0.1', output: outputOf(taskOf(0)) }] })
    expect(driver.accepted.size).toBe(1)
  })

  test('catches a lie that crosses its cancel, even after the job has ended', () => {
    const driver = new JobDriver(1, { k: 2, n: 3 }, 1, ['honest', 'honest', 'honest'])
    driver.tick(0)
    const [a, b] = [...driver.given.keys()]
    driver.post({ type: 'results', results: [{ attempt: a ?? '', output: outputOf(taskOf(0)) }] })
    driver.job.slowMs = 10
    driver.tick(20)
    const c = [...driver.given.keys()].at(-1) ?? ''
    expect(c).toBe('job.0.2.1')
    driver.post({ type: 'results', results: [{ attempt: b ?? '', output: outputOf(taskOf(0)) }] })
    expect(driver.job.row.state).toBe('done')
    expect(driver.caught).toEqual([])
    driver.post({ type: 'results', results: [{ attempt: c, output: outputOf(taskOf(0), 1) }] })
    expect(driver.caught).toEqual([`0/${driver.given.get(c)?.lease}`])
  })

  test('finishes what a crash left decided but not journalled', () => {
    const driver = new JobDriver(2, { k: 1, n: 1 }, 2, ['honest'])
    driver.fuse = 0
    driver.answer(0)
    driver.fuse = 2
    driver.answer(0)
    finish(driver)
    expect(driver.journal.one(jobs, 'job')?.state).toBe('done')
  })

  test('cancels, before anything new, what a crash left running for decided tasks', () => {
    const driver = new JobDriver(2, { k: 2, n: 3 }, 2, ['silent', 'honest', 'honest'])
    driver.job.slowMs = 10
    driver.tick(20)
    const effects: JobEffect[] = []
    for (let i = 0; i < 12 && driver.accepted.size === 0; i++) driver.answer(i)
    const running = driver.job.tasks.flatMap((task) =>
      task.state === 'accepted' ? task.slots.filter((slot) => slot.state === 'running') : [],
    )
    const row = driver.journal.one(jobs, 'job')
    if (row === undefined) throw new Error('the row is there')
    const again = readJob(driver.journal, row, partyOf, 0)
    const lease = leaseAt(0)
    const event = { type: 'lease', lease, account: accountAt(0), subject: accountAt(0), credit: 0 } as const
    effects.push(...advanceJob(again, event, 0))
    const expected = running.filter((slot) => slot.lease === lease).map((slot) => slot.attempt)
    expect(expected.length).toBeGreaterThan(0)
    expect(effects[0]).toEqual({ do: 'cancel', lease, attempts: expected })
  })

  test('gives a task up when k accounts agree that its program fails', () => {
    const driver = new JobDriver(1, { k: 2, n: 3 }, 1, ['honest', 'honest', 'honest'])
    for (let i = 0; i < 3 && driver.job.row.state === 'running'; i++) {
      const attempt = [...driver.job.inFlight][0] ?? ''
      driver.post({ type: 'failed', attempt, code: 'bad-program', message: 'no start function' })
    }
    const row = driver.journal.one(accepted, taskKey('job', 0))
    expect(row).toMatchObject({ output: null, failure: 'bad-program' })
    expect(driver.given.size).toBe(3)
    expect(driver.job.row.state).toBe('failed')
  })

  test('gives a task up after many failures of machines, and asks the others first', () => {
    const driver = new JobDriver(1, { k: 1, n: 1 }, 1, ['honest', 'honest'])
    const leases: (Hex | undefined)[] = []
    for (let i = 0; i < 30 && driver.job.row.state === 'running'; i++) {
      const attempt = [...driver.job.inFlight][0] ?? ''
      leases.push(driver.given.get(attempt)?.lease)
      driver.load.get(driver.given.get(attempt)?.lease ?? '0x')?.delete(attempt)
      driver.post({ type: 'failed', attempt, code: 'internal', message: 'it broke' })
    }
    expect(leases.length).toBe(12)
    expect(new Set(leases.slice(0, 2)).size).toBe(2)
    expect(driver.job.row.state).toBe('failed')
  })

  test('takes back an attempt that says nothing for too long', () => {
    const driver = new JobDriver(1, { k: 1, n: 1 }, 1, ['silent', 'honest'])
    const [attempt] = [...driver.given.keys()]
    driver.tick(2 * driver.job.row.deadlineMs + 60_001)
    expect([...driver.given.keys()]).toEqual([attempt, 'job.0.0.2'])
  })

  test('asks for leases when nothing that runs will help', () => {
    const job = newJob(jobRow(1))
    expect(advanceJob(job, { type: 'tick' }, 0)).toEqual([])
    expect(advanceJob(job, { type: 'tick' }, 2_999)).toEqual([])
    expect(advanceJob(job, { type: 'tick' }, 3_000)).toEqual([{ do: 'starved' }])
    expect(advanceJob(job, { type: 'tick' }, 3_100)).toEqual([])
  })
})

/** Lets everything answer until the job ends. */
function finish(driver: JobDriver): void {
  driver.tick(0)
  for (let i = 0; i < 4_000 && driver.journal.one(jobs, 'job')?.state === 'running'; i++) {
    driver.answer(i)
    if (i % 10 === 0) driver.tick(3_000)
  }
}

function leaseAt(index: number): Hex {
  return numbered(index + 1, 32)
}

function accountAt(index: number): Hex {
  return numbered(index + 1, 20)
}

function partyOf(lease: Hex): { account: Hex; subject: Hex } {
  const account = accountAt(Number(lease) - 1)
  return { account, subject: account }
}
