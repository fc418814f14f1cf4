import type { Hex, RuntimeName } from '@souk/protocol'
import type { ImageOptions } from './image-options.ts'

/** How a provider is run; money in token units, as people write it. */
export interface RunOptions extends ImageOptions {
  networkFile: string
  data: string
  account: Hex
  keystore: string
  passwordFile: string
  listen: string[]
  share: number
  juryShare: number
  watchOnly: boolean
  gpu?: string[]
  /** The partition of a Slurm cluster, or its default one. */
  slurm?: string | true
  requireRuntime: RuntimeName[]
  machineCache?: string
  cacheSize?: number
  coreHour: string
  gibHour: string
  gpuHour: string
  startFee: string
  fault?: string
  drainSeconds: number
  exitWithParent: boolean
  /** Read by the watchdog, before anything else is loaded. */
  watchdog: boolean
  watchdogSeconds: number
  log: 'text' | 'json'
}
