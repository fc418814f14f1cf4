import { type Frame, type FrameOf, requireSigned } from '@souk/protocol'
import { acknowledge, receive } from './channel.ts'
import { type Context, persist, type Write } from './program.ts'
import { end } from './seller-ending.ts'
import { onVoucher, startCovered } from './seller-payment.ts'
import { failure } from './seller-results.ts'
import { forgetSaved, onTaken } from './seller-saved.ts'
import { executionRow, type SellerEffect, type SellerLease } from './seller-state.ts'

/** Handles one frame of the requester; throws `WireError` and `ChannelError` where it breaks the protocol. */
export function onFrame(context: Context, state: SellerLease, frame: Frame, nowMs: number): SellerEffect[] {
  Object.assign(state, { heardAtMs: nowMs, deafMs: 0 })
  const gone = 'ack' in frame ? acknowledge(state.channel, frame.ack) : []
  const effects: SellerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
  return [...effects, ...handle(context, state, frame, nowMs)]
}

function handle(context: Context, state: SellerLease, frame: Frame, nowMs: number): SellerEffect[] {
  switch (frame.t) {
    case 'beat':
      return []
    case 'voucher':
      return onVoucher(context, state, frame, nowMs)
    case 'run':
      return onRun(state, frame)
    case 'cancel':
      return onCancel(state, frame)
    case 'taken':
      return onTaken(state, frame)
    case 'close':
      return onClose(context, state, frame)
    default:
      return end(context, state, 'misbehaved', `unexpected ${frame.t} frame`)
  }
}

function onRun(state: SellerLease, frame: FrameOf<'run'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const rows: Write[] = [row]
  const refused: SellerEffect[] = []
  for (const attempt of frame.attempts) {
    if (state.seen.has(attempt.id)) continue
    if (state.running.size >= state.credit) {
      refused.push(
        ...failure(state, attempt.id, 'refused', `expected at most ${state.credit} attempts in flight`),
      )
      continue
    }
    state.seen.add(attempt.id)
    state.running.set(attempt.id, { attempt, started: false })
    rows.push(executionRow(state, attempt, { state: 'running', output: null, falsified: false }))
  }
  return [
    { do: 'store', blocks: frame.inline },
    persist('committed', ...rows),
    ...refused,
    ...startCovered(state),
  ]
}

function onCancel(state: SellerLease, frame: FrameOf<'cancel'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const dropped = frame.attempts.flatMap((id) => {
    const running = state.running.get(id)
    state.running.delete(id)
    return running === undefined ? [] : [running.attempt]
  })
  state.held = state.held.filter((finished) => !frame.attempts.includes(finished.attempt))
  const cancelled = { state: 'cancelled', output: null, falsified: false } as const
  const rows = dropped.map((attempt) => executionRow(state, attempt, cancelled))
  const attempts = dropped.map((attempt) => attempt.id)
  const forgotten = forgetSaved(state, attempts)
  return [
    persist('committed', row, ...rows, ...forgotten.rows),
    { do: 'abort', attempts },
    ...forgotten.effects,
  ]
}

function onClose(context: Context, state: SellerLease, frame: FrameOf<'close'>): SellerEffect[] {
  const row = receive(state.channel, frame.seq)
  if (row === undefined) return []
  const { lease, quote } = state.sale
  requireSigned(context.network, 'Close', { lease, paid: frame.paid }, frame.signature, quote.voucherSigner)
  if (frame.paid < (state.voucher?.cumulative ?? quote.startFee)) {
    return end(context, state, 'misbehaved', 'the close pays less than the start fee and the vouchers', [row])
  }
  if (frame.paid > quote.deposit) {
    return end(context, state, 'misbehaved', 'the close pays more than the deposit', [row])
  }
  const own = context.signer.sign('Close', { lease, paid: frame.paid })
  state.sale.agreement = { paid: frame.paid, own, peer: frame.signature }
  return end(context, state, 'closed', 'closed by the requester', [row])
}
