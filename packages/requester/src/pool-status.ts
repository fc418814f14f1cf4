import type { DecisionRow } from '@souk/engine'

/** A pool as commands show it. */
export interface PoolStatus {
  readonly job: string
  readonly name: string
  readonly desired: number
  readonly acquiring: number
  readonly ready: number
  readonly draining: number
  /** Base units × 1e12 per second of the leases that it holds. */
  readonly rateE12: bigint
  /** Base units paid, those that are paid or may still be, and those that may still be committed. */
  readonly spent: bigint
  readonly committed: bigint
  readonly budget: bigint
  readonly left: bigint
  /** The newest decision that changed something; null before the first. */
  readonly decision: DecisionRow | null
}
