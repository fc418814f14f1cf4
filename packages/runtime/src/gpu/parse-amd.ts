import type { Gpu } from '@souk/protocol'
import { z } from 'zod'
import { parseGpuList, parseJson } from './gpu-list.ts'

const UNITS: Readonly<Record<string, number>> = { KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

const amdSmiGpu = z.object({
  asic: z.object({ market_name: z.string(), asic_serial: z.string().optional() }),
  bus: z.object({ bdf: z.string() }),
  vram: z.object({ size: z.object({ value: z.number(), unit: z.string() }).or(z.string()) }),
})
const amdSmi = z.array(amdSmiGpu).or(z.object({ gpu_data: z.array(amdSmiGpu) }))

/**
 * Reads `amd-smi static --asic --bus --vram --json`, as a list (ROCm 6) or under `gpu_data` (ROCm 7).
 *
 * GPUs are named by serial number, or by bus address where the tool prints none. Anything else gives no GPU.
 */
export function parseAmdSmi(text: string): Gpu[] {
  const parsed = amdSmi.safeParse(parseJson(text))
  if (!parsed.success) return []
  const gpus = Array.isArray(parsed.data) ? parsed.data : parsed.data.gpu_data
  return parseGpuList(
    gpus.map(({ asic, bus, vram }) => {
      const bytes = typeof vram.size === 'string' ? 0 : vram.size.value * (UNITS[vram.size.unit] ?? 0)
      return {
        id: known(asic.asic_serial) ?? bus.bdf,
        family: 'amd',
        model: asic.market_name,
        vramBytes: bytes,
      }
    }),
  )
}

const rocmCard = z.record(z.string(), z.unknown())
const rocmSmi = z.record(z.string(), rocmCard)

/**
 * Reads `rocm-smi --showproductname --showuniqueid --showmeminfo vram --json`.
 *
 * The tool's field names changed their case between releases, so they are compared without it. Anything
 * that is not its JSON gives no GPU.
 */
export function parseRocmSmi(text: string): Gpu[] {
  const parsed = rocmSmi.safeParse(parseJson(text))
  if (!parsed.success) return []
  const cards = Object.entries(parsed.data).filter(([name]) => /^card\d+$/.test(name))
  return parseGpuList(cards.map(([name, fields]) => rocmGpu(name, fields)))
}

function rocmGpu(name: string, fields: Record<string, unknown>): Gpu {
  const lower = new Map(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), String(value)]))
  const model = ['card series', 'device name', 'card model', 'card sku'].map((key) => known(lower.get(key)))
  return {
    id: known(lower.get('unique id')) ?? name,
    family: 'amd',
    model: model.find((found) => found !== undefined) ?? 'AMD GPU',
    vramBytes: Number(lower.get('vram total memory (b)') ?? 0),
  }
}

function known(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === 'N/A' ? undefined : value
}
