import { amountAtClose } from './buyer-payment.ts'
import { type BuyerEffect, type BuyerLease, CLOSE_MS, purchaseRow, transmit } from './buyer-state.ts'
import { takeBack } from './buyer-work.ts'
import { enqueue } from './channel.ts'
import { type Context, persist, type Write } from './program.ts'

/** Signs the final amount and asks the provider to do the same; while it is away the lease is given up. */
export function close(context: Context, state: BuyerLease, nowMs: number): BuyerEffect[] {
  if (state.purchase.phase === 'closing') return []
  if (!state.connected) return lose(state, 'closed while the provider was away')
  const { lease } = state.purchase
  const paid = amountAtClose(state, nowMs)
  const own = context.signer.sign('Close', { lease, paid })
  state.purchase.phase = 'closing'
  state.purchase.agreement = { paid, own, peer: null }
  state.closeByMs = nowMs + CLOSE_MS
  const { frame, writes } = enqueue(state.channel, { t: 'close', paid, signature: own })
  const attempts = [...state.inFlight.keys()]
  takeBack(state, attempts)
  return [
    persist('synced', purchaseRow(state), ...writes),
    ...transmit(state, frame),
    { do: 'capacity' },
    ...given(attempts),
  ]
}

/** Gives the lease up: nothing more is expected of the provider. */
export function lose(state: BuyerLease, why: string): BuyerEffect[] {
  return finish(state, 'lost', why, [])
}

/** Ends the lease on its channel; what is left happens on the chain. */
export function finish(
  state: BuyerLease,
  phase: 'closed' | 'lost',
  why: string,
  rows: readonly Write[],
): BuyerEffect[] {
  const attempts = [...state.inFlight.keys()]
  state.inFlight.clear()
  state.takenBack.clear()
  state.purchase.phase = phase
  state.connected = false
  state.redial = null
  return [
    persist('synced', ...rows, purchaseRow(state)),
    // Capacity first, or the job would give the attempts right back to this lease.
    { do: 'capacity' },
    ...given(attempts),
    { do: 'hang-up', why },
    { do: 'settle', phase, why },
  ]
}

function given(attempts: readonly string[]): BuyerEffect[] {
  return attempts.length === 0 ? [] : [{ do: 'suspend', attempts }]
}
