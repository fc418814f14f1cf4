import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kernel } from '@souk/protocol'
import type { JobRequest } from '@souk/requester/node'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SPIN, words } from '../../packages/runtime/src/testing/kernel-bench.ts'
import { missingSoftwareGpu } from '../../packages/runtime/src/testing/software-gpu.ts'
import { ROOT } from './processes.fixture.ts'
import { soukIn } from './support/cli.ts'
import { demandOf, requestOf, taskOf } from './support/request.ts'
import { plan, Stage } from './support/stage.ts'

const MIB = 1024 * 1024
const missing = await missingSoftwareGpu()
const example = (name: string) => join(ROOT, 'packages/cli/examples', name)

/** A GPU that computes on processors, as every provider of this market sells one. */
const SOFTWARE = { count: 1, family: 'software', model: '*', vramBytes: 0 } as const
const DEMAND = demandOf({ runtime: 'webgpu/1' }, { gpu: SOFTWARE })

describe.skipIf(missing !== null)(
  `kernels on a market${missing === null ? '' : `: skipped, ${missing}`}`,
  () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await Stage.open(plan(3).map((one) => ({ ...one, gpus: ['software'] })))
    })
    // A GPU is leased whole: the last test's must be back.
    beforeEach(async () => {
      await stage.capacityFree()
      await stage.offersFound(3, DEMAND)
    })
    afterAll(() => stage?.stop())

    const kernelJob = (kernel: Kernel, change: Partial<JobRequest> = {}): JobRequest => ({
      ...requestOf('', [[]]),
      ...{ program: { kernel }, demand: DEMAND, assurance: { k: 2, n: 3 }, leases: 2 },
      ...change,
    })
    test('souk run adds up numbers on a quorum of two, and it is paid', async () => {
      const numbers = join(stage.home, 'numbers.f32')
      writeFileSync(
        numbers,
        Float32Array.from({ length: MIB }, (_, i) => (i % 7) - 3.25),
      )
      const out = join(stage.home, 'out')
      const options = ['--gpu', 'software', '--input', numbers, '--out', out, '--assurance', 'quorum:2/3']
      const { code, stderr } = await soukIn(stage).run(['run', example('sum.wgsl'), ...options])
      expect(code, stderr).toBe(0)
      const total = new Float32Array(new Uint8Array(readFileSync(join(out, 'total.f32'))).buffer)
      // Quarters add up exactly, in whatever order.
      const expected = Array.from({ length: MIB }, (_, i) => (i % 7) - 3.25).reduce((sum, each) => sum + each)
      expect([...total]).toEqual([expected])
      await stage.capacityFree()
      await stage.settle()
      const leases = await stage.leases()
      expect(new Set(leases.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(2)
      for (const lease of leases) {
        const { status, paid } = await stage.reader.leaseState(lease.lease)
        expect([status, paid]).toEqual(['closed', lease.paid])
      }
      expect((await stage.money()).conserved).toBe(true)
    })

    test('arguments set what each task of a job computes', async () => {
      const kernel = words('out[i] = i * FACTOR;', 64, 'override FACTOR: u32;')
      const tasks = [1, 2, 3, 4].map((factor) => taskOf([`FACTOR=${factor}`]))
      const job = await stage.run(kernelJob(kernel, { tasks }))
      expect(job).toMatchObject({ state: 'done', verified: 4 })
      for (const index of tasks.keys())
        expect(await outOf(job.job, index)).toEqual([0, index + 1, 2 * (index + 1)])
    })

    test('an endless shader ends at its deadline, and tasks beside it are unharmed', async () => {
      // One kernel, which spins where it is told to.
      const kernel = words(
        'while (out[i] < LAST) { out[i] = (out[i] ^ 1u) + STEP; }',
        64,
        'override LAST: u32; override STEP: u32;',
      )
      const tasks = [
        ['LAST=4294967295', 'STEP=0'],
        ['LAST=1', 'STEP=0'],
        ['LAST=1', 'STEP=0'],
      ].map(taskOf)
      const job = await stage.run(kernelJob(kernel, { tasks, deadlineMs: 5_000 }))
      expect(job).toMatchObject({ state: 'failed', verified: 2 })
      expect((await stage.result(job.job, 0)).failure?.code).toBe('deadline')
      expect(await outOf(job.job, 1)).toEqual([1, 1, 1])
    })

    test.each<[string, Kernel, string, RegExp]>([
      [
        'a shader that does not compile',
        { ...words(''), code: 'fn main() { nothing(); }' },
        'bad-program',
        /1:13: .*nothing/,
      ],
      [
        'a feature that no device has',
        { ...words('out[i] = 1u;'), features: ['shader-f16'] },
        'refused',
        /shader-f16/,
      ],
    ])('%s fails its job in words', async (_, kernel, code, message) => {
      const job = await stage.run(kernelJob(kernel))
      expect(job.state).toBe('failed')
      expect((await stage.result(job.job, 0)).failure).toMatchObject({
        code,
        message: expect.stringMatching(message),
      })
    })

    test('reading beyond a buffer gives a result, the same everywhere', async () => {
      const job = await stage.run(kernelJob(words('out[i] = out[i + 1000000u] + i;')))
      expect(job).toMatchObject({ state: 'done', verified: 1 })
      expect(await outOf(job.job, 0)).toEqual([0, 1, 2])
    })

    test('what does not fit is refused before anything is bought', async () => {
      const before = (await stage.leases()).length
      const [out] = SPIN.bindings
      const large = kernelJob({ ...SPIN, bindings: out ? [{ ...out, length: 8 * MIB }] : [] })
      const unfed = { ...SPIN, bindings: SPIN.bindings.map((each) => ({ ...each, kind: 'inout' as const })) }
      for (const request of [large, kernelJob(unfed), kernelJob(SPIN, { tasks: [taskOf(['fast'])] })]) {
        const { done } = await stage.start(request)
        await expect(done).rejects.toMatchObject({ code: 'BAD_KERNEL' })
      }
      const gpuless = await soukIn(stage).run(['run', example('mandelbrot.wgsl')])
      expect(gpuless).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/--gpu: expected nvidia.*BAD_OPTION/s),
      })
      const folder = join(stage.home, 'kernels')
      mkdirSync(folder)
      writeFileSync(join(folder, 'a.wgsl'), 'fn main() {}')
      const specless = await soukIn(stage).run(['run', join(folder, 'a.wgsl'), '--gpu', 'software'])
      expect(specless).toMatchObject({ code: 3, stderr: expect.stringContaining('[FILE_MISSING]') })
      expect(await stage.leases()).toHaveLength(before)
    })

    test('a demand for a hardware GPU explains why nothing matches', async () => {
      const { code, stderr } = await soukIn(stage).run([
        'run',
        example('mandelbrot.wgsl'),
        '--gpu',
        'nvidia',
        '--grace',
        '0',
      ])
      expect(code).not.toBe(0)
      expect(stderr).toMatch(/3 without a GPU of that family.*\[NO_OFFER\]/s)
    })

    const outOf = async (job: string, index: number) => {
      const { files } = await stage.result(job, index)
      const bytes = Uint8Array.from(files?.find(({ path }) => path === 'out')?.bytes ?? [])
      return [...new Uint32Array(bytes.buffer, 0, 3)]
    }
  },
)
