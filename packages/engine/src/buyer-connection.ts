import { type FrameOf, requireSigned } from '@souk/protocol'
import { lose } from './buyer-ending.ts'
import { pay } from './buyer-payment.ts'
import { type BuyerEffect, type BuyerLease, purchaseRow, REDIAL_MS } from './buyer-state.ts'
import { suspend } from './buyer-work.ts'
import { acknowledge, unsent } from './channel.ts'
import { PAYMENT } from './payment.ts'
import { type Context, persist, send } from './program.ts'
import { breakOff } from './service.ts'

/** Milliseconds before the n-th redial; the last repeats. */
const REDIAL_DELAYS_MS = [0, 100, 300, 1_000, 2_000]
/** Milliseconds that a channel must last for the next redial to be at once: else a peer makes us dial in a loop. */
const STEADY_MS = 5_000

function delayMs(tries: number): number {
  return REDIAL_DELAYS_MS[Math.min(tries, REDIAL_DELAYS_MS.length - 1)] ?? 0
}

/** Takes up a lease that the provider has started. */
export function onStarted(
  context: Context,
  state: BuyerLease,
  frame: FrameOf<'started'>,
  nowMs: number,
): BuyerEffect[] {
  const { quote } = state.purchase
  requireSigned(context.network, 'Quote', quote, frame.signature, quote.resultSigner)
  Object.assign(state.purchase, { phase: 'active', boot: frame.boot, providerSignature: frame.signature })
  state.startByMs = null
  connect(state, frame.credit, nowMs)
  // The first voucher goes with the next tick: the start fee covers the first seconds, and work goes first.
  state.voucherAtMs = nowMs - PAYMENT.voucherMs
  return [persist('synced', purchaseRow(state)), { do: 'capacity' }]
}

/** Goes on over a new stream; a provider that restarted meanwhile has lost the lease. */
export function onResumed(
  context: Context,
  state: BuyerLease,
  frame: FrameOf<'resumed'>,
  nowMs: number,
): BuyerEffect[] {
  if (frame.boot !== state.purchase.boot) return lose(state, 'the provider restarted')
  connect(state, frame.credit, nowMs)
  const gone = acknowledge(state.channel, frame.ack)
  const effects: BuyerEffect[] = gone.length > 0 ? [persist('committed', ...gone)] : []
  effects.push(...unsent(state.channel, frame.ack).map(send))
  return [...effects, ...pay(context, state, nowMs), { do: 'capacity' }]
}

function connect(state: BuyerLease, credit: number, nowMs: number): void {
  Object.assign(state, {
    connected: true,
    credit,
    redial: null,
    heardAtMs: nowMs,
    upAtMs: nowMs,
    peerBeats: 0,
  })
  breakOff(state.service)
}

/** Gives back what was running and starts to dial again. */
export function onDisconnected(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (!state.connected && state.redial !== null) return []
  state.connected = false
  breakOff(state.service)
  state.drops = nowMs - state.upAtMs < STEADY_MS ? state.drops + 1 : 0
  if (state.peerBeats > 0) state.lifelessUntilMs = null
  state.lifelessUntilMs ??= nowMs + REDIAL_MS
  if (nowMs >= state.lifelessUntilMs) return lose(state, 'the provider comes back and says nothing')
  const giveUpAtMs = state.lifelessUntilMs
  state.redial = { tries: state.drops, atMs: nowMs + delayMs(state.drops), giveUpAtMs }
  // Capacity first, or the job would give the suspended attempts right back to this lease.
  return [{ do: 'capacity' }, ...suspend(state), ...redialIfDue(state, nowMs)]
}

/** Waits for the next attempt to dial, or gives the lease up. */
export function onRedialFailed(state: BuyerLease, refused: boolean, nowMs: number): BuyerEffect[] {
  if (state.redial === null) return []
  if (refused) return lose(state, 'the provider refused the connection')
  if (nowMs >= state.redial.giveUpAtMs) return lose(state, 'the provider cannot be reached')
  state.redial.atMs = nowMs + delayMs(state.redial.tries)
  return []
}

function redialIfDue(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.redial === null || nowMs < state.redial.atMs) return []
  state.redial.tries += 1
  state.redial.atMs = Number.POSITIVE_INFINITY
  return [{ do: 'redial' }]
}

/** Does what time asks for while there is no channel. */
export function onTickApart(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.startByMs !== null && nowMs >= state.startByMs)
    return lose(state, 'the provider did not start the lease')
  if (state.redial !== null && nowMs >= state.redial.giveUpAtMs)
    return lose(state, 'the provider cannot be reached')
  return redialIfDue(state, nowMs)
}
