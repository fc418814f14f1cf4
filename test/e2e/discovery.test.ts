import type { Requester } from '@souk/requester'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBuyer } from './support/buyer.ts'
import { demandOf, expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const PROVIDERS = 5

let stage: Stage
const buyers: Requester[] = []
beforeAll(async () => {
  stage = await Stage.open(plan(PROVIDERS, 0.2))
})
afterAll(async () => {
  for (const buyer of buyers) await buyer.stop()
  await stage?.stop()
})

describe('a requester that starts after everyone else finds all five offers', () => {
  test.each([
    ['by every way', {}],
    ['with gossip and directory off', { gossip: false, directory: false }],
    ['with gossip and DHT off', { gossip: false, dht: false }],
  ])('%s', async (_how, discovery) => {
    const buyer = await startBuyer(stage, stage.market.requester, { discovery })
    buyers.push(buyer)
    const { candidates } = await until('all offers are found and bonded', () => {
      const found = buyer.offers(demandOf())
      return found.candidates.length === PROVIDERS && found
    })
    const accounts = candidates.map(({ entry }) => entry.offer.account).sort()
    expect(accounts).toEqual(stage.names.map((name) => stage.party(name).account).sort())
  })
})

test('a provider that drains withdraws its offer and lets its work finish', async () => {
  const leaver = 'provider-1'
  const tasks = 16
  const request = hashing(tasks, 24, { assurance: { k: 2, n: 3 }, leases: 3 })
  const { id, done, events } = await stage.start(request)
  await until(`${leaver} works`, async () => {
    const { leases } = await stage.status(leaver)
    return leases.some((lease) => lease.running > 0)
  })
  const child = stage.market.child(leaver)
  process.kill(child?.pid ?? 0, 'SIGTERM')
  await stage.offersFound(PROVIDERS - 1)
  expect(await done).toMatchObject({ state: 'done', verified: tasks })
  await until(`${leaver} has ended by itself`, () => child?.isRunning() === false)

  for (let index = 0; index < tasks; index++) {
    const { stdout } = await stage.result(await id, index)
    expect(new TextDecoder().decode(stdout).split(' ')[0]).toBe(expectedDigest(24, index))
  }
  // It gave what it had and was paid by agreement: nothing was lost, nothing ran again.
  const { delegate } = stage.party(leaver)
  const over = events.flatMap((event) => (event.kind === 'lease-over' ? [event] : []))
  expect(over.find((event) => event.subject === delegate)).toMatchObject({ phase: 'closed', why: 'closed' })
  await stage.settle()
  expect((await stage.money()).conserved).toBe(true)
})
