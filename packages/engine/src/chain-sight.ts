import type { Head } from './program.ts'
import type { Opening } from './records.ts'
import type { ChainLease } from './settle.ts'

/** What a look at the chain shows of an opened lease. */
export interface OpenedLease extends ChainLease {
  readonly openBlock: number
  /** Seconds counted for the pay cap so far. */
  readonly elapsedSeconds: number
}

/** Returns when the escrow opened a lease, from what it counts at `head`; `null` while it has not. */
export function openingOf(chain: OpenedLease, head: Head): Opening | null {
  if (chain.status === 'none') return null
  return { block: chain.openBlock, timestampSeconds: head.timestampSeconds - chain.elapsedSeconds }
}
