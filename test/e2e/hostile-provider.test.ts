import type { JobEventReport } from '@souk/requester'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { delegateKey, newParty } from './support/buyer.ts'
import { type Conduct, HostileProvider } from './support/hostile-provider.ts'
import { CONDUCT, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const TOKEN = 10n ** 18n

let stage: Stage
let hostile: HostileProvider
beforeAll(async () => {
  stage = await Stage.open(plan(1, 0.5))
  const party = await newParty(stage, 'hostile', TOKEN)
  hostile = await HostileProvider.start(stage.market.config, party, await delegateKey(party))
  await stage.offersFound(2)
})
afterAll(async () => {
  await hostile?.stop()
  await stage?.stop()
})

// Its offer is the best, so that every job begins with it.
test.each<[Conduct, JobEventReport['kind'], RegExp]>([
  ['silent', 'refused', /within 5000 ms/],
  ['dear-quote', 'refused', /another rate/],
  ['wrong-start-signature', 'refused', /sign the quote it gave/],
  ['unexpected-frame', 'lease-over', /unexpected refused frame/],
  ['wrong-result-signature', 'lease-over', /signature/],
  ['missing-checkpoint', 'checkpoint-refused', /"code":"[A-Z_]+"/],
  ['missing-content', 'failed', /content of the result could not be kept/],
])('a provider whose fault is %s costs a job nothing but time', async (conduct, kind, why) => {
  hostile.conduct = conduct
  const asked = hostile.asked
  const pid = stage.market.child('agent')?.pid
  const job = await stage.run(requestOf(CONDUCT, [['exit', '3']]))
  expect(job).toMatchObject({ state: 'done', verified: 1 })
  expect((await stage.result(job.job, 0)).output?.status).toEqual({ kind: 'exit', code: 3 })
  expect(hostile.asked).toBeGreaterThan(asked)
  expect(stage.market.child('agent')).toMatchObject({ pid })
  expect(stage.market.child('agent')?.isRunning()).toBe(true)
  const said = job.events.flatMap((event) => (event.kind === kind ? [JSON.stringify(event)] : []))
  expect(said.join()).toMatch(why)
})
