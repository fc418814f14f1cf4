import { assert } from '@souk/protocol'

/** A lease, or an offer of one. */
export interface Place {
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
  /** Losses per millisecond to expect. */
  readonly hazard: number
}

/** What moving would take. */
export interface MoveCosts {
  /** Milliseconds that the work would still stay. */
  readonly remainingMs: number
  /** Milliseconds in which both are paid: made before broken. */
  readonly overlapMs: number
  /** Milliseconds of work that are done again: since the newest checkpoint. */
  readonly lostMs: number
  /** Base units that the new one takes beside its rate: start fee, opening on chain. */
  readonly fee: bigint
  /** Milliseconds of work that a loss of the place costs, on average. */
  readonly lossMs: number
}

/** Whether to move, and what that is made of; base units × 1e12. */
export interface Move {
  readonly pays: boolean
  readonly savingE12: bigint
  readonly costE12: bigint
}

/** Times its cost that a move must save: prices and remaining times are guesses. */
export const MOVE_TIMES = 1.5
const E12 = 10n ** 12n

/**
 * Decides whether work moves to a cheaper place.
 *
 * The saving is the difference of the rates over the time that is left. It must be {@link MOVE_TIMES} what moving
 * costs: both places while they overlap, work that is done again, fees, and the difference in hazard over the time
 * that is left, each loss at what it costs. A safer place lowers the cost, to 0 at the least. Costs are rounded up,
 * savings down.
 */
export function considerMove(from: Place, to: Place, costs: MoveCosts): Move {
  const { remainingMs, overlapMs, lostMs, fee, lossMs } = costs
  assert(remainingMs >= 0 && overlapMs >= 0 && lostMs >= 0 && lossMs >= 0, 'times are not negative')
  const afterMs = Math.max(0, remainingMs - overlapMs)
  const savingE12 = from.rateE12 > to.rateE12 ? over(from.rateE12 - to.rateE12, afterMs, Math.floor) : 0n
  const paidE12 = over(to.rateE12, overlapMs + lostMs, Math.ceil) + fee * E12
  const riskMs = (to.hazard - from.hazard) * afterMs * lossMs
  const riskE12 = riskMs < 0 ? -over(to.rateE12, -riskMs, Math.floor) : over(to.rateE12, riskMs, Math.ceil)
  const costE12 = paidE12 + riskE12 > 0n ? paidE12 + riskE12 : 0n
  return { pays: savingE12 * 10n > costE12 * BigInt(MOVE_TIMES * 10) && savingE12 > 0n, savingE12, costE12 }
}

function over(rateE12: bigint, ms: number, round: (value: number) => number): bigint {
  return (rateE12 * BigInt(round(ms))) / 1_000n
}
