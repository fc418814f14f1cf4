import type { Gpu, Resources } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import type { Machine } from './machine.ts'

/**
 * Returns the part of `machine` that a provider offers, every amount rounded down.
 *
 * GPUs are never divided: unless `gpuIds` names them, only a provider with the whole machine (share 1) offers
 * any. Throws {@link RuntimeError} `BAD_OPTION` for a share outside (0, 1] and for GPUs that are not there.
 */
export function shareOf(machine: Machine, share: number, gpuIds?: readonly string[]): Resources {
  if (!(share > 0 && share <= 1)) {
    throw new RuntimeError(`expected a share above 0 and at most 1, got ${share}`, {
      code: 'BAD_OPTION',
      share,
    })
  }
  return {
    millicores: Math.floor(machine.cores * 1000 * share),
    memoryBytes: Math.floor(machine.memoryBytes * share),
    diskBytes: Math.floor(machine.diskBytes * share),
    gpus: gpuIds ? gpuIds.map((id) => findGpu(machine, id)) : share === 1 ? [...machine.gpus] : [],
  }
}

function findGpu(machine: Machine, id: string): Gpu {
  const found = machine.gpus.find((gpu) => gpu.id === id)
  if (found) return found
  const known = machine.gpus.map((gpu) => gpu.id).join(', ') || 'none'
  throw new RuntimeError(`expected the id of a GPU of this machine (${known}), got ${id}`, {
    code: 'BAD_OPTION',
    id,
  })
}
