import { z } from 'zod'
import { parseGpuList, parseJson } from './gpu-list.ts'
import { device, type GpuDevice } from './inventory.ts'

const word = z.string().optional().catch(undefined)
const entry = z.object({
  _name: word,
  sppci_model: word,
  spdisplays_vendor: word,
  spdisplays_vram: word,
  spdisplays_mtlgpufamilysupport: word,
  // Until macOS 10.15.
  spdisplays_metal: word,
})
type Entry = z.output<typeof entry>
const displays = z.object({ SPDisplaysDataType: z.array(z.unknown()) })

const UNITS: Readonly<Record<string, number>> = { MB: 2 ** 20, GB: 2 ** 30 }

/**
 * Reads `system_profiler -json SPDisplaysDataType` and `sw_vers -productVersion`.
 *
 * Apple's own GPUs share the machine's memory, so theirs is `memoryBytes`. AMD cards of older machines count
 * as AMD; Intel's integrated ones belong to no family and are left out. Other text gives no GPU.
 */
export function parseSystemProfiler(text: string, memoryBytes: number, system = ''): GpuDevice[] {
  const parsed = displays.safeParse(parseJson(text))
  if (!parsed.success) return []
  const [version] = /^\d{1,3}(\.\d{1,3}){0,2}/.exec(system.trim()) ?? []
  const driver = version === undefined ? null : `macOS ${version}`
  return parseGpuList(
    parsed.data.SPDisplaysDataType.flatMap((one, index) => {
      const read = entry.safeParse(one)
      const found = read.success ? readEntry(read.data, index, memoryBytes) : null
      return found === null ? [] : [{ ...found, driver }]
    }),
  )
}

function readEntry(one: Entry, index: number, memoryBytes: number): GpuDevice | null {
  const vendor = (one.spdisplays_vendor ?? '').toLowerCase()
  const model = one.sppci_model ?? one._name ?? 'GPU'
  const api = metalVersion(one)
  if (vendor.includes('apple'))
    return device({ id: `apple-${index}`, family: 'apple', model, vramBytes: memoryBytes, api, index })
  if (!vendor.includes('amd') && !vendor.includes('0x1002')) return null
  return device({
    id: `amd-${index}`,
    family: 'amd',
    model,
    vramBytes: bytes(one.spdisplays_vram),
    api,
    index,
  })
}

function metalVersion({ spdisplays_mtlgpufamilysupport: family = '', spdisplays_metal: old = '' }: Entry) {
  const [, version] = /^spdisplays_metal(\d{1,2})$/.exec(family) ?? []
  if (version !== undefined) return `Metal ${version}`
  return /metalfamily|mtlgpufamily|supported/i.test(`${family} ${old}`) ? 'Metal' : null
}

function bytes(size: string | undefined): number {
  const [, value, unit = ''] = /^(\d{1,6}) ([A-Z]+)$/.exec(size ?? '') ?? []
  return Number(value ?? 0) * (UNITS[unit] ?? 0)
}
