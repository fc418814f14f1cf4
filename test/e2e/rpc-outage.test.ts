import { writeNetworkConfig } from '@souk/settlement/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layout } from '../../packages/cli/src/home.ts'
import { type Line, startLine } from '../../packages/settlement/src/testing/line.ts'
import { delegateKey } from './support/buyer.ts'
import { RawPeer, Talk } from './support/raw-peer.ts'
import { CONDUCT, hashing, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const TASKS = 16

let stage: Stage
let line: Line
beforeAll(async () => {
  stage = await Stage.open(plan(2, 0.4))
  // The peers come back with a line before their endpoint, which can be cut.
  await stage.market.stopProcesses()
  line = await startLine(stage.market.chain.rpcUrl)
  const config = { ...stage.market.config, rpcUrls: [line.url] }
  await writeNetworkConfig(layout(stage.home).networkFile, config)
  for (const name of stage.names) await stage.market.startProvider(name)
  await stage.market.startAgent()
  await stage.offersFound(stage.names.length)
})
afterAll(async () => {
  await stage?.stop()
  await line?.cut()
})

test('with the endpoint gone work goes on, new leases wait, and settlement catches up', async () => {
  const { id, done, events } = await stage.start(hashing(TASKS, 24, { assurance: { k: 2, n: 2 }, leases: 2 }))
  const accepted = () => events.filter((event) => event.kind === 'accepted').length
  await until('results are accepted', () => accepted() > 0)
  await line.cut()
  const before = accepted()
  await until('the agent has noticed', async () => {
    const { head } = await stage.ask<{ head: unknown }>('agent', 'status')
    return head === null
  })

  const refused = await stage.start(requestOf(CONDUCT, [['nothing']]))
  await expect(refused.done).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
  const party = stage.market.requester
  const peer = await RawPeer.start(stage.market.config, party.account, await delegateKey(party))
  await until('a provider refuses new leases', async () => {
    const talk = new Talk(await peer.open(await stage.status('provider-1')))
    await talk.send(peer.demand())
    const answer = await talk.any()
    await talk.stream.close()
    return answer.t === 'refused' && answer.code === 'chain-unavailable'
  })
  await peer.node.stop()

  await until('work goes on without a chain', () => accepted() > before)
  expect(await done).toMatchObject({ state: 'done', verified: TASKS })
  expect((await stage.result(await id, 0)).output).not.toBeNull()
  expect(events.filter((event) => event.kind === 'lease-over' && event.phase === 'lost')).toEqual([])

  await line.mend()
  await stage.settle()
  await stage.capacityFree()
  for (const { lease, paid } of await stage.leases()) {
    expect(await stage.reader.leaseState(lease)).toMatchObject({ status: 'closed', paid })
  }
  const money = await stage.money()
  expect(money.conserved).toBe(true)
  expect(money.accounts.filter((one) => one.locked !== 0n)).toEqual([])
  expect(await stage.run(requestOf(CONDUCT, [['nothing']]))).toMatchObject({ state: 'done' })
})
