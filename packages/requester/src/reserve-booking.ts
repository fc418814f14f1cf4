import {
  earnestOf,
  type HoldRecord,
  type Purchase,
  purchases,
  put,
  reservations,
  vouchers,
} from '@souk/engine'
import type { OfferEntry } from '@souk/market'
import { leaseOf, type Quote, requireSigned, type Terms } from '@souk/protocol'
import { expect, NegotiationError, type NegotiationServices } from './negotiate.ts'
import type { Held } from './reserve-decide.ts'
import { askHold, holdVoucher, openTalk, type ReserveTalk, type ReserveWish } from './reserve-talk.ts'

/** Names the purchases of reservations, which are for no job. */
export const RESERVATION_JOB = 'reservation'

/** What booking needs beside what every purchase does. */
export interface Booking extends Omit<NegotiationServices, 'began' | 'gaveUp'> {
  /** Its purchase is in the journal. */
  begun(held: Held): void
  /** Its provider has signed: look at the chain soon. */
  started(): void
  /** It never started. */
  gaveUp(held: Held, isRefused: boolean): void
}

/**
 * Reserves at one provider: `reserve` → `quote`, `accept` → `started`, `hold` → `holds`, on one stream.
 *
 * Throws `NegotiationError`, `QuoteError`, `NetworkError`, `SilenceError` and `BudgetError`; then nothing is reserved.
 */
export async function bookHold(booking: Booking, entry: OfferEntry, wish: ReserveWish): Promise<Held> {
  const talk = await openTalk(booking.node, { peerId: entry.peerId, addresses: entry.offer.addresses })
  try {
    const { quote, terms } = await askHold(booking, talk, entry, wish)
    const held = await begin(booking, entry, quote, terms)
    try {
      await start(booking, talk, held)
    } catch (error) {
      await abandon(booking, held, error)
      throw error
    }
    return held
  } finally {
    talk.close()
  }
}

/** Sets the fee aside and journals the purchase, before anything binding is sent. */
async function begin(
  booking: Booking,
  { peerId, offer }: OfferEntry,
  quote: Quote,
  terms: Terms,
): Promise<Held> {
  const { context, journal, dateMs } = booking
  const lease = leaseOf(context.network, quote)
  booking.reserve(lease, quote.deposit, quote.rate)
  const purchase: Purchase = {
    ...{ lease, peerId, addresses: offer.addresses, job: RESERVATION_JOB, quote, terms },
    ...{ openSignature: context.signer.sign('Open', { lease }), providerSignature: null },
    ...{ phase: 'accepted', boot: null, opening: null, agreement: null },
    ...{ acceptedAtMs: dateMs(), negotiatedMs: null, settled: false },
  }
  const record: HoldRecord = { offer, claimed: false, failure: '', broke: false }
  await journal.commit([put(purchases, lease, purchase), put(reservations, lease, record)], 'synced')
  const held = { purchase, voucher: null, record, paid: 0n, atMs: 0, isBusy: true }
  booking.begun(held)
  return held
}

async function start({ context, journal, started }: Booking, talk: ReserveTalk, held: Held): Promise<void> {
  const { purchase } = held
  const { lease, quote, terms, openSignature: signature, peerId } = purchase
  const answer = expect(await talk.ask({ t: 'accept', quote, terms, signature }), 'started', peerId)
  requireSigned(context.network, 'Quote', quote, answer.signature, quote.resultSigner)
  Object.assign(purchase, { phase: 'active', boot: answer.boot, providerSignature: answer.signature })
  held.voucher = holdVoucher(context, lease, earnestOf(quote))
  await journal.commit([put(purchases, lease, purchase), put(vouchers, lease, held.voucher)], 'synced')
  held.isBusy = false
  started()
  const paid = await talk.ask({ t: 'hold', lease, ...held.voucher }).catch(() => null)
  // Where the answer is lost, the next tick sends it again.
  if (paid?.t === 'holds') held.paid = paid.cumulative
}

/** Gives a reservation up that never started; unless it was refused, its provider may open it all the same. */
async function abandon({ journal, unreserve, gaveUp }: Booking, held: Held, error: unknown): Promise<void> {
  const { purchase } = held
  const isRefused = error instanceof NegotiationError && error.data.code === 'REFUSED'
  purchase.phase = 'lost'
  if (isRefused) unreserve(purchase.lease)
  gaveUp(held, isRefused)
  const gone = { table: reservations.table, key: purchase.lease, value: null }
  await journal.commit([put(purchases, purchase.lease, purchase), gone], 'committed')
}
