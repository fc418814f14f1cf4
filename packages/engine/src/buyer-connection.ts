import { type FrameOf, requireSigned } from '@souk/protocol'
import { lose, suspend } from './buyer-ending.ts'
import { pay } from './buyer-payment.ts'
import { type BuyerEffect, type BuyerLease, purchaseRow, REDIAL_MS } from './buyer-state.ts'
import { acknowledge, unsent } from './channel.ts'
import { type Context, persist, send } from './program.ts'
import { breakOff } from './service.ts'

/** Milliseconds before the n-th redial; the last repeats. */
const REDIAL_DELAYS_MS = [0, 100, 300, 1_000, 2_000]

export function onStarted(
  context: Context,
  state: BuyerLease,
  frame: FrameOf<'started'>,
  nowMs: number,
): BuyerEffect[] {
  const { quote } = state.purchase
  requireSigned(context.network, 'Quote', quote, frame.signature, quote.resultSigner)
  Object.assign(state.purchase, { phase: 'active', boot: frame.boot, providerSignature: frame.signature })
  connect(state, frame.credit, nowMs)
  return [persist('synced', purchaseRow(state)), ...pay(context, state, nowMs), { do: 'capacity' }]
}

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
  for (const again of unsent(state.channel, frame.ack)) effects.push(send(again))
  return [...effects, ...pay(context, state, nowMs), { do: 'capacity' }]
}

function connect(state: BuyerLease, credit: number, nowMs: number): void {
  Object.assign(state, { connected: true, credit, redial: null, heardAtMs: nowMs, peerBeats: 0 })
  breakOff(state.service)
}

export function onDisconnected(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (!state.connected && state.redial !== null) return []
  state.connected = false
  breakOff(state.service)
  state.redial = { tries: 0, atMs: nowMs, giveUpAtMs: nowMs + REDIAL_MS }
  // Capacity first, or the job would give the suspended attempts right back to this lease.
  return [{ do: 'capacity' }, ...suspend(state), ...redialIfDue(state, nowMs)]
}

export function onRedialFailed(state: BuyerLease, refused: boolean, nowMs: number): BuyerEffect[] {
  if (state.redial === null) return []
  if (refused) return lose(state, 'the provider refused the connection')
  if (nowMs >= state.redial.giveUpAtMs) return lose(state, 'the provider cannot be reached')
  const delay = REDIAL_DELAYS_MS[Math.min(state.redial.tries, REDIAL_DELAYS_MS.length - 1)] ?? 0
  state.redial.atMs = nowMs + delay
  return []
}

function redialIfDue(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.redial === null || nowMs < state.redial.atMs) return []
  state.redial.tries += 1
  state.redial.atMs = Number.POSITIVE_INFINITY
  return [{ do: 'redial' }]
}

export function onTickApart(state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.redial !== null && nowMs >= state.redial.giveUpAtMs)
    return lose(state, 'the provider cannot be reached')
  return redialIfDue(state, nowMs)
}
