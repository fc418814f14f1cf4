import { busOf, known, parseGpuList, pcieLink } from './gpu-list.ts'
import { device, type GpuDevice, type GpuSharing } from './inventory.ts'

/** What `nvidia-smi --query-gpu` is asked for, in this order; drivers before 450 do not know the last. */
export const NVIDIA_FIELDS = [
  'uuid',
  'name',
  'memory.total',
  'driver_version',
  'pci.bus_id',
  'compute_mode',
  'index',
  'pcie.link.gen.max',
  'pcie.link.width.max',
  'mig.mode.current',
] as const
/** The fields that every driver knows. */
export const OLD_NVIDIA_FIELDS = NVIDIA_FIELDS.slice(0, -1)

const MIB = 1024 * 1024
const GIB = 1024 * MIB
/** How names of shares of a card's time end, such as `GRID T4-8Q`: GiB, and the kind of licence. */
const SHARE = /-(?:\d+-)?\d+[QCAB]$/i

/** What NVIDIA's tools print, each as it was printed; empty where a tool was not asked or did not answer. */
export interface NvidiaTexts {
  /** `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` */
  readonly table: string
  /** `nvidia-smi -L`, for GPUs divided by MIG. */
  readonly listing?: string
  /** `nvidia-smi -q -d COMPUTE`, for the version of CUDA. */
  readonly about?: string
  /** `nvidia-smi nvlink -s` */
  readonly links?: string
}

/**
 * Reads what `nvidia-smi` says.
 *
 * A divided GPU is replaced by its parts, because it cannot be leased whole; one that its operator closed to
 * computing, or that the driver has lost, is left out. Memory the tool does not know (unified memory prints `[N/A]`)
 * is 0. Text that is no table, such as a driver's complaint, gives no GPU.
 */
export function parseNvidia({ table, listing = '', about = '', links = '' }: NvidiaTexts): GpuDevice[] {
  const api = cudaVersion(about)
  return parseGpuList(
    table.split('\n').flatMap((line) => {
      const row = line.split(',').map((field) => field.trim())
      if (row.length < OLD_NVIDIA_FIELDS.length || row.length > NVIDIA_FIELDS.length) return []
      return readRow(row, api, listing, links)
    }),
  )
}

function readRow(row: readonly string[], api: string | null, listing: string, links: string): GpuDevice[] {
  const [id = '', model = '', memory, driver, bus, mode = '', index, generation, lanes, mig] = row
  if (!/^GPU-[\w-]+$/.test(id) || row.some((field) => /is lost|requires reset/i.test(field))) return []
  if (/prohibited/i.test(mode)) return []
  const whole = device({
    ...{ id, family: 'nvidia', model, api, vramBytes: mebibytes(memory), driver: known(driver) ?? null },
    ...{ bus: busOf(bus), index: wholeNumber(index), sharing: sharingOf(model) },
    link: nvlinks(links, id) ?? pcieLink(generation, lanes),
  })
  return mig === 'Enabled' ? migParts(listing, whole) : [whole]
}

function sharingOf(model: string): GpuSharing {
  return SHARE.test(model) ? 'time-sliced' : 'exclusive'
}

function mebibytes(field: string | undefined): number {
  return (wholeNumber(field) ?? 0) * MIB
}

function wholeNumber(field: string | undefined): number | null {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : null
}

/** Returns the parts listed below a GPU; their profile (`1g.10gb`) names their memory in GiB. */
function migParts(listing: string, whole: GpuDevice): GpuDevice[] {
  return below(listing, whole.id).flatMap((line) => {
    const [, profile, gib, id] =
      /^\s+MIG (\S*?(\d{1,5})gb\S*)\s+Device\s+\d+: \(UUID: (MIG-[^)\s]+)\)/.exec(line) ?? []
    if (id === undefined) return []
    const model = `${whole.model} MIG ${profile}`
    return [{ ...whole, id, model, vramBytes: Number(gib) * GIB, sharing: 'mig', link: null } as const]
  })
}

/** Returns the lines of a listing that stand below the GPU `uuid`. */
function below(listing: string, uuid: string): string[] {
  let inside = false
  return listing.split('\n').filter((line) => {
    if (!line.startsWith('GPU ')) return inside
    inside = line.includes(`(UUID: ${uuid})`)
    return false
  })
}

function nvlinks(links: string, uuid: string): string | null {
  const active = below(links, uuid).filter((line) => /^\s*Link \d+: [\d.]+ GB\/s/.test(line))
  return active.length === 0 ? null : `NVLink x${active.length}`
}

function cudaVersion(about: string): string | null {
  const [, version] = /CUDA Version\s*:\s*(\d{1,3}\.\d{1,3})/.exec(about) ?? []
  return version === undefined ? null : `CUDA ${version}`
}

/** Reads `/proc/driver/nvidia/gpus/*` + `/information`, which is there without any tool; `null` for anything else. */
export function parseNvidiaInformation(text: string, driver: string | null): GpuDevice | null {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim()
  const [id = '', model = ''] = [field('GPU UUID'), field('Model')]
  if (!/^GPU-[0-9a-f-]+$/i.test(id) || field('GPU Excluded') === 'Yes') return null
  const minor = wholeNumber(field('Device Minor'))
  const named = device({
    id,
    family: 'nvidia',
    model,
    vramBytes: 0,
    driver,
    bus: busOf(field('Bus Location')),
  })
  const files = minor === null ? [] : [`/dev/nvidia${minor}`]
  return parseGpuList([{ ...named, files }])[0] ?? null
}

/** Reads the driver's version from `/proc/driver/nvidia/version`. */
export function parseNvidiaVersion(text: string): string | null {
  const [, version] = /^NVRM version:.*?\s(\d{3}\.[\d.]+)\s/m.exec(text) ?? []
  return version ?? null
}
