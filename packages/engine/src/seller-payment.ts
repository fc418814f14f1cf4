import { type FrameOf, requireSigned } from '@souk/protocol'
import { owed, PAYMENT } from './payment.ts'
import { type Context, persist, type Write } from './program.ts'
import { acknowledged, acknowledgedKey, put, STRETCHES, type VoucherRow, vouchers } from './records.ts'
import type { SellerEffect, SellerLease } from './seller-state.ts'

/** Milliseconds after which a committed voucher is synced: with the wait for a tick, within 1 s (docs/ARCHITECTURE.md). */
const SYNC_MS = 800

/**
 * Keeps a voucher that is worth at least as much as the last, and goes on with what waited for it. Throws
 * `WireError` `BAD_SIGNATURE`.
 */
export function onVoucher(
  context: Context,
  state: SellerLease,
  frame: FrameOf<'voucher'>,
  nowMs: number,
): SellerEffect[] {
  const { lease, quote } = state.sale
  const { cumulative, ackFrom, ackUntil, signature } = frame
  if (cumulative < (state.voucher?.cumulative ?? 0n) || cumulative > quote.deposit) return []
  requireSigned(
    context.network,
    'Voucher',
    { lease, cumulative, ackFrom, ackUntil },
    signature,
    quote.voucherSigner,
  )
  const rows = keepStretch(state, frame)
  state.voucher = { cumulative, ackFrom, ackUntil, signature }
  state.unsyncedMs ??= nowMs
  return [persist('committed', put(vouchers, lease, state.voucher), ...rows), ...startCovered(state)]
}

/**
 * Keeps the voucher held so far unless the next one acknowledges all that it does: it is what refutes a claim that we
 * were down then, and whoever pays could take it back by saying less. Where there is no room, the shortest goes.
 */
function keepStretch(state: SellerLease, next: Pick<VoucherRow, 'ackFrom' | 'ackUntil'>): Write[] {
  const { voucher, sale, stretches } = state
  if (voucher === null) return []
  const blocks = voucher.ackUntil - voucher.ackFrom
  if (blocks <= 0 || (next.ackFrom <= voucher.ackFrom && next.ackUntil >= voucher.ackUntil)) return []
  const at = stretches.length < STRETCHES ? stretches.length : stretches.indexOf(Math.min(...stretches))
  if ((stretches[at] ?? 0) >= blocks) return []
  stretches[at] = blocks
  return [put(acknowledged, acknowledgedKey(sale.lease, at), voucher)]
}

/** Starts what waits, as long as vouchers cover the service given. */
export function startCovered(state: SellerLease): SellerEffect[] {
  if (!isCovered(state)) return []
  state.pausedMs = null
  const waiting = [...state.running.values()].filter((running) => !running.started)
  for (const running of waiting) running.started = true
  return waiting.map(({ attempt }) => ({ do: 'execute', attempt }))
}

/** Tells whether vouchers cover the service given, but for what is given unsecured. */
export function isCovered(state: SellerLease): boolean {
  const { quote } = state.sale
  const due = owed(quote, state.service.servedMs - PAYMENT.unsecuredSeconds * 1000)
  return due <= (state.voucher?.cumulative ?? quote.startFee)
}

/** Puts a voucher that waits long enough onto the disk. */
export function syncVoucher(state: SellerLease, nowMs: number): SellerEffect[] {
  if (state.unsyncedMs === null || nowMs - state.unsyncedMs < SYNC_MS || state.voucher === null) return []
  state.unsyncedMs = null
  return [persist('synced', put(vouchers, state.sale.lease, state.voucher))]
}
