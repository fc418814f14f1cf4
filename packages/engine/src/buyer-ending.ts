import { type BuyerEffect, type BuyerLease, purchaseRow } from './buyer-state.ts'
import { enqueue } from './channel.ts'
import { owed } from './payment.ts'
import { type Context, persist, send, type Write } from './program.ts'

/** Milliseconds a provider may take to countersign the close. */
const CLOSE_MS = 5_000

export function close(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.purchase.phase === 'closing') return []
  if (!state.connected) return lose(state, 'closed while the provider was away')
  const { lease, quote } = state.purchase
  const due = owed(quote, state.service.servedMs)
  const promised = state.voucher?.cumulative ?? 0n
  const paid = due > promised ? (due < quote.deposit ? due : quote.deposit) : promised
  const own = context.signer.sign('Close', { lease, paid })
  state.purchase.phase = 'closing'
  state.purchase.agreement = { paid, own, peer: null }
  state.closeByMs = nowMs + CLOSE_MS
  const { frame, writes } = enqueue(state.channel, { t: 'close', paid, signature: own })
  return [
    persist('synced', purchaseRow(state), ...writes),
    send(frame),
    ...suspend(state),
    { do: 'capacity' },
  ]
}

export function suspend(state: BuyerLease): BuyerEffect[] {
  const attempts = [...state.inFlight.keys()]
  if (attempts.length === 0) return []
  state.inFlight.clear()
  return [{ do: 'suspend', attempts }]
}

export function lose(state: BuyerLease, why: string): BuyerEffect[] {
  return finish(state, 'lost', why, [])
}

export function finish(
  state: BuyerLease,
  phase: 'closed' | 'lost',
  why: string,
  rows: readonly Write[],
): BuyerEffect[] {
  state.purchase.phase = phase
  state.connected = false
  state.redial = null
  return [
    persist('synced', ...rows, purchaseRow(state)),
    { do: 'capacity' },
    ...suspend(state),
    { do: 'hang-up', why },
    { do: 'settle', phase, why },
  ]
}
