import type { Gpu } from '@souk/protocol'
import { parseGpuList } from './gpu-list.ts'

/** What `nvidia-smi --query-gpu` is asked for, in this order. */
export const NVIDIA_FIELDS = ['uuid', 'name', 'memory.total', 'mig.mode.current'] as const

const MIB = 1024 * 1024
const GIB = 1024 * MIB

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` and, for GPUs divided by MIG, `nvidia-smi -L`.
 *
 * A divided GPU is replaced by its parts, because it cannot be leased whole. Memory the tool does not know
 * (unified memory prints `[N/A]`) is 0. Text that is no table, such as a driver's complaint, gives no GPU.
 */
export function parseNvidia(table: string, listing: string): Gpu[] {
  const whole: Gpu[] = []
  for (const line of table.split('\n')) {
    const [id = '', model = '', memory = '', mig = ''] = line.split(',').map((field) => field.trim())
    if (!id.startsWith('GPU-')) continue
    if (mig === 'Enabled') whole.push(...migParts(listing, id, model))
    else whole.push({ id, family: 'nvidia', model, vramBytes: mebibytes(memory) })
  }
  return parseGpuList(whole)
}

function mebibytes(field: string): number {
  return /^\d+$/.test(field) ? Number(field) * MIB : 0
}

/** Returns the parts listed below the GPU `uuid`; their profile (`1g.10gb`) names their memory in GiB. */
function migParts(listing: string, uuid: string, model: string): Gpu[] {
  const parts: Gpu[] = []
  let inside = false
  for (const line of listing.split('\n')) {
    if (line.startsWith('GPU ')) inside = line.includes(`(UUID: ${uuid})`)
    const [, profile, gib, id] =
      /^\s+MIG (\S*?(\d+)gb\S*)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line) ?? []
    if (!inside || !id) continue
    parts.push({ id, family: 'nvidia', model: `${model} MIG ${profile}`, vramBytes: Number(gib) * GIB })
  }
  return parts
}
