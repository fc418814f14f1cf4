import { queue, type SellerEffect, type SellerLease, saleRow } from './seller-state.ts'

/** Gives the lease `seconds` to end; what runs goes on meanwhile, and nothing new begins. */
export function onDrain(state: SellerLease, seconds: number, nowMs: number): SellerEffect[] {
  if (state.drainByMs !== null) return []
  state.drainByMs = nowMs + seconds * 1000
  state.sale.phase = 'draining'
  return queue(state, { t: 'drain', seconds }, [saleRow(state)], 'synced')
}
