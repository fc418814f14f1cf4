import { type Frame, type FrameOf, LIMITS, SoukError } from '@souk/protocol'
import { acknowledge, unsent } from './channel.ts'
import { type Context, persist, send } from './program.ts'
import { isOver } from './records.ts'
import { onDrain } from './seller-drain.ts'
import { end, reasonToEnd } from './seller-ending.ts'
import { onFrame } from './seller-frames.ts'
import { onGpus } from './seller-gpus.ts'
import { isCovered, syncVoucher } from './seller-payment.ts'
import { deliver, onFailed, onFinished } from './seller-results.ts'
import { onSaved, tellAgain } from './seller-saved.ts'
import { type SellerEffect, type SellerEvent, type SellerLease, saleRow, silentMs } from './seller-state.ts'
import { breakOff, breakOffAt, countBeat } from './service.ts'

/** Milliseconds of silence on an open stream after which we hang up. */
const SILENCE_MS = 5_000
/** Milliseconds between two ticks beyond which we stood still ourselves, and may have frames that nobody has read yet. */
const MOST_LAG_MS = 1_000
/**
 * Milliseconds on one lease for which hearing nobody excuses a requester's silence. Its requester may still hear us, and
 * waits for what we no longer get; and others can keep us from hearing.
 */
const MOST_EXCUSE_MS = 10_000

/**
 * Decides what one event means for the lease. A requester that breaks the protocol, or never acknowledges, ends
 * it: nothing that a peer sends makes this throw.
 */
export function advanceSeller(
  context: Context,
  state: SellerLease,
  event: SellerEvent,
  nowMs: number,
): SellerEffect[] {
  if (event.type === 'head') {
    state.head = event.head
    if (event.head.timestampSeconds > state.sale.quote.openBefore) state.lateBlock ??= event.head.number
    return []
  }
  if (event.type === 'gpus') state.gpus = event.gpus
  if (isOver(state.sale.phase)) return onTooLate(context, state, event)
  try {
    return decide(context, state, event, nowMs)
  } catch (error) {
    if (error instanceof SoukError) return end(context, state, 'misbehaved', error.message)
    throw error
  }
}

function onTooLate(context: Context, state: SellerLease, event: SellerEvent): SellerEffect[] {
  if (event.type === 'saved') return onSaved(state, event.attempt, event.checkpoint)
  return event.type === 'resume' ? onResumeTooLate(context, state, event.frame) : []
}

type LeaseEvent = Exclude<SellerEvent, { type: 'head' }>

function decide(context: Context, state: SellerLease, event: LeaseEvent, nowMs: number): SellerEffect[] {
  switch (event.type) {
    case 'opened':
      return onOpened(context, state, event)
    case 'unopened':
      return onUnopened(state)
    case 'resume':
      return onResume(context, state, event.frame, nowMs)
    case 'frame':
      return onFrame(context, state, event.frame, nowMs)
    case 'disconnected':
      return onDisconnected(state, nowMs)
    case 'finished':
      return onFinished(context, state, event.results)
    case 'failed':
      return onFailed(state, event)
    case 'saved':
      return onSaved(state, event.attempt, event.checkpoint)
    case 'gpus':
      return onGpus(state, nowMs)
    case 'drain':
      return onDrain(state, event.seconds, nowMs)
    case 'ended-on-chain':
      return end(context, state, 'expired', 'the lease ended on the chain')
    case 'tick':
      return onTick(context, state, event, nowMs)
  }
}

function onOpened(
  context: Context,
  state: SellerLease,
  at: { block: number; timestampSeconds: number },
): SellerEffect[] {
  state.sale.opening = { block: at.block, timestampSeconds: at.timestampSeconds }
  state.sale.held = false
  const held = state.held.splice(0)
  return [persist('committed', saleRow(state)), ...deliver(context, state, held)]
}

/** Waits for the opening again: it is sent anew until it is too late, and then the lease ends. */
function onUnopened(state: SellerLease): SellerEffect[] {
  state.sale.opening = null
  return [persist('committed', saleRow(state))]
}

function onResume(
  context: Context,
  state: SellerLease,
  frame: FrameOf<'resume'>,
  nowMs: number,
): SellerEffect[] {
  Object.assign(state, { connected: true, heardAtMs: nowMs, deafMs: 0, beatAtMs: nowMs })
  breakOff(state.service)
  return greet(context, state, frame.ack)
}

/** Answers a requester that missed the end: it gets the frames it has not seen, the ending last. */
function onResumeTooLate(context: Context, state: SellerLease, frame: FrameOf<'resume'>): SellerEffect[] {
  const known = Math.min(frame.ack, state.channel.outSeq)
  return [...greet(context, state, known), { do: 'hang-up', why: 'the lease is over' }]
}

function greet(context: Context, state: SellerLease, ack: number): SellerEffect[] {
  const gone = acknowledge(state.channel, ack)
  const resumed: Frame = {
    t: 'resumed',
    ack: state.channel.inSeq,
    boot: context.boot,
    credit: grantedCredit(state),
    cumulative: state.voucher?.cumulative ?? 0n,
    running: [...state.running.keys()],
  }
  const again = unsent(state.channel, ack).map(send)
  return [
    ...(gone.length > 0 ? [persist('committed', ...gone)] : []),
    send(resumed),
    ...again,
    ...tellAgain(state),
  ]
}

function grantedCredit(state: SellerLease): number {
  return state.sale.phase === 'active' ? state.credit : 0
}

function onDisconnected(state: SellerLease, nowMs: number): SellerEffect[] {
  if (!state.connected) return []
  state.connected = false
  breakOffAt(state.service, state.heardAtMs)
  Object.assign(state, { heardAtMs: nowMs, deafMs: 0 })
  return []
}

function onTick(
  context: Context,
  state: SellerLease,
  { blind = false, deaf = false, executing = [] }: Extract<SellerEvent, { type: 'tick' }>,
  nowMs: number,
): SellerEffect[] {
  // Without the chain nobody knows that the lease is open, and a requester pays no more than `prepay` for one that may not be.
  if (blind && state.sale.opening === null && state.pausedMs !== null) state.pausedMs = nowMs
  excuse(state, deaf, nowMs)
  const over = reasonToEnd(state, nowMs)
  if (over !== undefined) return end(context, state, over.code, over.why)
  const effects: SellerEffect[] = []
  if (state.connected && silentMs(state, nowMs) > SILENCE_MS) {
    effects.push({ do: 'hang-up', why: 'silence' }, ...onDisconnected(state, nowMs))
  }
  if (state.connected && nowMs - state.beatAtMs >= LIMITS.beatMs)
    effects.push(...beat(context, state, executing, nowMs))
  if (!isCovered(state)) state.pausedMs ??= nowMs
  return [...effects, ...syncVoucher(state, nowMs)]
}

/** We stood still, or hear nobody at all: that time is not the requester's silence, and no voucher could come in it. */
function excuse(state: SellerLease, deaf: boolean, nowMs: number): void {
  const passedMs = nowMs - state.tickAtMs
  state.tickAtMs = nowMs
  const excusedMs = passedMs > MOST_LAG_MS ? passedMs : excusable(state, deaf ? passedMs : 0)
  state.deafMs = Math.min(state.deafMs + excusedMs, nowMs - state.heardAtMs)
  if (state.pausedMs !== null) state.pausedMs = Math.min(state.pausedMs + excusedMs, nowMs)
}

/** Takes time in which we heard nobody from what a lease has of it. */
function excusable(state: SellerLease, passedMs: number): number {
  const ms = Math.min(passedMs, MOST_EXCUSE_MS - state.excusedMs)
  state.excusedMs += ms
  return ms
}

function beat(
  context: Context,
  state: SellerLease,
  executing: readonly string[],
  nowMs: number,
): SellerEffect[] {
  state.beatAtMs = nowMs
  state.beats += 1
  // A pause is no service: a lease opened late could never pay for it, because the escrow counts from the opening.
  if (state.pausedMs === null) countBeat(state.service, state.head, nowMs)
  else breakOff(state.service)
  const running = [...state.running.keys()]
  const load = running.length > 0 && state.pausedMs === null ? 1_000 : 0
  const credit = grantedCredit(state)
  const begun = executing.filter((attempt) => state.running.has(attempt))
  return [
    send({
      ...{ t: 'beat', ack: state.channel.inSeq, n: state.beats, boot: context.boot, credit, running },
      ...(begun.length > 0 && { executing: begun }),
      ...{ load, gpus: [...state.gpus] },
    }),
  ]
}
