import { fileURLToPath } from 'node:url'
import type { JobEventReport, JobSummary } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerRows, requesterRows } from './support/journal-rows.ts'
import { requestOf } from './support/request.ts'
import { plan, Stage, type StartedJob } from './support/stage.ts'
import { until } from './support/until.ts'

const CLIMB = fileURLToPath(new URL('../../packages/runtime/programs/climb.wasm', import.meta.url))
const STEPS = 700
/** Thousands of turns of a loop for each step: about ten milliseconds. */
const WORK = 10_000

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(3, 0.3))
})
afterAll(() => stage?.stop())

/** Starts a climb on one provider; the next is leased where that is gone. */
function climb(): Promise<StartedJob> {
  return stage.start(requestOf(CLIMB, [[`${STEPS}`, `${WORK}`]], { deadlineMs: 240_000 }))
}

function of<K extends JobEventReport['kind']>(job: StartedJob, kind: K) {
  return job.events.filter((event): event is Extract<JobEventReport, { kind: K }> => event.kind === kind)
}

/** Waits until some checkpoints are at the requester, and returns the name of the provider that made them. */
async function untilSaved(job: StartedJob): Promise<string> {
  await until('some checkpoints are here', () => of(job, 'checkpoint').length >= 3)
  const subject = of(job, 'lease').at(-1)?.subject
  const name = stage.names.find((one) => stage.party(one).delegate === subject)
  if (name === undefined) throw new Error('somebody runs it')
  return name
}

/** Returns what a climb begins at and that it came to the top with the right value: nothing was lost or done twice. */
async function beginningOf(job: string): Promise<number> {
  const { stdout } = await stage.result(job, 0)
  const [, first, last, value] =
    /^from (\d+) to (\d+) value (\d+)\n$/.exec(new TextDecoder().decode(stdout)) ?? []
  expect({ last, value }).toEqual({ last: `${STEPS}`, value: `${valueAt(STEPS)}` })
  return Number(first)
}

function valueAt(steps: number): bigint {
  let value = 1n
  for (let step = 1; step <= steps; step++)
    value = BigInt.asUintN(64, (value ^ BigInt(step)) * 0x100000001b3n)
  return value
}

/** Returns the attempts of a job by number, and the checkpoints that its requester keeps. */
async function journalled(job: string) {
  const { attempts, checkpoints } = await requesterRows(stage.folder('agent'))
  const tries = [...attempts.values()].filter((row) => row.job === job).sort((a, b) => a.n - b.n)
  const kept = [...checkpoints].filter(([key]) => key.startsWith(`${job}/`)).flatMap(([, row]) => row.kept)
  return { tries, kept }
}

test('a killed provider costs what came after its newest checkpoint: the next goes on from there', async () => {
  const job = await climb()
  const id = await job.id
  const victim = await untilSaved(job)
  await stage.market.child(victim)?.kill()
  expect(await job.done).toMatchObject({ state: 'done', verified: 1 })
  expect(await beginningOf(id)).toBeGreaterThan(0)
  expect(of(job, 'continued')).toHaveLength(1)
  await stage.market.startProvider(victim)
  await stage.offersFound(stage.names.length)
})

test('so does an agent that was killed, too, by what its journal holds; at the end nothing is kept', async () => {
  const job = await climb()
  job.done.catch(() => {})
  const id = await job.id
  const victim = await untilSaved(job)
  await stage.market.child('agent')?.kill()
  await stage.market.child(victim)?.kill()
  const before = await journalled(id)
  expect(before.kept).toHaveLength(1)
  await stage.market.startAgent()
  const end = await stage.ask<JobSummary>('agent', 'wait', { job: id })
  expect(end).toMatchObject({ state: 'done', verified: 1 })
  expect(await beginningOf(id)).toBeGreaterThan(0)

  await stage.market.stopProcesses()
  const { tries, kept } = await journalled(id)
  expect(tries.map(({ checkpoint }) => checkpoint)).toEqual([null, before.kept[0]?.cid])
  expect(kept).toEqual([])
  for (const name of stage.names.filter((one) => one !== victim)) {
    expect((await providerRows(stage.folder(name))).saved.size).toBe(0)
  }
})
