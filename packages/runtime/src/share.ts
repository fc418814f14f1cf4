import { type Gpu, type GpuFamily, gpuFamily, type Resources } from '@souk/protocol'
import { RuntimeError } from './errors.ts'
import { type GpuDevice, gpuOf } from './gpu/inventory.ts'
import type { Machine } from './machine.ts'

/**
 * Returns the part of `machine` that a provider offers, every amount rounded down.
 *
 * GPUs are never divided: unless `wanted` names them, only a provider with the whole machine (share 1) offers any, and
 * software adapters never. Throws {@link RuntimeError} `BAD_OPTION` for a share outside (0, 1] and for GPUs that are
 * not there.
 */
export function shareOf(machine: Machine, share: number, wanted?: readonly string[]): Resources {
  if (!(share > 0 && share <= 1)) {
    throw new RuntimeError(`expected a share above 0 and at most 1, got ${share}`, {
      code: 'BAD_OPTION',
      share,
    })
  }
  const memoryBytes = Math.floor(machine.memoryBytes * share)
  return {
    millicores: Math.floor(machine.cores * 1000 * share),
    memoryBytes,
    diskBytes: Math.floor(machine.diskBytes * share),
    gpus: chooseGpus(machine.gpus, wanted ?? (share === 1 ? ['all'] : ['none'])).map((one) => {
      return { ...gpuOf(one), vramBytes: memoryOf(one, memoryBytes) }
    }),
  }
}

/** A software adapter has no memory of its own: it has its provider's. */
function memoryOf({ family, vramBytes }: Gpu, memoryBytes: number): number {
  return family === 'software' ? Math.min(vramBytes, memoryBytes) : vramBytes
}

/**
 * Returns the devices that `wanted` names, each once: by id, by family, `all` for those that are hardware, `none`.
 * Throws {@link RuntimeError} `BAD_OPTION` for one that is not there.
 */
export function chooseGpus(devices: readonly GpuDevice[], wanted: readonly string[]): GpuDevice[] {
  return [...new Set(wanted.flatMap((word) => named(devices, word)))]
}

function named(devices: readonly GpuDevice[], word: string): readonly GpuDevice[] {
  if (word === 'none') return []
  if (word === 'all') return devices.filter(({ family }) => family !== 'software')
  const found = devices.filter(({ id, family }) => id === word || family === word)
  if (found.length > 0) return found
  const there = devices.map(({ id }) => id).join(', ') || 'none'
  throw new RuntimeError(
    `expected a GPU of this machine (${there}), a family of them, all or none, got ${word}${cureFor(word)}`,
    { code: 'BAD_OPTION', word },
  )
}

const CURES: Readonly<Record<GpuFamily, string>> = {
  nvidia: "install NVIDIA's driver, and see that nvidia-smi lists the card",
  amd: 'load the driver amdgpu, and see that /dev/kfd is there',
  apple: 'see that system_profiler SPDisplaysDataType lists it',
  software:
    'install libvulkan1 and a software driver such as mesa-vulkan-drivers, or name one by VK_DRIVER_FILES',
}

function cureFor(word: string): string {
  const family = gpuFamily.safeParse(word)
  return family.success ? `; ${CURES[family.data]}` : ''
}
