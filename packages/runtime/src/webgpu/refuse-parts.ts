import type { Gpu } from '@souk/protocol'
import { RuntimeError } from '../errors.ts'
import type { GpuDevice } from '../gpu/inventory.ts'

/** What to do with a part instead. */
const CURE = {
  mig: 'lease it for container/1',
  partition: 'sell the whole GPU (amd-smi set --compute-partition SPX)',
} as const

/** Tells whether a device is a part of a chip, whose name and files its other parts have, too. */
export function isPart({ sharing }: Pick<GpuDevice, 'sharing'>): boolean {
  return sharing === 'mig' || sharing === 'partition'
}

/**
 * Refuses parts of a chip: WebGPU opens adapters by name, and two leases could get the same one. `devices` are those of
 * this machine. Throws {@link RuntimeError} `NOT_OFFERED`.
 */
export function refuseParts(
  gpus: readonly Gpu[],
  devices: readonly Pick<GpuDevice, 'id' | 'sharing'>[],
): void {
  for (const { id, model } of gpus) {
    const sharing = devices.find((device) => device.id === id)?.sharing
    if (sharing !== 'mig' && sharing !== 'partition') continue
    throw new RuntimeError(
      `expected a whole GPU for webgpu/1, got ${id} (${model}), a part of one that looks like its other parts; ${CURE[sharing]}`,
      { code: 'NOT_OFFERED', id, sharing },
    )
  }
}
