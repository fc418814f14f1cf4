import { describe, expect, it } from 'vitest'
import { NO_VULKAN, useSoftwareVulkan } from '../testing/software-vulkan.ts'
import { listAdapters } from '../webgpu/adapters.ts'
import { measureGpu } from './measure-gpu.ts'

const NOW_SECONDS = 1_800_000_000.5

describe.skipIf(!useSoftwareVulkan())(`the speed of a GPU (${NO_VULKAN})`, () => {
  it('is measured in whole units, and 0 where the device cannot do it', async () => {
    const adapter = (await listAdapters()).find(({ isSoftware }) => isSoftware)
    if (adapter === undefined) throw new Error('expected a software adapter')
    const speed = await measureGpu(adapter, NOW_SECONDS)
    expect(speed.measured).toBe(1_800_000_000)
    expect(speed.fp32Gflops).toBeGreaterThan(0)
    expect(speed.memoryMbPerSecond).toBeGreaterThan(0)
    expect(speed.transferMbPerSecond).toBeGreaterThan(0)
    expect(speed.fp16Gflops > 0).toBe(adapter.features.includes('shader-f16'))
  })

  it('is not waited for by who stops', async () => {
    const [adapter] = await listAdapters()
    if (adapter === undefined) throw new Error('expected an adapter')
    const over = new AbortController()
    const measuring = measureGpu(adapter, NOW_SECONDS, over.signal)
    over.abort()
    await expect(measuring).rejects.toMatchObject({ code: 'NOT_MEASURED' })
    await expect(measureGpu(adapter, NOW_SECONDS, over.signal)).rejects.toMatchObject({
      code: 'NOT_MEASURED',
    })
  })

  it('is not told of an adapter that is not there', async () => {
    const none = { name: 'no such adapter', isSoftware: true, vendor: '', architecture: '', driver: '' }
    const measuring = measureGpu({ ...none, maxBufferBytes: 0, features: [] }, NOW_SECONDS)
    await expect(measuring).rejects.toMatchObject({ code: 'NOT_MEASURED' })
  })
})
