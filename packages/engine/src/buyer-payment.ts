import type { BuyerEffect, BuyerLease } from './buyer-state.ts'
import { voucherAmount } from './payment.ts'
import { type Context, persist, send } from './program.ts'
import { put, vouchers } from './records.ts'

/** Signs the voucher that is due. It never falls, and acknowledges only blocks of the present stretch. */
export function pay(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  state.voucherAtMs = nowMs
  const { lease, quote, opening } = state.purchase
  const due = voucherAmount(quote, state.service.servedMs, opening, state.head)
  const last = state.voucher?.cumulative ?? 0n
  const cumulative = due > last ? due : last
  const ackUntil = state.head.number
  const ackFrom = Math.min(state.service.lastBeatMs === null ? ackUntil : state.service.fromBlock, ackUntil)
  const voucher = { lease, cumulative, ackFrom, ackUntil }
  const signature = context.signer.sign('Voucher', voucher)
  state.voucher = { cumulative, ackFrom, ackUntil, signature }
  return [
    persist('committed', put(vouchers, lease, state.voucher)),
    send({ t: 'voucher', ack: state.channel.inSeq, cumulative, ackFrom, ackUntil, signature }),
  ]
}
