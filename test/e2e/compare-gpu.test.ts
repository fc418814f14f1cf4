import type { Demand } from '@souk/protocol'
import type { JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { words } from '../../packages/runtime/src/testing/kernel-bench.ts'
import { missingSoftwareGpu } from '../../packages/runtime/src/testing/software-gpu.ts'
import { Courtroom } from './support/court.ts'
import { demandOf, requestOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const missing = await missingSoftwareGpu()
const SOFTWARE = { count: 1, family: 'software', model: '*', vramBytes: 0 } as const
const DEMAND: Demand = demandOf({ runtime: 'webgpu/1' }, { gpu: SOFTWARE })
/** The cheapest: the first two leases are one of its and one of another, and the third decides. */
const LIAR = 'provider-1'

describe.skipIf(missing !== null)(
  `kernels that are compared by tolerance${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let stage: Stage
    beforeAll(async () => {
      const sellers = plan(3).map((one) => ({ ...one, gpus: ['software'] }))
      stage = await Stage.open(
        sellers.map((one) => (one.name === LIAR ? { ...one, fault: 'wrong-result:1' } : one)),
      )
      await stage.offersFound(3, DEMAND)
    })
    afterAll(() => stage?.stop())

    test('leave one model of GPU, catch a liar, and leave the jury out of it', async () => {
      const kernel = words('out[i] = i * 3u;')
      const request: JobRequest = {
        ...requestOf('', [[]]),
        ...{ program: { kernel }, demand: DEMAND, assurance: { k: 2, n: 3 }, leases: 2 },
        tasks: Array.from({ length: 4 }, () => ({ args: [], env: [], stdin: null, inputs: [] })),
      }
      const job = await stage.run(request)
      expect(job).toMatchObject({ state: 'done', verified: 4 })
      const classes = job.events.flatMap((event) => (event.kind === 'device-class' ? [event.model] : []))
      expect(classes).toHaveLength(1)
      const { files } = await stage.result(job.job, 0)
      expect([...new Uint32Array(files[0]?.bytes.slice().buffer ?? new ArrayBuffer(0))].slice(0, 3)).toEqual([
        0, 3, 6,
      ])
      const caught = job.events.flatMap((event) => (event.kind === 'caught' ? [event.subject] : []))
      expect(new Set(caught)).toEqual(new Set([stage.party(LIAR).delegate]))
      const court = await Courtroom.open(stage)
      expect((await court.status()).disputes).toEqual([])
      expect(await court.eventsOf('challenged')).toEqual([])
    })
  },
)
