import { type BuyerEffect, type BuyerLease, transmit } from './buyer-state.ts'
import { chainTime, closingAmount, payable, voucherAmount } from './payment.ts'
import { type Context, persist } from './program.ts'
import { put, type VoucherRow, vouchers } from './records.ts'
import { servedBlocks } from './service.ts'

/**
 * Sends the voucher that is due: a new one, or the last again where nothing was served since.
 *
 * Its amount never falls and keeps to the escrow's cap; it acknowledges only blocks served from end to end, and
 * none ahead of the head (PROTOCOL §10). Nothing is paid any more once the close has been signed.
 */
export function pay(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.purchase.phase === 'closing') return []
  state.voucherAtMs = nowMs
  const { voucher, writes } = dueVoucher(context, state, nowMs)
  state.voucher = voucher
  const frame = { t: 'voucher', ack: state.channel.inSeq, ...voucher } as const
  return [...(writes.length > 0 ? [persist('committed', ...writes)] : []), ...transmit(state, frame)]
}

function dueVoucher(context: Context, state: BuyerLease, nowMs: number) {
  const { lease, quote, opening } = state.purchase
  const last = state.voucher
  const time = chainTime(state.head, state.headAtMs, nowMs)
  const due = voucherAmount(quote, state.service.servedMs, opening, time)
  const cumulative = last !== null && last.cumulative > due ? last.cumulative : due
  const blocks = servedBlocks(state.service) ?? acknowledgedBy(last)
  if (last !== null && last.cumulative === cumulative && last.ackUntil >= blocks.until) {
    return { voucher: last, writes: [] }
  }
  const stated = { cumulative, ackFrom: blocks.from, ackUntil: blocks.until }
  const voucher = { ...stated, signature: context.signer.sign('Voucher', { lease, ...stated }) }
  return { voucher, writes: [put(vouchers, lease, voucher)] }
}

function acknowledgedBy(voucher: VoucherRow | null) {
  return { from: voucher?.ackFrom ?? 0, until: voucher?.ackUntil ?? 0 }
}

/** Returns the amount that a close would state now. */
export function amountAtClose(state: BuyerLease, nowMs: number): bigint {
  const { quote, opening } = state.purchase
  const cap = payable(quote, opening, chainTime(state.head, state.headAtMs, nowMs))
  return closingAmount(quote, state.service.servedMs, state.voucher?.cumulative ?? 0n, cap)
}
