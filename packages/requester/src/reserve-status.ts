import { earnestOf, type HoldRecord, isOver, type Purchase } from '@souk/engine'
import type { Hex, Resources } from '@souk/protocol'

/**
 * Where a reservation stands: `booking` until its provider has agreed, `held` until its time, `due` while it can be
 * leased and was not, `used` once it was; `ending` while its provider has yet to agree to the end; then `released`
 * (nobody used it, or it was cancelled), `done`, or `broken`: its provider did not keep its word.
 */
export type ReservationState = 'booking' | 'held' | 'due' | 'used' | 'ending' | 'released' | 'done' | 'broken'

/** One reservation as people are told. */
export interface ReservationRow {
  readonly lease: Hex
  readonly peerId: string
  readonly provider: Hex
  readonly state: ReservationState
  readonly settled: boolean
  readonly resources: Resources
  readonly runtime: string
  /** Unix seconds. */
  readonly from: number
  readonly claimBy: number
  readonly until: number
  /** Base units: all of it, what is lost if nobody comes or the provider does not keep its word, and what was promised. */
  readonly fee: bigint
  readonly earnest: bigint
  readonly paid: bigint
  /** Base units that the provider put up, and what a slot of the court costs it in which it is found down. */
  readonly bond: bigint
  readonly slotPenalty: bigint
  /** Why the last lease that was asked of it did not come; empty where none failed. */
  readonly failure: string
}

/** Returns what people are told of a reservation. */
export function reservationRow(
  purchase: Purchase,
  record: HoldRecord,
  promised: bigint,
  nowSeconds: number,
): ReservationRow {
  const { lease, peerId, quote, terms, settled, agreement } = purchase
  const { from = 0, claimBy = 0, until = 0 } = terms.hold ?? {}
  return {
    ...{ lease, peerId, provider: quote.provider, settled, from, claimBy, until },
    state: stateOf(purchase, record, nowSeconds),
    ...{ resources: terms.resources, runtime: terms.runtime },
    ...{ fee: quote.startFee, earnest: earnestOf(quote), paid: agreement?.paid ?? promised },
    ...{ bond: quote.bond, slotPenalty: quote.slotPenalty, failure: record.failure },
  }
}

function stateOf(
  { phase, terms }: Purchase,
  { claimed, failure }: HoldRecord,
  nowSeconds: number,
): ReservationState {
  if (phase === 'accepted') return 'booking'
  if (phase === 'lost' && !claimed && failure !== '') return 'broken'
  if (isOver(phase)) return claimed ? 'done' : 'released'
  if (phase === 'closing') return 'ending'
  if (claimed) return 'used'
  return nowSeconds < (terms.hold?.from ?? 0) ? 'held' : 'due'
}
