import type { GpuFamily } from '@souk/protocol'
import { readAmdHealth } from './health-amd.ts'
import { readAppleHealth } from './health-apple.ts'
import { readNvidiaHealth } from './health-nvidia.ts'
import type { GpuDevice } from './inventory.ts'
import { type GpuReading, idOf, silent, well } from './reading.ts'

/** Looks at the devices of one vendor; one reading for each, in order. */
export type ReadHealth = (devices: readonly GpuDevice[], root: string) => Promise<GpuReading[]>

const READERS: Readonly<Record<GpuFamily, ReadHealth>> = {
  nvidia: readNvidiaHealth,
  amd: readAmdHealth,
  apple: readAppleHealth,
  // It is the processor, and there as long as we are.
  software: async (devices) => devices.map(({ id }) => well(id)),
}

/** Looks at devices by their vendors' tools and files; never rejects. Returns one reading for each, in order. */
export async function readGpus(devices: readonly GpuDevice[], root = '/'): Promise<GpuReading[]> {
  const families = [...new Set(devices.map(({ family }) => family))]
  const readings = await Promise.all(
    families.map((family) =>
      READERS[family](
        devices.filter((one) => one.family === family),
        root,
      ),
    ),
  )
  const byId = new Map(readings.flat().map((reading) => [idOf(reading), reading]))
  return devices.map((one) => byId.get(one.id) ?? silent(one, 'nothing was said of it'))
}
