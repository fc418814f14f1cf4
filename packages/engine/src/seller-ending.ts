import type { EndingCode } from '@souk/protocol'
import { type Draft, enqueue } from './channel.ts'
import { PAYMENT } from './payment.ts'
import { type Context, persist, send, type Write } from './program.ts'
import { put, vouchers } from './records.ts'
import { type SellerEffect, type SellerLease, saleRow } from './seller-state.ts'

/** Milliseconds without a requester on the channel after which the lease ends. */
const ABSENCE_MS = 60_000

export function reasonToEnd(
  state: SellerLease,
  nowMs: number,
): { code: EndingCode; why: string } | undefined {
  const { opening, quote } = state.sale
  if (state.drainByMs !== null && nowMs >= state.drainByMs)
    return { code: 'drained', why: 'the provider leaves' }
  if (opening === null && state.head.timestampSeconds > quote.openBefore) {
    return { code: 'not-opened', why: 'the opening was not mined in time' }
  }
  if (opening !== null && state.head.number >= opening.block + quote.blocks) {
    return { code: 'expired', why: 'the lease reached its last block' }
  }
  if (!state.connected && nowMs - state.heardAtMs > ABSENCE_MS) {
    return { code: 'requester-lost', why: 'the requester did not come back' }
  }
  if (state.pausedMs !== null && nowMs - state.pausedMs > PAYMENT.graceMs) {
    return { code: 'payment-stopped', why: 'vouchers do not cover the service' }
  }
  return undefined
}

export function end(
  context: Context,
  state: SellerLease,
  code: EndingCode,
  why: string,
  rows: readonly Write[] = [],
): SellerEffect[] {
  const { lease, agreement } = state.sale
  state.sale.phase = 'closed'
  const attempts = [...state.running.keys()]
  state.running.clear()
  state.held = []
  const ended: Draft = {
    t: 'ended',
    code,
    message: why,
    signature: context.signer.sign('Ending', { lease, code }),
    close: agreement?.own ?? null,
  }
  const { frame, writes } = enqueue(state.channel, ended)
  const voucher = state.voucher === null ? [] : [put(vouchers, lease, state.voucher)]
  return [
    persist('synced', ...rows, ...voucher, saleRow(state), ...writes),
    { do: 'abort', attempts },
    send(frame),
    { do: 'hang-up', why },
    { do: 'settle', code, why },
  ]
}
