import type { Prices, Resources } from '@souk/protocol'
import type { GpuDevice } from '@souk/runtime'

/** What a provider has for sale, and for how much. */
export interface Goods {
  /** The share of the machine that is for sale. */
  readonly resources: Resources
  /** The GPUs among them, as the machine has them. */
  readonly devices: readonly GpuDevice[]
  /** Measured speed of one core in MiB/s. */
  readonly coreMibPerSecond: number
  readonly prices: Prices
}

/** Of a process that only watches: its offers say where it is, and nobody can lease anything. */
export const NO_GOODS: Goods = {
  resources: { millicores: 0, memoryBytes: 0, diskBytes: 0, gpus: [] },
  devices: [],
  coreMibPerSecond: 0,
  prices: { startFee: 0n, coreSecondE12: 0n, gibSecondE12: 0n, gpuSecondE12: 0n },
}

/** Tells whether there is anything for sale. */
export function isSelling({ resources }: Pick<Goods, 'resources'>): boolean {
  return resources.millicores > 0
}
