import type { Verdict } from '@souk/availability'
import { type BuyerLease, PAYMENT, type ServiceRow } from '@souk/engine'
import type { ChainSignal } from '@souk/settlement'

/** How a lease is at one moment: `degraded` is there and doubted, or its beats do not come. */
export type Condition = 'up' | 'degraded' | 'down'

/** What is looked at of a lease. */
export interface Watched extends Pick<BuyerLease, 'connected' | 'upAtMs'> {
  readonly service: Pick<BuyerLease['service'], 'lastBeatMs'>
}

/** Starts a row with nothing seen. */
export function newService(sinceMs: number): ServiceRow {
  return {
    ...{ sinceMs, untilMs: sinceMs, upMs: 0, degradedMs: 0, downMs: 0, unseenMs: 0 },
    ...{ outages: 0, longestMs: 0, downSlots: 0, seized: 0n, closed: null },
  }
}

/** Returns how a lease is, by its connection, its newest beat and what the detector says of its provider. */
export function conditionOf(
  { connected, upAtMs, service }: Watched,
  verdict: Verdict | undefined,
  nowMs: number,
): Condition {
  if (!connected || verdict === 'dead') return 'down'
  // A channel that has just come up has had no time for a beat.
  const isBeating = nowMs - (service.lastBeatMs ?? upAtMs) <= PAYMENT.beatGapMs
  return isBeating && (verdict === undefined || verdict === 'alive') ? 'up' : 'degraded'
}

/** Counts `ms` milliseconds of a condition. */
export function countService(row: ServiceRow, condition: Condition, ms: number): void {
  row.untilMs += ms
  if (condition === 'up') row.upMs += ms
  else if (condition === 'degraded') row.degradedMs += ms
  else row.downMs += ms
}

/** Takes what the escrow says of the lease, or what a reorganisation took back. */
export function countEvent(row: ServiceRow, { kind, event }: EscrowSignal): void {
  const isGone = kind === 'removed'
  if (event.kind === 'closed') {
    const { paid, refund, toRequester, toBurn: burned } = event
    row.closed = isGone ? null : { paid, refund, toRequester, burned }
  }
  if (event.kind === 'seized') row.seized = isGone ? 0n : event.amount
  if (event.kind === 'downAdjusted') {
    row.downSlots = event.downSlots - (isGone ? Number(event.change) : 0)
  }
}

/** What the escrow said, or what a reorganisation took back. */
export type EscrowSignal = Extract<ChainSignal, { kind: 'event' | 'removed' }>
