import { existsSync } from 'node:fs'
import type { Gpu } from '@souk/protocol'
import { findAdapters } from '../webgpu/adapters.ts'

/** Where systems keep Vulkan drivers that compute on processors and are new enough. */
const DRIVERS = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json']

/**
 * Has this process and those that it starts find a software GPU, unless told of a driver already. Returns why there is
 * none, or null.
 */
export async function missingSoftwareGpu(): Promise<string | null> {
  const driver = DRIVERS.find((file) => existsSync(file))
  if (driver !== undefined) process.env.VK_ICD_FILENAMES ??= driver
  const { adapters, why } = await findAdapters()
  if (adapters.some(({ isSoftware }) => isSoftware)) return null
  return why ?? 'expected a software adapter; install chromium and libvulkan1'
}

/** Returns a software GPU as a lease names it. */
export function softwareGpu(number = 0): Gpu {
  return { id: `software-${number}`, family: 'software', model: 'any', vramBytes: 2 ** 30 }
}
