import type { JobEventReport, JobStarted, Requester } from '@souk/requester'
import { readJob } from '@souk/requester/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newParty, startBuyer } from './support/buyer.ts'
import { demandOf, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TOKEN = 10n ** 18n

let stage: Stage
const buyers: Requester[] = []
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.3))
  for (const name of ['first', 'second']) {
    buyers.push(await startBuyer(stage, await newParty(stage, name, TOKEN)))
  }
})
afterAll(async () => {
  for (const buyer of buyers) await buyer.stop()
  await stage?.stop()
})

test('two requesters race for capacity that only one can have: the other hears why and leases elsewhere', async () => {
  const { free } = await stage.status('provider-1')
  const demand = demandOf({}, { millicores: Math.ceil(free.millicores * 0.6) })
  for (const buyer of buyers) {
    await until('both offers are known', () => buyer.offers(demand).candidates.length === 2)
  }
  const spec = await readJob(hashing(2, 8, { demand }))
  const events: (JobEventReport | JobStarted)[][] = buyers.map(() => [])
  const jobs = await Promise.all(
    buyers.map((buyer, i) => buyer.run(spec, `race-${i}`, (event) => events[i]?.push(event))),
  )
  expect(await Promise.all(jobs.map((job) => job.finished))).toEqual(['done', 'done'])
  const providers = events.flat().flatMap((event) => (event.kind === 'lease' ? [event.provider] : []))
  expect(providers.sort()).toEqual(
    ['provider-1', 'provider-2'].map((name) => stage.party(name).account).sort(),
  )
  const refusals = events.map((list) =>
    list.flatMap((event) => (event.kind === 'refused' ? [event.why] : [])),
  )
  expect(refusals.filter((list) => list.length === 0)).toHaveLength(1)
  expect(refusals.flat()).toEqual([expect.stringContaining('(no-capacity)')])
})

test('what the winners held is free again when their jobs are over', async () => {
  await stage.capacityFree()
  for (const buyer of buyers) {
    await until('every lease is settled', () =>
      buyer.unsettled().every((one) => one.purchase.opening === null),
    )
  }
})
