import { type Gpu, type GpuFamily, gpu } from '@souk/protocol'
import { device, type GpuDevice } from '../gpu/inventory.ts'

/** Types of AMD's accelerators as clusters name them; every other GPU that Slurm manages by a type is NVIDIA's. */
const AMD = /^(mi\d|amd|radeon|instinct|gfx|vega|w\d{4}|v620)/i
/** Devices of one entry that are listed: no node has more, and an offer holds fewer. */
const NODE_GPUS = 64

/** Devices of one type on a node: `type` is empty where the cluster names none. */
export interface GpuCount {
  readonly type: string
  readonly count: number
}

/** Reads the GPUs out of a node's generic resources, such as `gpu:a100:4(S:0-1),craynetwork:4`. */
export function parseGres(text: string): GpuCount[] {
  const plain = text.replace(/\([^)]*\)/g, '')
  return plain.split(',').flatMap((entry) => {
    const [, type = '', count = ''] = /^gpu(?::([^:]+))?:(\d+)$/.exec(entry.trim()) ?? []
    return Number(count) > 0 ? [{ type, count: Math.min(NODE_GPUS, Number(count)) }] : []
  })
}

/** Names each GPU of a node by the node and its place there; Slurm does not say how much memory it has (0). */
export function gpusOf(node: string, gres: string): GpuDevice[] {
  const types = parseGres(gres).flatMap(({ type, count }) => Array.from({ length: count }, () => type))
  return types.flatMap((type, index) => {
    const found = gpu.safeParse({
      id: `${node}:${index}`,
      family: familyOf(type),
      model: type === '' ? UNTYPED : type,
      vramBytes: 0,
    })
    return found.success ? [device({ ...found.data, sharing: 'scheduled', index })] : []
  })
}

/** The model of a GPU whose cluster names no types. */
const UNTYPED = 'gpu'

/** Returns the value of `--gpus` that allocates as many devices of each model, or `undefined` for none. */
export function gpuRequest(gpus: readonly Gpu[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { model } of gpus) counts.set(model, (counts.get(model) ?? 0) + 1)
  const parts = [...counts].map(([model, count]) => (model === UNTYPED ? `${count}` : `${model}:${count}`))
  return parts.length === 0 ? undefined : parts.join(',')
}

function familyOf(type: string): GpuFamily {
  return AMD.test(type) ? 'amd' : 'nvidia'
}
