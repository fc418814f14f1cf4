import { LIMITS, SoukError } from '@souk/protocol'
import { onDisconnected, onRedialFailed, onResumed, onStarted, onTickApart } from './buyer-connection.ts'
import { close, lose } from './buyer-ending.ts'
import { onFrame } from './buyer-frames.ts'
import { pay } from './buyer-payment.ts'
import { type BuyerEffect, type BuyerEvent, type BuyerLease, purchaseRow, transmit } from './buyer-state.ts'
import { bounce, cancel, dispatch, hold } from './buyer-work.ts'
import { PAYMENT } from './payment.ts'
import { type Context, persist, send } from './program.ts'
import { isOver } from './records.ts'

/** Milliseconds of silence on an open stream after which we hang up and dial again. */
const SILENCE_MS = 5_000
/** The same where somebody watches the provider: as long as any silence may be before it is suspicious. */
const WATCHED_SILENCE_MS = 30_000

/**
 * Decides what one event means for the lease. A provider that breaks the protocol, or never acknowledges, loses
 * it: nothing that a peer sends makes this throw.
 */
export function advanceBuyer(
  context: Context,
  state: BuyerLease,
  event: BuyerEvent,
  nowMs: number,
): BuyerEffect[] {
  if (event.type === 'head') {
    Object.assign(state, { head: event.head, headAtMs: nowMs })
    return []
  }
  if (event.type === 'opened') return onOpened(state, event)
  if (isOver(state.purchase.phase)) return event.type === 'dispatch' ? bounce(state, event.items) : []
  try {
    return decide(context, state, event, nowMs)
  } catch (error) {
    if (error instanceof SoukError) return lose(state, error.message)
    throw error
  }
}

type LeaseEvent = Exclude<BuyerEvent, { type: 'head' | 'opened' }>

function decide(context: Context, state: BuyerLease, event: LeaseEvent, nowMs: number): BuyerEffect[] {
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
    case 'hold':
      return hold(state, event.attempt, event.by)
    case 'taken':
      return transmit(state, { t: 'taken', ack: state.channel.inSeq, attempt: event.attempt, cid: event.cid })
    case 'ahead':
      return transmit(state, { t: 'ahead', ack: state.channel.inSeq, cid: event.cid })
    case 'watched':
      state.watched = true
      return []
    case 'unheard':
      return state.connected ? hangUp(state, 'others reach the provider', nowMs) : []
    case 'dead':
      return state.connected ? onDead(state, event.why, nowMs) : []
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
  if (isPast(state.closeByMs, nowMs)) return lose(state, 'the provider did not sign the close')
  if (nowMs - state.heardAtMs > (state.watched ? WATCHED_SILENCE_MS : SILENCE_MS)) {
    return hangUp(state, 'silence', nowMs)
  }
  const effects: BuyerEffect[] = []
  if (!state.isSpent && isSpent(state, nowMs)) {
    // Not closed here: who signs a close waives what a court has not seen yet, and a provider can ask for one.
    state.isSpent = true
    effects.push({ do: 'spent' })
  }
  if (nowMs - state.beatAtMs >= LIMITS.beatMs) effects.push(...beat(context, state, nowMs))
  if (nowMs - state.voucherAtMs >= PAYMENT.voucherMs) effects.push(...pay(context, state, nowMs))
  return effects
}

/** Gives the lease up; where somebody is inside of an attempt, that waits for a way back first. */
function onDead(state: BuyerLease, why: string, nowMs: number): BuyerEffect[] {
  return state.held.size > 0 ? hangUp(state, why, nowMs) : lose(state, why)
}

function hangUp(state: BuyerLease, why: string, nowMs: number): BuyerEffect[] {
  return [{ do: 'hang-up', why }, ...onDisconnected(state, nowMs)]
}

/** Tells whether the lease is of no more use: at its last block, or drained of work or of time. */
function isSpent(state: BuyerLease, nowMs: number): boolean {
  const { opening, quote, phase } = state.purchase
  if (phase === 'closing') return false
  if (opening !== null && state.head.number + 1 >= opening.block + quote.blocks) return true
  return phase === 'draining' && (state.inFlight.size === 0 || isPast(state.drainByMs, nowMs))
}

function isPast(deadlineMs: number | null, nowMs: number): boolean {
  return deadlineMs !== null && nowMs >= deadlineMs
}

function beat(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  state.beatAtMs = nowMs
  state.beats += 1
  const ack = state.channel.inSeq
  return [
    send({ t: 'beat', ack, n: state.beats, boot: context.boot, credit: 0, running: [], load: 0, gpus: [] }),
  ]
}
