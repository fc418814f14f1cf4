import type { Hex } from '@souk/protocol'
import type { JobEventReport } from '@souk/requester'
import type { OfferRow } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_VULKAN, useSoftwareVulkan } from '../../packages/runtime/src/testing/software-vulkan.ts'
import { demandOf, expectedDigest, hashing } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'
import { until } from './support/until.ts'

const DEMAND = demandOf({}, { gpu: { count: 1, family: 'software', model: '*', vramBytes: 0 } })
/** Milliseconds for every provider to start, prove its device and measure it, on a busy machine. */
const PROVEN_MS = 180_000

describe.skipIf(!useSoftwareVulkan())(`a provider that forges proofs of its GPU (${NO_VULKAN})`, () => {
  let stage: Stage
  let forger: Hex
  let honest: Hex
  beforeAll(async () => {
    const [one, two] = plan(2, 0.3)
    if (one === undefined || two === undefined) throw new Error('two providers were planned')
    stage = await Stage.open([
      { ...one, gpus: ['software'], fault: 'wrong-proof' },
      { ...two, gpus: ['software'] },
    ])
    forger = stage.party('provider-1').account
    honest = stage.party('provider-2').account
  }, PROVEN_MS)
  afterAll(() => stage?.stop())

  const offers = async (demand = DEMAND) =>
    (await stage.ask<{ offers: OfferRow[] }>('agent', 'offers', { demand })).offers
  const run = (name: string) => stage.run(hashing(2, 1, { name, demand: DEMAND }))
  const providers = (events: readonly JobEventReport[]) =>
    events.flatMap((event) => (event.kind === 'lease' ? [event.provider] : []))

  test(
    'tells of a proof in its offer like an honest one, and of what was measured',
    async () => {
      const rows = await until(
        'both offers tell of a proof',
        async () => {
          const found = await offers()
          return (
            found.length === 2 &&
            found.every((row) => row.gpuClasses.every(({ proof }) => proof !== null)) &&
            found
          )
        },
        PROVEN_MS,
      )
      expect(rows.map(({ account }) => account)).toEqual([forger, honest])
      for (const { gpuClasses } of rows) {
        expect(gpuClasses).toMatchObject([{ family: 'software', proof: { size: 512 }, marks: [] }])
        expect(gpuClasses[0]?.proof?.ms).toBeGreaterThan(0)
        expect(gpuClasses[0]?.speed?.fp32Gflops).toBeGreaterThan(0)
      }
    },
    PROVEN_MS,
  )

  test(
    'has its lease ended before anything runs there, and the job is done elsewhere',
    async () => {
      const { events, state, job } = await run('first')
      expect(state).toBe('done')
      const proofs = events.flatMap((event) => (event.kind === 'proof' ? [event] : []))
      expect(proofs).toMatchObject([
        {
          code: 'wrong',
          subject: stage.party('provider-1').delegate,
          why: expect.stringContaining('of the product'),
        },
        { code: 'proven', subject: stage.party('provider-2').delegate, marks: [] },
      ])
      expect(events.flatMap((event) => (event.kind === 'refused' ? [event.why] : []))).toEqual([
        expect.stringContaining('(wrong)'),
      ])
      expect(providers(events)).toEqual([honest])
      for (const index of [0, 1]) {
        const { stdout } = await stage.result(job, index)
        expect(Buffer.from(stdout).toString()).toContain(expectedDigest(1, index))
      }
      const leases = await stage.leases()
      expect(leases.map(({ provider, phase }) => [provider, phase])).toEqual([
        [forger, 'closed'],
        [honest, 'closed'],
      ])
    },
    PROVEN_MS,
  )

  test(
    'is none for who asks for GPUs that proved themselves; the honest one is',
    async () => {
      await stage.capacityFree()
      await until('both devices are offered again', async () =>
        (await offers()).every(({ reason }) => reason === null),
      )
      const gpu = { count: 1, family: 'software', model: '*', vramBytes: 0, proven: true } as const
      const found = await offers(demandOf({}, { gpu }))
      const reasonOf = (account: Hex) => found.find((row) => row.account === account)?.reason
      expect([reasonOf(forger), reasonOf(honest)]).toEqual(['unproven', null])
    },
    PROVEN_MS,
  )

  test(
    'is not asked for the next lease, although its offer is the best',
    async () => {
      await stage.capacityFree()
      await until('both devices are offered again', async () =>
        (await offers()).every(({ reason }) => reason === null),
      )
      const { events, state } = await run('second')
      expect(state).toBe('done')
      expect(events.filter(({ kind }) => kind === 'refused')).toEqual([])
      expect(providers(events)).toEqual([honest])
    },
    PROVEN_MS,
  )

  test(
    'is paid for the seconds of its lease, and nothing is left open',
    async () => {
      await stage.settle()
      expect((await stage.leases()).every(({ settled }) => settled)).toBe(true)
    },
    PROVEN_MS,
  )
})
