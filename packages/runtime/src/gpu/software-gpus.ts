import type { Adapter } from '../webgpu/adapters.ts'
import { device, type GpuDevice } from './inventory.ts'

/** Characters of a model's and a driver's name that the wire carries. */
const WORDS = { model: 96, driver: 48 } as const

/**
 * Returns the adapters that compute on processors as GPUs of the family `software`, which no demand for hardware
 * fits. Their memory is the machine's.
 */
export function softwareGpus(adapters: readonly Adapter[], memoryBytes: number): GpuDevice[] {
  return adapters
    .filter(({ isSoftware }) => isSoftware)
    .map(({ name, driver }, index) =>
      device({
        ...{ id: `software-${index}`, family: 'software', vramBytes: memoryBytes, index },
        model: name.slice(0, WORDS.model) || 'software adapter',
        driver: driver.slice(0, WORDS.driver) || null,
        api: 'WebGPU',
      }),
    )
}
