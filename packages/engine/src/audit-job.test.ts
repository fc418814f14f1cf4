import { auditLot } from '@souk/availability'
import { type Hex, type Output, outputDigest } from '@souk/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newAudits, restoreAudits } from './audit-state.ts'
import { advanceJob } from './job.ts'
import { type Job, type JobEffect, type JobEvent, newJob } from './job-state.ts'
import { accepted, type JobRow, jobs, mismatches, put, receipts, taskKey } from './records.ts'
import { MemoryJournal } from './testing/memory-journal.ts'
import { jobRow, numbered, outputOf, taskOf } from './testing/parties.ts'
import { readJob } from './testing/recover-buyer.ts'

const SECRET: Hex = `0x${'5e'.repeat(32)}`
const WINDOW_MS = 10_000
const RATE_E12 = 10n ** 15n

/** Whether an account lies about a task; who colludes tells the same lie as the others that do. */
type Manner = 'honest' | 'lies' | 'lies-sometimes' | 'lies-late' | 'slanders'

interface Given {
  readonly lease: Hex
  readonly index: number
}

/** Drives the job program under audit; attempts and executions here are answered in any order, and it may crash. */
class AuditDriver {
  readonly journal = new MemoryJournal()
  readonly given = new Map<string, Given>()
  /** What is shown of each task now, and everything that ever was. */
  readonly shown = new Map<number, Hex>()
  readonly caught = new Set<Hex>()
  readonly convicted = new Set<Hex>()
  readonly audited = new Map<string, string>()
  readonly waiting: string[] = []
  readonly here: number[] = []
  readonly manners: readonly Manner[]
  job: Job
  nowMs = 0
  ended: string | null = null

  constructor(tasks: number, manners: readonly Manner[], change: Partial<JobRow> = {}) {
    this.manners = manners
    const checks = { secret: SECRET, audited: true, here: true, windowMs: WINDOW_MS }
    this.job = newJob({ ...jobRow(tasks), checks, ...change })
    this.journal.commit([put(jobs, 'job', this.job.row)], 'synced')
    this.join()
  }

  join(): void {
    const stake = 10n ** 9n
    this.manners.forEach((_, at) => {
      const party = { lease: leaseAt(at), account: accountAt(at), subject: accountAt(at) }
      this.post({ type: 'lease', ...party, credit: 2, stake, rateE12: RATE_E12 })
    })
  }

  post(event: JobEvent): void {
    for (const effect of advanceJob(this.job, event, this.nowMs)) this.perform(effect)
  }

  perform(effect: JobEffect): void {
    switch (effect.do) {
      case 'persist':
        this.journal.commit(effect.writes, effect.durability)
        return
      case 'dispatch':
        for (const { attempt, index } of effect.assignments) {
          expect(this.convicted.has(effect.lease)).toBe(false)
          expect(this.given.has(attempt)).toBe(false)
          this.given.set(attempt, { lease: effect.lease, index })
          this.waiting.push(attempt)
        }
        return
      case 'cancel':
        for (const attempt of effect.attempts) drop(this.waiting, attempt)
        return
      case 'accepted':
        expect(this.shown.has(effect.index)).toBe(false)
        expect(this.journal.one(accepted, taskKey('job', effect.index))).toBeDefined()
        this.shown.set(effect.index, outputDigest(effect.output))
        return
      case 'recalled':
        expect(this.shown.delete(effect.index)).toBe(true)
        expect(this.journal.one(accepted, taskKey('job', effect.index))).toBeUndefined()
        return
      case 'recheck':
        this.here.push(effect.index)
        return
      case 'caught':
        this.caught.add(effect.lease)
        return
      case 'audited':
        this.audited.set(effect.attempt, effect.verdict)
        return
      case 'convicted':
        this.convicted.add(numbered(Number(effect.account) - 100, 32))
        return
      case 'finished':
        this.ended = effect.state
        return
      default:
        return
    }
  }

  answer(pick: number): void {
    const attempt = this.waiting[pick % Math.max(1, this.waiting.length)]
    const given = attempt === undefined ? undefined : this.given.get(attempt)
    if (attempt === undefined || given === undefined) return
    drop(this.waiting, attempt)
    const output = outputOf(taskOf(given.index), this.lies(attempt, given) ? 1 : 0)
    const { lease } = given
    const receipt = { lease, task: SECRET, output: SECRET, index: 0, size: 1, path: [], signature: SIGNED }
    this.journal.commit([put(receipts, attempt, { output, receipt })], 'committed')
    this.post({ type: 'results', results: [{ attempt, output }] })
  }

  lies(attempt: string, { lease, index }: Given): boolean {
    const manner = this.manners[Number(lease) - 1] ?? 'honest'
    // Slots beyond the first audit others.
    const isAudit = !attempt.startsWith(`job.${index}.0.`)
    if (manner === 'slanders') return isAudit
    if (isAudit || manner === 'honest') return false
    return manner === 'lies' || (manner === 'lies-late' ? index > 5 : index % 4 === 3)
  }

  answerHere(output?: Output | null): void {
    const index = this.here.shift()
    if (index === undefined) return
    this.post({ type: 'rechecked', index, output: output === undefined ? outputOf(taskOf(index)) : output })
  }

  tick(ms: number): void {
    this.nowMs += ms
    this.post({ type: 'tick' })
  }

  /** The process dies and comes back: what was under way here and on leases is gone. */
  crash(): void {
    const row = this.journal.one(jobs, 'job')
    if (row === undefined || this.ended !== null) return
    this.job = readJob(this.journal, row, partyOf, this.nowMs)
    const liars = [...this.journal.all(mismatches).values()].map(({ lease }) => partyOf(lease).account)
    restoreAudits(this.job, liars, this.nowMs)
    this.waiting.length = 0
    this.here.length = 0
    this.shown.clear()
    for (const [key, { digest }] of this.journal.all(accepted)) {
      if (digest !== null) this.shown.set(Number(key.split('/')[1]), digest)
    }
    this.join()
    this.post({ type: 'lost', attempts: [...this.job.inFlight].filter((id) => !this.waiting.includes(id)) })
  }

  finish(): void {
    for (let turn = 0; turn < 2_000 && this.ended === null; turn++) {
      this.answer(0)
      this.answerHere()
      this.tick(turn % 10 === 0 ? WINDOW_MS : 100)
    }
  }
}

const move = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answer' as const), n: fc.nat(50) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('here' as const), n: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tick' as const), n: fc.nat(8_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), n: fc.nat(9) }) },
)
const MANNERS: readonly Manner[] = ['honest', 'lies', 'lies-sometimes', 'lies-late', 'slanders']
/** At least three are honest, so that there is always a majority of them to ask. */
const setting = fc.record({
  tasks: fc.integer({ min: 1, max: 24 }),
  here: fc.boolean(),
  bad: fc.array(fc.constantFrom(...MANNERS), { maxLength: 1 }),
})

describe('a job under audit', () => {
  test('ends, shows every task once, and nothing wrong of whom it convicted', () => {
    fc.assert(
      fc.property(setting, fc.array(move, { maxLength: 120 }), ({ tasks, here, bad }, moves) => {
        const checks = { secret: SECRET, audited: true, here, windowMs: WINDOW_MS }
        const driver = new AuditDriver(tasks, [...bad, 'honest', 'honest', 'honest'], { checks })
        for (const one of moves) {
          if (one.do === 'answer') driver.answer(one.n)
          else if (one.do === 'here') driver.answerHere(one.n === 0 ? null : undefined)
          else if (one.do === 'tick') driver.tick(one.n)
          else driver.crash()
        }
        driver.finish()
        expect(driver.ended).toBe('done')
        expect(driver.shown.size).toBe(tasks)
        for (const [index, digest] of driver.shown) {
          if (digest === outputDigest(outputOf(taskOf(index)))) continue
          const row = driver.journal.one(accepted, taskKey('job', index))
          const [attempt = ''] = row?.agreeing ?? []
          const { lease } = driver.given.get(attempt) ?? { lease: '0x' }
          // Nobody looked at it, and its account was never found out.
          expect(driver.audited.has(attempt)).toBe(false)
          expect(driver.convicted.has(lease)).toBe(false)
        }
        for (const lease of driver.convicted) expect(driver.manners[Number(lease) - 1]).not.toBe('honest')
      }),
      { numRuns: 300 },
    )
  })

  test('shows nothing of a newcomer before it was looked at', () => {
    const driver = new AuditDriver(1, ['honest', 'honest'])
    driver.answer(0)
    driver.tick(10 * WINDOW_MS)
    expect(driver.shown.size).toBe(0)
    driver.answer(0)
    driver.answerHere()
    expect(driver.ended).toBe('done')
    expect([...driver.audited.values()]).toEqual(['valid'])
  })

  test('holds what is not drawn for its window', () => {
    const { driver, undrawn } = trusted()
    expect(undrawn.length).toBeGreaterThan(1)
    driver.tick(WINDOW_MS - 1)
    expect(undrawn.some((index) => driver.shown.has(index))).toBe(false)
    driver.tick(1)
    expect(undrawn.filter((index) => driver.shown.has(index))).toEqual(undrawn)
  })

  test('calls back what a convicted account was believed, and shows what is right instead', () => {
    const driver = new AuditDriver(24, ['lies-late', 'honest', 'honest', 'honest'], { open: true })
    driver.job.audits?.ledger.accounts.set(accountAt(0), record(1_000))
    driver.finish()
    driver.post({ type: 'seal' })
    driver.finish()
    expect(driver.ended).toBe('done')
    for (const [index, digest] of driver.shown) {
      const isRight = digest === outputDigest(outputOf(taskOf(index)))
      if (driver.convicted.size > 0) expect(isRight).toBe(true)
    }
  })

  test('asks a third account where an auditor contradicts, and convicts the one that is alone', () => {
    const checks = { secret: SECRET, audited: true, here: false, windowMs: WINDOW_MS }
    const driver = new AuditDriver(30, ['slanders', 'honest', 'honest'], { checks })
    driver.finish()
    expect(driver.ended).toBe('done')
    expect([...driver.convicted]).toEqual([leaseAt(0)])
    expect(driver.caught.has(leaseAt(0))).toBe(true)
  })
})

describe('a job with a quorum', () => {
  const checks = { secret: SECRET, audited: false, here: true }

  test('executes a few of the accepted again, and believes itself', () => {
    const tasks = 100
    const liars: Manner[] = ['lies', 'lies']
    const driver = new AuditDriver(tasks, liars, { checks, k: 2, n: 2 })
    // Both lie alike, in any slot.
    driver.lies = () => true
    driver.finish()
    expect(driver.ended).toBe('done')
    const right = [...driver.shown].filter(([i, digest]) => digest === outputDigest(outputOf(taskOf(i))))
    expect(right.length).toBeGreaterThan(0)
    expect(driver.caught).toEqual(new Set([leaseAt(0), leaseAt(1)]))
  })

  test('believes the quorum where nothing can be executed here', () => {
    const driver = new AuditDriver(100, ['honest', 'honest'], { checks, k: 2, n: 2 })
    for (let i = 0; i < 500 && driver.ended === null; i++) {
      driver.answer(0)
      driver.answerHere(null)
    }
    expect(driver.ended).toBe('done')
  })

  test('starts all replicas at once where it is told to', () => {
    const driver = new AuditDriver(1, ['honest', 'honest', 'honest'], { k: 2, n: 3, first: 3, checks })
    expect(driver.waiting).toHaveLength(3)
  })
})

const SIGNED = numbered(1, 64)

/** A job whose accounts have long records, so that the floor alone draws; everything is in, and what was drawn audited. */
function trusted(): { driver: AuditDriver; undrawn: number[] } {
  const driver = new AuditDriver(8, ['honest', 'honest'], { open: true })
  for (const at of [0, 1]) driver.job.audits?.ledger.accounts.set(accountAt(at), record(1_000))
  while (driver.waiting.length + driver.here.length > 0) {
    driver.answer(0)
    driver.answerHere()
  }
  const isUndrawn = (attempt: string) => auditLot(SECRET, attempt) >= 0.05
  const first = [...driver.given].filter(([attempt]) => /^job\.\d+\.0\.1$/.test(attempt))
  const undrawn = first.flatMap(([attempt, { index }]) => (isUndrawn(attempt) ? [index] : []))
  return { driver, undrawn }
}

function record(valid: number) {
  return { valid, convicted: false, results: new Map(), running: new Set<never>() }
}

function drop<T>(list: T[], one: T): void {
  const at = list.indexOf(one)
  if (at >= 0) list.splice(at, 1)
}

function leaseAt(at: number): Hex {
  return numbered(at + 1, 32)
}

function accountAt(at: number): Hex {
  return numbered(at + 101, 20)
}

function partyOf(lease: Hex) {
  const account = accountAt(Number(lease) - 1)
  return { account, subject: account }
}

test('a job without checks has no audits', () => {
  expect(newAudits({})).toBeNull()
})
