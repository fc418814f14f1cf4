import { existsSync } from 'node:fs'

/** Where Debian's chromium keeps SwiftShader, which computes on processors. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** What a test without a driver says instead of running. */
export const NO_VULKAN =
  'needs a software Vulkan driver: apt-get install libvulkan1 chromium, or VK_ICD_FILENAMES'

/**
 * Has processes with a GPU use SwiftShader where no driver is named and it is installed; tells whether a driver is there
 * to be used.
 */
export function useSoftwareVulkan(): boolean {
  if (process.env.VK_ICD_FILENAMES !== undefined) return true
  if (!existsSync(SWIFTSHADER)) return false
  process.env.VK_ICD_FILENAMES = SWIFTSHADER
  return true
}
