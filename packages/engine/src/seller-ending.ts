import type { EndingCode } from '@souk/protocol'
import { type Draft, enqueueLast } from './channel.ts'
import { PAYMENT } from './payment.ts'
import { type Context, persist, type Write } from './program.ts'
import { put, vouchers } from './records.ts'
import { forgetSaved } from './seller-saved.ts'
import { type SellerEffect, type SellerLease, saleRow, silentMs, transmit } from './seller-state.ts'

/** Milliseconds without a requester on the channel after which the lease ends. */
const ABSENCE_MS = 60_000

/** Returns why the lease must end now, if it must. */
export function reasonToEnd(
  state: SellerLease,
  nowMs: number,
): { code: EndingCode; why: string } | undefined {
  const { opening, quote } = state.sale
  if (state.drainByMs !== null && nowMs >= state.drainByMs)
    return { code: 'drained', why: 'the provider leaves' }
  // What the blocks up to the first late one say of the opening is known by the next: they may have come together.
  if (opening === null && state.lateBlock !== null && state.head.number > state.lateBlock) {
    return { code: 'not-opened', why: 'the opening was not mined in time' }
  }
  if (opening !== null && state.head.number >= opening.block + quote.blocks) {
    return { code: 'expired', why: 'the lease reached its last block' }
  }
  if (!state.connected && silentMs(state, nowMs) > ABSENCE_MS) {
    return { code: 'requester-lost', why: 'the requester did not come back' }
  }
  if (state.pausedMs !== null && nowMs - state.pausedMs > PAYMENT.graceMs) {
    return { code: 'payment-stopped', why: 'vouchers do not cover the service' }
  }
  return undefined
}

/** Ends the lease with a signed reason; the newest voucher is on the disk before anything is redeemed. */
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
  const forgotten = forgetSaved(state, attempts)
  state.running.clear()
  state.held = []
  const ended: Draft = {
    t: 'ended',
    code,
    message: why.slice(0, 512),
    signature: context.signer.sign('Ending', { lease, code }),
    close: agreement?.own ?? null,
  }
  const { frame, writes } = enqueueLast(state.channel, ended)
  const voucher = state.voucher === null ? [] : [put(vouchers, lease, state.voucher)]
  const sent = transmit(state, frame)
  state.connected = false
  return [
    persist('synced', ...rows, ...voucher, saleRow(state), ...forgotten.rows, ...writes),
    { do: 'abort', attempts },
    ...forgotten.effects,
    ...sent,
    { do: 'hang-up', why },
    { do: 'settle', code, why },
  ]
}
