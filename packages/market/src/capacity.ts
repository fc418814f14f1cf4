import type { Gpu, Requirements, Resources } from '@souk/protocol'
import { matchesGlob } from './glob.ts'

/**
 * Picks what `wanted` asks for out of `free`, GPUs by device id, or returns null when it is not there.
 *
 * Of the GPUs that do, those with the least memory go first, so that the large ones stay for who needs them.
 */
export function takeResources(free: Resources, wanted: Requirements): Resources | null {
  const gpus = takeGpus(free.gpus, wanted)
  const fits =
    gpus !== null &&
    wanted.millicores <= free.millicores &&
    wanted.memoryBytes <= free.memoryBytes &&
    wanted.diskBytes <= free.diskBytes
  if (!fits) return null
  const { millicores, memoryBytes, diskBytes } = wanted
  return { millicores, memoryBytes, diskBytes, gpus }
}

/** Returns what is left of `free` without `taken`; null when `taken` is not part of it. */
export function withoutResources(free: Resources, taken: Resources): Resources | null {
  const gone = new Set(taken.gpus.map((gpu) => gpu.id))
  const gpus = free.gpus.filter((gpu) => !gone.has(gpu.id))
  const left = {
    millicores: free.millicores - taken.millicores,
    memoryBytes: free.memoryBytes - taken.memoryBytes,
    diskBytes: free.diskBytes - taken.diskBytes,
    gpus,
  }
  const isPart =
    Math.min(left.millicores, left.memoryBytes, left.diskBytes) >= 0 &&
    gpus.length + taken.gpus.length === free.gpus.length
  return isPart ? left : null
}

/** GPUs asked for, as a demand describes them. */
export type GpuWish = NonNullable<Requirements['gpu']>

/** Returns the GPUs of the family that a demand names; a software adapter is never of a hardware family. */
export function ofFamily(gpus: readonly Gpu[], wish: GpuWish): Gpu[] {
  return gpus.filter((gpu) => gpu.family === wish.family)
}

/** Returns the GPUs of the family and model that a demand names. */
export function ofModel(gpus: readonly Gpu[], wish: GpuWish): Gpu[] {
  return ofFamily(gpus, wish).filter((gpu) => matchesGlob(wish.model, gpu.model))
}

/** Returns the GPUs that satisfy a demand in full. */
export function suitable(gpus: readonly Gpu[], wish: GpuWish): Gpu[] {
  return ofModel(gpus, wish).filter((gpu) => gpu.vramBytes >= wish.vramBytes)
}

function takeGpus(free: readonly Gpu[], wanted: Requirements): Gpu[] | null {
  if (wanted.gpu === null) return []
  const fitting = suitable(free, wanted.gpu).sort((a, b) => a.vramBytes - b.vramBytes)
  return fitting.length < wanted.gpu.count ? null : fitting.slice(0, wanted.gpu.count)
}
