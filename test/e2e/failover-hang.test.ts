import { fileURLToPath } from 'node:url'
import type { JobEventReport } from '@souk/requester'
import type { JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requesterRows } from './support/journal-rows.ts'
import { requestOf } from './support/request.ts'
import { plan, Stage, type StartedJob } from './support/stage.ts'
import { until } from './support/until.ts'

const CLIMB = fileURLToPath(new URL('../../packages/runtime/programs/climb.wasm', import.meta.url))
const STEPS = 400
/** Thousands of turns of a loop for each step: about ten milliseconds. */
const WORK = 10_000

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.2))
})
afterAll(() => stage?.stop())

/** Starts a climb, and waits until some of it is saved; returns who climbs. */
async function climb(change: Partial<JobRequest>): Promise<{ job: StartedJob; victim: string }> {
  const job = await stage.start(
    requestOf(CLIMB, [[`${STEPS}`, `${WORK}`]], { deadlineMs: 240_000, ...change }),
  )
  await until('some checkpoints are here', () => of(job, 'checkpoint').length >= 2)
  const lease = of(job, 'dispatched').find(({ attempts }) => attempts.length > 0)?.lease
  const subject = of(job, 'lease').find((one) => one.lease === lease)?.subject
  const victim = stage.names.find((name) => stage.party(name).delegate === subject)
  if (victim === undefined) throw new Error('somebody climbs')
  return { job, victim }
}

/** Stops a provider's process where it stands, until `waited` is over. */
async function frozen(name: string, waited: () => Promise<unknown>): Promise<void> {
  const pid = stage.market.child(name)?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    await waited()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

test('a provider that hangs loses its work to one that was leased while it was in doubt', async () => {
  const { job, victim } = await climb({})
  await frozen(victim, () => until('the work runs elsewhere', () => of(job, 'failed-over').length > 0))
  const [moved] = of(job, 'failed-over')
  const doubts = of(job, 'suspect').filter(({ lease }) => lease === moved?.from)
  expect(doubts.map(({ reason }) => reason)).toContain('silence')
  expect(moved?.attempt).toMatch(/\.2$/)
  expect(of(job, 'continued').map(({ attempt }) => attempt)).toContain(moved?.attempt)
  expect(await job.done).toMatchObject({ state: 'done', verified: 1 })
  expect(await climbedFrom(await job.id)).toBeGreaterThan(0)
})

test('its standby begins while it is in doubt where the job stands by hot; one of the two gives the result', async () => {
  const { job, victim } = await climb({ leases: 2, standby: 'hot' })
  const begun = () => of(job, 'dispatched').some(({ attempts }) => attempts.some((id) => id.endsWith('.2')))
  await frozen(victim, () => until('the standby runs', begun))
  const suspected = job.events.findIndex(({ kind }) => kind === 'suspect')
  const dispatched = job.events.findLastIndex(({ kind }) => kind === 'dispatched')
  expect(suspected).toBeLessThan(dispatched)
  expect(await job.done).toMatchObject({ state: 'done', verified: 1 })
  await climbedFrom(await job.id)
  // Either it was heard again in time, or it was dead and its standby took its place.
  expect(of(job, 'refuted').length + of(job, 'failed-over').length).toBeGreaterThan(0)
})

test('all is paid, and of each task one attempt is accepted', async () => {
  await stage.settle()
  await stage.capacityFree()
  const { conserved, accounts } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter(({ locked }) => locked !== 0n)).toEqual([])
  await stage.market.stopProcesses()
  const { accepted } = await requesterRows(stage.folder('agent'))
  expect([...accepted.values()].map(({ agreeing }) => agreeing.length)).toEqual([1, 1])
})

/** Returns where the accepted climb began, after a look at where it came to. */
async function climbedFrom(job: string): Promise<number> {
  const { stdout } = await stage.result(job, 0)
  const text = new TextDecoder().decode(stdout)
  const [, first, last, value] = /^from (\d+) to (\d+) value (\d+)\n$/.exec(text) ?? []
  expect({ last, value }).toEqual({ last: `${STEPS}`, value: `${valueAt(STEPS)}` })
  return Number(first)
}

function valueAt(steps: number): bigint {
  let value = 1n
  for (let step = 1; step <= steps; step++)
    value = BigInt.asUintN(64, (value ^ BigInt(step)) * 0x100000001b3n)
  return value
}

function of<K extends JobEventReport['kind']>(job: StartedJob, kind: K) {
  return job.events.filter((event): event is Extract<JobEventReport, { kind: K }> => event.kind === kind)
}
