import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Demand } from '@souk/protocol'
import type { JobEventReport, JobStarted, Requester } from '@souk/requester'
import { type OfferRow, readJob } from '@souk/requester/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingSoftwareGpu } from '../../packages/runtime/src/testing/software-gpu.ts'
import { newParty, startBuyer } from './support/buyer.ts'
import { soukIn } from './support/cli.ts'
import { Cards } from './support/gpu-cards.ts'
import { CONDUCT, demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

type Told = JobEventReport | JobStarted

const TOKEN = 10n ** 18n
const CLIMB = fileURLToPath(new URL('../../packages/runtime/programs/climb.wasm', import.meta.url))
/** Thousands of turns of a loop for a step of the climb: about half a second. */
const WORK = 400_000
/** Steps of a climb that is not over before two requesters have their leases. */
const STEPS = 12
const L4 = 'NVIDIA L4'
const T4 = 'Tesla T4'
const [FIRST, SECOND, THIRD] = ['first', 'other', 'third'].map((name) => `GPU-${process.pid}-${name}`) as [
  string,
  string,
  string,
]

const folder = mkdtempSync(join(tmpdir(), 'souk-cards-'))
const path = process.env.PATH
const missing = await missingSoftwareGpu()
let cards: Cards
let stage: Stage
const buyers: Requester[] = []
beforeAll(async () => {
  cards = new Cards(join(folder, 'tools'), [
    { id: FIRST, model: L4, mebibytes: 23_034 },
    { id: SECOND, model: T4, mebibytes: 15_360 },
    { id: THIRD, model: L4, mebibytes: 23_034 },
  ])
  process.env.PATH = `${cards.folder}${delimiter}${path}`
  const [one, two] = plan(2, 0.3)
  if (one === undefined || two === undefined) throw new Error('two providers were planned')
  stage = await Stage.open([
    { ...one, gpus: [FIRST, SECOND] },
    { ...two, gpus: [THIRD] },
  ])
  for (const name of ['eager', 'keen']) {
    buyers.push(await startBuyer(stage, await newParty(stage, name, TOKEN)))
  }
})
afterAll(async () => {
  for (const buyer of buyers) await buyer.stop()
  await stage?.stop()
  process.env.PATH = path
  rmSync(folder, { recursive: true, force: true })
})

/** A job of one task, which climbs so many steps and saves after each how far it came. */
function climbing(steps: number, demand: Demand) {
  return readJob(requestOf(CLIMB, [[`${steps}`, `${WORK}`]], { demand, deadlineMs: 400_000 }))
}

function wanting(model: string, family: 'nvidia' | 'software' = 'nvidia'): Demand {
  return demandOf({}, { gpu: { count: 1, family, model, vramBytes: 0 } })
}

async function offers(demand: Demand): Promise<OfferRow[]> {
  return (await stage.ask<{ offers: OfferRow[] }>('agent', 'offers', { demand })).offers
}

function models(row: OfferRow | undefined): string[] {
  return (row?.free.gpus ?? []).map(({ model }) => model).sort()
}

async function offerOf(name: string): Promise<OfferRow | undefined> {
  const { account } = stage.party(name)
  return (await offers(wanting('*'))).find((row) => row.account === account)
}

test('offers say which GPUs are free, and what is known of their models; no software demand fits them', async () => {
  const row = await until('the offer is here', async () => (await offerOf('provider-1')) ?? false)
  expect(models(row)).toEqual([L4, T4])
  const known = { family: 'nvidia', driver: '550.54.15', api: 'CUDA 12.4', marks: [] }
  expect(row.gpuClasses).toMatchObject([
    { model: L4, ...known },
    { model: T4, ...known },
  ])
  expect((await offers(wanting('*', 'software'))).map(({ reason }) => reason)).toEqual(['no-gpu', 'no-gpu'])
  const shown = await soukIn(stage).run(['offers', '--gpu', 'nvidia', '--sort', 'memory'])
  expect(shown.stdout).toMatch(/1 × NVIDIA L4, 22.5 GiB.*550.54.15, CUDA 12.4.*devSOUK\/h/)
  const { gpus } = await stage.ask<{ gpus: object[] }>('provider-1', 'status')
  expect(gpus).toMatchObject([
    {
      id: FIRST,
      sharing: 'exclusive',
      link: 'PCIe 4.0 x16',
      bus: '0000:01:00.0',
      marks: [],
      health: { present: true },
    },
    { id: SECOND, model: T4 },
  ])
})

test.skipIf(missing !== null)(
  `no software adapter stands in for a card${missing === null ? '' : `: skipped, ${missing}`}`,
  async () => {
    const demand = { ...wanting(T4), runtime: 'webgpu/1' } as const
    await until('an offer fits', async () => (await offers(demand)).some(({ reason }) => reason === null))
    const refusal = await stage.ask('agent', 'quote', { demand }).catch((error: Error) => error.message)
    expect(refusal).toMatch(/install the Vulkan driver.*\(no-gpu\)/)
    const { refusedGpus } = await stage.ask<{ refusedGpus: object[] }>('provider-1', 'status')
    expect(refusedGpus).toContainEqual(expect.objectContaining({ name: 'webgpu/1', family: 'nvidia' }))
  },
)

test('two requesters race for one device: one has it, the other hears that it is gone and leases elsewhere', async () => {
  const demand = wanting(L4)
  for (const buyer of buyers) {
    await until('both offers are known', () => buyer.offers(demand).candidates.length === 2)
  }
  const spec = await climbing(STEPS, demand)
  const events: Told[][] = buyers.map(() => [])
  const jobs = await Promise.all(
    buyers.map((buyer, i) => buyer.run(spec, `race-${i}`, (event) => events[i]?.push(event))),
  )
  const held = await until('both have a lease', async () => {
    const leases = (await Promise.all(stage.names.map((name) => stage.status(name)))).flatMap(
      (one) => one.leases,
    )
    const gpus = leases.filter(({ phase }) => phase === 'active').flatMap((lease) => lease.gpus)
    return gpus.length === 2 && gpus
  })
  expect(held.sort()).toEqual([FIRST, THIRD].sort())
  expect(await Promise.all(jobs.map((job) => job.finished))).toEqual(['done', 'done'])
  const refused = events.flat().flatMap((event) => (event.kind === 'refused' ? [event.why] : []))
  // Whoever was first had no word of refusal.
  expect(events.filter((list) => list.every(({ kind }) => kind !== 'refused'))).toHaveLength(1)
  expect(refused).toEqual([expect.stringContaining('(no-gpu)')])
  await stage.capacityFree()
})

test('a card that is pulled out fails its lease alone, which is served elsewhere, and leaves the offer', async () => {
  const [buyer, other] = buyers
  if (buyer === undefined || other === undefined) throw new Error('two requesters were started')
  await until('the cheaper offer is here again', async () => models(await offerOf('provider-1')).length === 2)
  await until('it is known', () => buyer.offers(wanting(L4)).candidates.length === 2)
  await until('the other is, too', () => other.offers(wanting(T4)).candidates.length === 1)
  const start = async (by: Requester, model: string, events: Told[]) => {
    // It never ends by itself: nothing here depends on how quick this machine is.
    const spec = await readJob(
      requestOf(CONDUCT, [['spin']], { demand: wanting(model), deadlineMs: 3_600_000 }),
    )
    return by.run(spec, `pull-${model}`, (event) => events.push(event))
  }
  const victims: Told[] = []
  const bystanders: Told[] = []
  const [victim, bystander] = await Promise.all([start(buyer, L4, victims), start(other, T4, bystanders)])
  await until('both run on one machine', async () => {
    const { leases } = await stage.status('provider-1')
    return leases.filter(({ running }) => running === 1).length === 2
  })
  const told = () => [...buyer.leases.values()].find(({ state }) => state.gpus.length > 0)?.state.gpus
  expect(await until('beats tell how the card is', () => told())).toEqual([
    { id: FIRST, busy: 0, usedBytes: 3 * 2 ** 20, celsius: 41, watts: 30, memoryErrors: 0, present: true },
  ])
  cards.pull(FIRST)

  const failure = await until('the requester hears of it', () =>
    victims.find((event) => event.kind === 'failed'),
  )
  expect(failure).toMatchObject({ code: 'device-lost' })
  await until('it is offered no more', async () => models(await offerOf('provider-1')).join() === '')
  expect((await stage.status('provider-1')).free.gpus).toEqual([])
  const served = await until('it runs elsewhere', async () => {
    const { leases } = await stage.status('provider-2')
    return leases.find(({ running }) => running === 1)
  })
  expect(served.gpus).toEqual([THIRD])
  const accounts = victims.flatMap((event) => (event.kind === 'lease' ? [event.provider] : []))
  expect(accounts.at(-1)).toBe(stage.party('provider-2').account)
  // The card beside it was never in doubt.
  expect(bystanders.filter(({ kind }) => kind === 'failed' || kind === 'suspended')).toEqual([])
  for (const job of [victim, bystander]) await job.post({ type: 'stop', state: 'cancelled' })
  expect(await Promise.all([victim.finished, bystander.finished])).toEqual(['cancelled', 'cancelled'])
  await until('the other card is free', async () => models(await offerOf('provider-1')).join() === T4)
  const { gpus } = await stage.ask<{ gpus: object[] }>('provider-1', 'status')
  expect(gpus).toMatchObject([
    { id: FIRST, marks: ['unhealthy'], health: { present: false } },
    { id: SECOND, why: null },
  ])
})

test('heat, errors of memory and a driver that answers nonsense degrade the offer, and the last takes it away', async () => {
  const marks = async () => (await offerOf('provider-2'))?.gpuClasses[0]?.marks
  cards.say(THIRD, '100, 20000, 95, 72.10, 4')
  await until('the class is marked', async () => (await marks())?.join() === 'hot,memory-errors')
  cards.say(THIRD, 'banana, banana, banana, banana, banana')
  await until('it is not offered', async () => models(await offerOf('provider-2')).length === 0)
  cards.say(THIRD, '0, 3, 41, 30.00, 0')
  await until(
    'it is offered again, unmarked',
    async () => models(await offerOf('provider-2')).length === 1 && (await marks())?.length === 0,
  )
  expect(await stage.run(requestOf(CONDUCT, [['nothing']], { demand: wanting(L4) }))).toMatchObject({
    state: 'done',
  })
})
