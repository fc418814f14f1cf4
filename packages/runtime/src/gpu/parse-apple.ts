import type { Gpu } from '@souk/protocol'
import { z } from 'zod'
import { parseGpuList, parseJson } from './gpu-list.ts'

const displays = z.object({
  SPDisplaysDataType: z.array(
    z.object({
      _name: z.string().optional(),
      sppci_model: z.string().optional(),
      spdisplays_vendor: z.string().optional(),
      spdisplays_vram: z.string().optional(),
      sppci_bus: z.string().optional(),
    }),
  ),
})

const UNITS: Readonly<Record<string, number>> = { MB: 2 ** 20, GB: 2 ** 30 }

/**
 * Reads `system_profiler -json SPDisplaysDataType`.
 *
 * Apple's own GPUs share the machine's memory, so theirs is `memoryBytes`. AMD cards of older machines count
 * as AMD; Intel's integrated ones belong to no family and are left out. Other text gives no GPU.
 */
export function parseSystemProfiler(text: string, memoryBytes: number): Gpu[] {
  const parsed = displays.safeParse(parseJson(text))
  if (!parsed.success) return []
  const gpus = parsed.data.SPDisplaysDataType.flatMap((entry, i): Gpu[] => {
    const vendor = (entry.spdisplays_vendor ?? '').toLowerCase()
    const model = entry.sppci_model ?? entry._name ?? 'GPU'
    if (vendor.includes('apple'))
      return [{ id: `apple-${i}`, family: 'apple', model, vramBytes: memoryBytes }]
    if (!vendor.includes('amd') && !vendor.includes('0x1002')) return []
    return [{ id: `amd-${i}`, family: 'amd', model, vramBytes: bytes(entry.spdisplays_vram) }]
  })
  return parseGpuList(gpus)
}

function bytes(size: string | undefined): number {
  const [, value, unit = ''] = /^(\d+) ([A-Z]+)$/.exec(size ?? '') ?? []
  return Number(value ?? 0) * (UNITS[unit] ?? 0)
}
