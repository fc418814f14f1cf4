import { expect, test } from 'vitest'
import { type Engine, enginesOf, JUDGING_ENGINES, openRuntimes } from './runtimes.ts'
import { createWasmExecutor } from './wasm-executor.ts'

const share = { memoryBytes: 2 ** 24, cores: 1, diskBytes: 0, gpus: [] } as const

test('an engine is offered once it has proven its sandbox, and starts executors', async () => {
  const runtimes = await openRuntimes(JUDGING_ENGINES)
  const wasm = runtimes.offered.find(({ name }) => name === 'wasm/1')
  expect(wasm?.sandbox).toMatch(/process|namespaces/)
  const executor = await runtimes.start({ ...share, runtime: 'wasm/1' })
  expect(executor.sandbox).toBe(wasm?.sandbox)
  await executor.stop()
})

test('an engine whose sandbox does not hold is refused with its reason, and starts nothing', async () => {
  const broken: Engine = {
    name: 'wasm/1',
    prove: () => Promise.reject(new Error('it reached the network')),
    start: createWasmExecutor,
  }
  const runtimes = await openRuntimes([broken])
  expect(runtimes.offered).toEqual([])
  expect(runtimes.refused).toEqual([{ name: 'wasm/1', why: 'it reached the network' }])
  await expect(runtimes.start({ ...share, runtime: 'wasm/1' })).rejects.toMatchObject({
    data: { code: 'NOT_OFFERED' },
  })
})

test('where no GPU is for sale none is tried, and that is the reason', async () => {
  const kernels = enginesOf({ hasGpus: false }).filter(({ name }) => name === 'webgpu/1')
  const { offered, refused } = await openRuntimes(kernels)
  expect(offered).toEqual([])
  expect(refused).toEqual([{ name: 'webgpu/1', why: 'no GPU is for sale here' }])
})
