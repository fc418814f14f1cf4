import type { JobEventReport } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TASKS = 6
const MEBIBYTES = 64
const MARKS = ['suspect', 'suspended', 'lease-over']

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.3))
})
afterAll(() => stage?.stop())

test('a provider that says nothing any more, with its connection open, loses its tasks first and then its lease', async () => {
  const silent = 'provider-1'
  const job = await stage.start(hashing(TASKS, MEBIBYTES, { leases: 2 }))
  await until(`${silent} works`, async () => {
    const { leases } = await stage.status(silent)
    return leases.some(({ running, earned }) => running > 0 && earned > 0n)
  })
  const pid = stage.market.child(silent)?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  try {
    const { delegate } = stage.party(silent)
    const over = await until('its lease is over', () =>
      of(job.events, 'lease-over').find(({ subject }) => subject === delegate),
    )
    expect(over.phase).toBe('lost')
    const taken = of(job.events, 'suspended').filter(({ lease }) => lease === over.lease)
    expect(taken.length).toBeGreaterThan(0)
    // Nothing closed the connection: it is silence that was noticed, and the tasks went before the lease did.
    const ofLease = job.events.filter((event) => 'lease' in event && event.lease === over.lease)
    const [suspect, suspended, end] = MARKS.map((mark) => ofLease.findIndex(({ kind }) => kind === mark))
    expect(suspect).toBeGreaterThanOrEqual(0)
    expect(suspended).toBeGreaterThan(suspect ?? 0)
    expect(end).toBeGreaterThan(suspended ?? 0)
    expect(of(ofLease, 'suspect')[0]?.reason).toBe('silence')
    expect(await job.done).toMatchObject({ state: 'done', verified: TASKS })
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const id = await job.id
  for (let index = 0; index < TASKS; index++) {
    const { stdout } = await stage.result(id, index)
    expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(MEBIBYTES, index))
  }

  await stage.settle()
  await stage.capacityFree()
  const { conserved, accounts } = await stage.money()
  expect(conserved).toBe(true)
  expect(accounts.filter(({ locked }) => locked !== 0n)).toEqual([])
})

function of<K extends JobEventReport['kind']>(events: readonly JobEventReport[], kind: K) {
  return events.filter((event): event is Extract<JobEventReport, { kind: K }> => event.kind === kind)
}
