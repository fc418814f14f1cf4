import { type CourtSpans, slotCount, slotsInside } from '@souk/protocol'
import type { VoucherRow } from './records.ts'

/** A voucher that strikes slots which the court counts as down. */
export interface Refutation {
  readonly voucher: VoucherRow
  /** The slots that it strikes, as a map. */
  readonly strikes: number
}

/**
 * Returns the vouchers that together strike every slot of `down` that any of them can, those that strike the most
 * first; the slots of an outage are acknowledged by none, and stay (docs/PROTOCOL.md §12).
 */
export function refutations(
  rules: Pick<CourtSpans, 'slotBlocks'>,
  epoch: number,
  down: number,
  vouchers: readonly VoucherRow[],
): Refutation[] {
  const chosen: Refutation[] = []
  for (let left = down; left !== 0; ) {
    const best = strongest(rules, epoch, left, vouchers)
    if (best === null) break
    chosen.push(best)
    left &= ~best.strikes
  }
  return chosen
}

function strongest(
  rules: Pick<CourtSpans, 'slotBlocks'>,
  epoch: number,
  down: number,
  vouchers: readonly VoucherRow[],
): Refutation | null {
  let best: Refutation | null = null
  for (const voucher of vouchers) {
    const strikes = slotsInside(rules, epoch, voucher.ackFrom, voucher.ackUntil) & down
    if (slotCount(strikes) > slotCount(best?.strikes ?? 0)) best = { voucher, strikes }
  }
  return best
}
