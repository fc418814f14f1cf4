import { LIMITS } from '@souk/protocol'
import { onDisconnected, onRedialFailed, onResumed, onStarted, onTickApart } from './buyer-connection.ts'
import { close, lose } from './buyer-ending.ts'
import { onFrame } from './buyer-frames.ts'
import { pay } from './buyer-payment.ts'
import { type BuyerEffect, type BuyerEvent, type BuyerLease, isOver, purchaseRow } from './buyer-state.ts'
import { cancel, dispatch } from './buyer-work.ts'
import { PAYMENT } from './payment.ts'
import { type Context, persist, send } from './program.ts'

/** Milliseconds of silence on an open stream after which we hang up and dial again. */
const SILENCE_MS = 5_000

/** Decides what one event means for the lease. */
export function advanceBuyer(
  context: Context,
  state: BuyerLease,
  event: BuyerEvent,
  nowMs: number,
): BuyerEffect[] {
  if (event.type === 'head') {
    state.head = event.head
    return []
  }
  if (event.type === 'opened') return onOpened(state, event)
  if (isOver(state.purchase.phase)) return []
  switch (event.type) {
    case 'started':
      return onStarted(context, state, event.frame, nowMs)
    case 'resumed':
      return onResumed(context, state, event.frame, nowMs)
    case 'frame':
      return onFrame(context, state, event.frame, nowMs)
    case 'disconnected':
      return onDisconnected(state, nowMs)
    case 'redial-failed':
      return onRedialFailed(state, event.refused, nowMs)
    case 'dispatch':
      return dispatch(state, event.items)
    case 'cancel':
      return cancel(state, event.attempts)
    case 'close':
      return close(context, state, nowMs)
    case 'tick':
      return onTick(context, state, nowMs)
  }
}

function onOpened(state: BuyerLease, opening: { block: number; timestampSeconds: number }): BuyerEffect[] {
  state.purchase.opening = { block: opening.block, timestampSeconds: opening.timestampSeconds }
  return [persist('committed', purchaseRow(state))]
}

function onTick(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (!state.connected) return onTickApart(state, nowMs)
  if (state.closeByMs !== null && nowMs >= state.closeByMs)
    return lose(state, 'the provider did not sign the close')
  if (nowMs - state.heardAtMs > SILENCE_MS) {
    return [{ do: 'hang-up', why: 'silence' }, ...onDisconnected(state, nowMs)]
  }
  if (leaseIsSpent(state)) return close(context, state, nowMs)
  const effects: BuyerEffect[] = []
  if (nowMs - state.beatAtMs >= LIMITS.beatMs) effects.push(...beat(context, state, nowMs))
  if (nowMs - state.voucherAtMs >= PAYMENT.voucherMs) effects.push(...pay(context, state, nowMs))
  return effects
}

function leaseIsSpent(state: BuyerLease): boolean {
  const { opening, quote, phase } = state.purchase
  return phase === 'active' && opening !== null && state.head.number + 1 >= opening.block + quote.blocks
}

function beat(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  state.beatAtMs = nowMs
  state.beats += 1
  const ack = state.channel.inSeq
  return [send({ t: 'beat', ack, n: state.beats, boot: context.boot, credit: 0, running: [], load: 0 })]
}
