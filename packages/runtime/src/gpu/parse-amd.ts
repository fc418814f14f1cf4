import { z } from 'zod'
import { busOf, known, parseGpuList, parseJson, pcieLink } from './gpu-list.ts'
import { device, type GpuDevice } from './inventory.ts'

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
}

const word = z.string().or(z.number()).transform(String).optional().catch(undefined)
/** A part that is not there, or that the tool replaced by `N/A`, counts as empty. */
function part<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).optional().catch(undefined)
}
const amdSmiGpu = z.object({
  gpu: z.number().int().min(0).max(1024),
  asic: part({ market_name: word, asic_serial: word }),
  bus: part({ bdf: word, max_pcie_width: word, pcie_interface_version: word }),
  vram: part({ size: part({ value: z.number().nonnegative(), unit: z.string() }) }),
  // Named anew with ROCm 6.1.
  driver: part({ version: word, driver_version: word }),
})
type AmdSmiGpu = z.output<typeof amdSmiGpu>

/**
 * Reads `amd-smi static --asic --bus --vram --driver --json`, as a list (ROCm 6) or under `gpu_data`
 * (ROCm 7), and `amd-smi version --json`.
 *
 * GPUs are named by serial number, or by bus address or place where the tool prints none; the parts of a divided GPU
 * share its serial number, and are told apart by their place. Anything else gives no GPU.
 */
export function parseAmdSmi(text: string, version = ''): GpuDevice[] {
  const found = listOf(parseJson(text)).flatMap((one) => {
    const parsed = amdSmiGpu.safeParse(one)
    // Of one that says not even what it is, nothing can be sold.
    return parsed.success && parsed.data.asic !== undefined ? [parsed.data] : []
  })
  const serials = found.map((one) => serialOf(one))
  const isShared = (serial: string) => serials.indexOf(serial) !== serials.lastIndexOf(serial)
  const api = rocmVersion(version)
  return parseGpuList(
    found.map((one, i) => {
      const serial = serials[i]
      const bus = busOf(one.bus?.bdf)
      const id = serial === undefined ? (bus ?? `amd-${one.gpu}`) : serial
      const read = { ...amdDevice(one, id, bus), api }
      return serial !== undefined && isShared(serial)
        ? { ...read, id: `${serial}/${one.gpu}`, sharing: 'partition' }
        : read
    }),
  )
}

function listOf(parsed: unknown): readonly unknown[] {
  if (Array.isArray(parsed)) return parsed
  const wrapped = z.object({ gpu_data: z.array(z.unknown()) }).safeParse(parsed)
  return wrapped.success ? wrapped.data.gpu_data : []
}

function serialOf({ asic }: AmdSmiGpu): string | undefined {
  const serial = known(asic?.asic_serial)
  return serial === undefined || /^(0x)?0+$/.test(serial) ? undefined : serial
}

function amdDevice(
  { gpu, asic, bus: link, vram, driver }: AmdSmiGpu,
  id: string,
  bus: string | null,
): GpuDevice {
  const { value = 0, unit = '' } = vram?.size ?? {}
  const generation = /^Gen (\d)$/.exec(link?.pcie_interface_version ?? '')?.[1]
  return device({
    ...{ id, family: 'amd', bus, index: gpu },
    model: known(asic?.market_name) ?? 'AMD GPU',
    vramBytes: value * (UNITS[unit] ?? 0),
    driver: known(driver?.version) ?? known(driver?.driver_version) ?? null,
    link: pcieLink(generation, link?.max_pcie_width),
  })
}

function rocmVersion(version: string): string | null {
  const [, found] = /"rocm_version":\s*"(\d{1,3}\.\d{1,3})/.exec(version) ?? []
  return found === undefined ? null : `ROCm ${found}`
}

const rocmCard = z.record(z.string(), z.unknown())
const rocmSmi = z.record(z.string(), rocmCard)

/**
 * Reads `rocm-smi --showproductname --showuniqueid --showbus --showdriverversion --showmeminfo vram --json`.
 *
 * The tool's field names changed their case between releases, so they are compared without it. Anything that is not
 * its JSON gives no GPU.
 */
export function parseRocmSmi(text: string): GpuDevice[] {
  const parsed = rocmSmi.safeParse(parseJson(text))
  if (!parsed.success) return []
  const { system = {}, ...others } = parsed.data
  const driver = known(String(system['Driver version'] ?? '')) ?? null
  const cards = Object.entries(others).flatMap(([name, fields]) => {
    const [, index] = /^card(\d{1,4})$/.exec(name) ?? []
    return index === undefined ? [] : [{ ...rocmDevice(Number(index), fields), driver }]
  })
  return parseGpuList(cards)
}

function rocmDevice(index: number, fields: Record<string, unknown>): GpuDevice {
  const lower = new Map(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), String(value)]))
  const names = ['card series', 'device name', 'card model', 'card sku'].map((key) => known(lower.get(key)))
  // A series may be the device's number, where its marketing name is in another field.
  const model = names.find((name) => name !== undefined && !/^0x/.test(name)) ?? 'AMD GPU'
  const vramBytes = Number(lower.get('vram total memory (b)') ?? 0)
  return device({
    ...{ id: known(lower.get('unique id')) ?? `card${index}`, family: 'amd', model, index },
    ...{ vramBytes: vramBytes >= 0 ? vramBytes : 0, bus: busOf(lower.get('pci bus')) },
  })
}

/** What the kernel's own files say of an AMD GPU, below `/sys/bus/pci/devices/<address>`. */
export interface AmdFiles {
  readonly bus: string
  /** `device`, such as `0x744c`, and `revision`. */
  readonly deviceId: string
  readonly revision: string
  readonly productName: string
  readonly uniqueId: string
  readonly vramTotal: string
}

/** Reads those files; `names` is libdrm's table of marketing names, `amdgpu.ids`. */
export function parseAmdFiles(files: AmdFiles, names: string, driver: string | null): GpuDevice | null {
  const vramBytes = /^\d{1,15}$/.test(files.vramTotal.trim()) ? Number(files.vramTotal) : 0
  const unique = known(files.uniqueId)
  const model = known(files.productName) ?? amdName(files, names) ?? `AMD GPU ${files.deviceId.trim()}`
  const id = unique === undefined || /^0+$/.test(unique) ? files.bus : `0x${unique}`
  const bus = busOf(files.bus)
  return parseGpuList([device({ id, family: 'amd', model, vramBytes, driver, bus })])[0] ?? null
}

/** Finds a name in lines such as `744C, C8, AMD Radeon RX 7900 XTX`. */
function amdName({ deviceId, revision }: AmdFiles, names: string): string | undefined {
  const hex = (text: string) => text.trim().replace(/^0x/, '').toLowerCase()
  const wanted = [hex(deviceId), hex(revision)]
  for (const line of names.split('\n')) {
    const [id = '', rev = '', ...name] = line.split(',').map((field) => field.trim())
    if (hex(id) === wanted[0] && hex(rev) === wanted[1]) return known(name.join(', '))
  }
  return undefined
}
