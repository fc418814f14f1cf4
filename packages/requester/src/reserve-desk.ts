import {
  earnestOf,
  type HoldRecord,
  isOver,
  type Purchase,
  purchases,
  put,
  reservations,
  type VoucherRow,
  vouchers,
} from '@souk/engine'
import {
  type Candidate,
  type OfferEntry,
  rateE12,
  remainderOf,
  requirementsRateE12,
  takeResources,
} from '@souk/market'
import {
  type Demand,
  errorMessage,
  type FrameOf,
  type Hex,
  leaseOf,
  type Quote,
  requireSigned,
  type Terms,
} from '@souk/protocol'
import { expect, NegotiationError, type NegotiationServices } from './negotiate.ts'
import { readRow, readRows } from './read-rows.ts'
import type { RequesterParts } from './requester-parts.ts'
import { reservable } from './reserve-candidates.ts'
import { type Held, nextStep, RETRY_MS } from './reserve-decide.ts'
import { notReserved, unknownReservation } from './reserve-error.ts'
import { type ReservationRow, reservationRow } from './reserve-status.ts'
import {
  agreedClose,
  askHold,
  askOnce,
  holdVoucher,
  openTalk,
  type ReserveTalk,
  type ReserveWish,
} from './reserve-talk.ts'

/** Names the purchases of reservations, which are for no job. */
export const RESERVATION_JOB = 'reservation'
/** Seconds before the end of a reservation from which it is not leased any more: it would be over at once. */
const LEAST_LEASE_SECONDS = 5

/** What reservations need of the process around them. */
export interface ReserveServices {
  readonly parts: Pick<RequesterParts, 'market' | 'court' | 'leases' | 'node'>
  negotiation(): NegotiationServices
  /** Follows a purchase without a channel on the chain. */
  follow(purchase: Purchase, voucher: () => VoucherRow | null, opened: Opened): void
  /** Its provider refused it; it is only watched. */
  refused(lease: Hex): void
  look(): void
  onProblem(sentence: string, error: unknown): void
}

type Opened = (block: number, timestampSeconds: number) => void

/** A reservation of which a lease can be had now. */
export interface Claimable {
  readonly lease: Hex
  readonly entry: OfferEntry
  /** What is asked of it: no longer than it lasts. */
  readonly demand: Demand
}

/**
 * The capacity that providers keep for this requester (PROTOCOL §15): books it, leases it to jobs in its time, pays for
 * it and lets it go. Everything is in purchases, vouchers and a row of its own, so that a restart changes nothing.
 */
export class ReserveDesk {
  readonly #services: ReserveServices
  readonly #held = new Map<Hex, Held>()

  constructor(services: ReserveServices) {
    this.#services = services
  }

  /**
   * Reserves capacity at the best provider that keeps it. Throws {@link notReserved}, `BudgetError`, and `JobError`
   * `CHAIN_UNAVAILABLE`.
   */
  async reserve(wish: ReserveWish): Promise<ReservationRow> {
    const { market } = this.#services.parts
    const services = this.#services.negotiation()
    services.head()
    const reasons: string[] = []
    for (const { entry } of reservable(market.index, wish.demand, this.#nowSeconds())) {
      try {
        return this.#row(await this.#book(services, entry, wish))
      } catch (error) {
        reasons.push(errorMessage(error))
      }
    }
    throw notReserved(reasons)
  }

  /** Lets a reservation go before its time is over. Throws {@link unknownReservation}. */
  async cancel(lease: Hex): Promise<ReservationRow> {
    const held = this.#held.get(lease)
    if (held === undefined) throw unknownReservation(lease)
    await this.#close(held)
    await this.#settle(held)
    return this.#row(held)
  }

  /** Returns every reservation that the journal has, the first to come first. */
  async list(): Promise<ReservationRow[]> {
    const { journal } = this.#services.negotiation()
    const records = await readRows(journal, reservations)
    const rows: ReservationRow[] = []
    for (const [lease, record] of records) {
      const purchase = this.#held.get(lease as Hex)?.purchase ?? (await readRow(journal, purchases, lease))
      const voucher = await readRow(journal, vouchers, lease)
      if (purchase !== undefined)
        rows.push(reservationRow(purchase, record, voucher?.cumulative ?? 0n, this.#nowSeconds()))
    }
    return rows.sort((a, b) => a.from - b.from)
  }

  /** Takes a reservation of an earlier run up again. */
  async resume(purchase: Purchase, voucher: VoucherRow | null): Promise<void> {
    const { journal } = this.#services.negotiation()
    const record = await readRow(journal, reservations, purchase.lease)
    if (record === undefined) return
    // Nobody knows whether its provider took it: it is only watched, and may be opened.
    if (purchase.phase === 'accepted') purchase.phase = 'lost'
    this.#follow({ purchase, voucher, record, paid: 0n, atMs: 0, isBusy: false })
  }

  /** Returns the reservations of which a lease that fits can be had now, one of each provider. */
  claimable(demand: Demand, excluded: ReadonlySet<string>): Claimable[] {
    const now = this.#nowSeconds()
    const peers = new Set(excluded)
    const found: Claimable[] = []
    for (const { purchase, record } of this.#held.values()) {
      const { hold } = purchase.terms
      if (hold === undefined || purchase.phase !== 'active' || peers.has(purchase.peerId)) continue
      const seconds = Math.min(demand.durationSeconds, hold.until - now)
      if (now < hold.from || seconds < LEAST_LEASE_SECONDS || !this.#fits(purchase, demand)) continue
      peers.add(purchase.peerId)
      found.push({
        lease: purchase.lease,
        entry: entryOf(purchase, record, now),
        demand: { ...demand, durationSeconds: seconds },
      })
    }
    return found
  }

  /** Returns the same as offers, at the prices that were agreed. */
  candidates(demand: Demand): Candidate[] {
    return this.claimable(demand, new Set()).map(({ entry }) => {
      return { entry, rateE12: requirementsRateE12(entry.offer.prices, demand.resources) }
    })
  }

  /** Notes that a lease of a reservation was had: all of its fee is due. */
  async claimed(lease: Hex): Promise<void> {
    const held = this.#held.get(lease)
    if (held !== undefined) await this.#note(held, { claimed: true, failure: '' })
  }

  /** Notes that a lease of a reservation was asked for and not had: it may be a case for the court. */
  async failed(lease: Hex, error: unknown): Promise<void> {
    const held = this.#held.get(lease)
    if (held === undefined) return
    await this.#note(held, { failure: errorMessage(error).slice(0, 512) })
    if (!(error instanceof NegotiationError)) this.#services.parts.court?.broke(held.purchase)
  }

  /** Does what is due: pays, and ends what is over. */
  tick(): void {
    const { clock } = this.#services.negotiation()
    for (const held of this.#held.values()) {
      if (held.isBusy || clock() < held.atMs) continue
      const step = nextStep(held, this.#nowSeconds())
      if (step !== 'wait') void this.#carryOut(held, step)
    }
  }

  async #carryOut(held: Held, step: Exclude<ReturnType<typeof nextStep>, 'wait'>): Promise<void> {
    const { clock } = this.#services.negotiation()
    held.isBusy = true
    held.atMs = clock() + RETRY_MS
    try {
      if (step === 'pay') await this.#pay(held)
      if (step === 'close') await this.#close(held)
      if (step === 'close' || step === 'settle') await this.#settle(held)
      if (step === 'give-up') await this.#over(held, 'lost')
    } catch (error) {
      this.#services.onProblem('a reservation’s provider does not answer', error)
    } finally {
      held.isBusy = false
    }
  }

  async #book(services: NegotiationServices, entry: OfferEntry, wish: ReserveWish): Promise<Held> {
    const talk = await openTalk(services.node, { peerId: entry.peerId, addresses: entry.offer.addresses })
    try {
      const { quote, terms } = await askHold(services, talk, entry, wish)
      const held = await this.#begin(services, entry, quote, terms)
      try {
        await this.#start(services, talk, held)
      } catch (error) {
        await this.#abandon(services, held, error)
        throw error
      }
      return held
    } finally {
      talk.close()
    }
  }

  /** Sets the fee aside and journals the purchase, before anything binding is sent. */
  async #begin(
    services: NegotiationServices,
    { peerId, offer }: OfferEntry,
    quote: Quote,
    terms: Terms,
  ): Promise<Held> {
    const { context, journal, dateMs } = services
    const lease = leaseOf(context.network, quote)
    services.reserve(lease, quote.deposit)
    const purchase: Purchase = {
      ...{ lease, peerId, addresses: offer.addresses, job: RESERVATION_JOB, quote, terms },
      ...{ openSignature: context.signer.sign('Open', { lease }), providerSignature: null },
      ...{ phase: 'accepted', boot: null, opening: null, agreement: null },
      ...{ acceptedAtMs: dateMs(), negotiatedMs: null, settled: false },
    }
    const record: HoldRecord = { offer, claimed: false, failure: '' }
    await journal.commit([put(purchases, lease, purchase), put(reservations, lease, record)], 'synced')
    const held = { purchase, voucher: null, record, paid: 0n, atMs: 0, isBusy: true }
    this.#follow(held)
    return held
  }

  async #start({ context, journal }: NegotiationServices, talk: ReserveTalk, held: Held): Promise<void> {
    const { purchase } = held
    const { lease, quote, terms, openSignature: signature, peerId } = purchase
    const answer = await talk.ask({ t: 'accept', quote, terms, signature })
    const started = expect(answer, 'started', peerId)
    requireSigned(context.network, 'Quote', quote, started.signature, quote.resultSigner)
    Object.assign(purchase, { phase: 'active', boot: started.boot, providerSignature: started.signature })
    held.voucher = holdVoucher(context, lease, earnestOf(quote))
    await journal.commit([put(purchases, lease, purchase), put(vouchers, lease, held.voucher)], 'synced')
    held.isBusy = false
    this.#services.look()
    const paid = await talk.ask({ t: 'hold', lease, ...held.voucher }).catch(() => null)
    // Where the answer is lost, the next tick sends it again.
    if (paid?.t === 'holds') held.paid = paid.cumulative
  }

  async #abandon({ journal, unreserve }: NegotiationServices, held: Held, error: unknown): Promise<void> {
    const { purchase } = held
    const isRefused = error instanceof NegotiationError && error.data.code === 'REFUSED'
    purchase.phase = 'lost'
    this.#held.delete(purchase.lease)
    if (isRefused) {
      unreserve(purchase.lease)
      this.#services.refused(purchase.lease)
    }
    const gone = { table: reservations.table, key: purchase.lease, value: null }
    await journal.commit([put(purchases, purchase.lease, purchase), gone], 'committed')
  }

  /** Tells the provider what it is owed by now: the rest of the fee once its capacity was had. */
  async #pay(held: Held): Promise<void> {
    const { context, journal, node } = this.#services.negotiation()
    const { lease, quote } = held.purchase
    const due = held.record.claimed ? quote.startFee : earnestOf(quote)
    if ((held.voucher?.cumulative ?? 0n) < due) {
      held.voucher = holdVoucher(context, lease, due)
      await journal.commit([put(vouchers, lease, held.voucher)], 'committed')
    }
    if (held.voucher === null) return
    const answer = await askOnce(node, held.purchase, { t: 'hold', lease, ...held.voucher })
    if (answer.t === 'holds') held.paid = answer.cumulative
    else if (agreedClose(context.network, held.purchase, answer) === null) {
      await this.#note(held, { failure: 'its provider let it go' })
      await this.#over(held, 'lost')
    }
  }

  /** Signs what the reservation comes to; from now on it is over for us. */
  async #close({ purchase, voucher, record }: Held): Promise<void> {
    if (purchase.phase !== 'active') return
    const { context, journal } = this.#services.negotiation()
    const { lease, quote } = purchase
    const paid = record.claimed ? quote.startFee : (voucher?.cumulative ?? 0n)
    purchase.phase = 'closing'
    purchase.agreement = { paid, own: context.signer.sign('Close', { lease, paid }), peer: null }
    await journal.commit([put(purchases, lease, purchase)], 'synced')
  }

  /** Asks the provider to agree to what was signed. */
  async #settle(held: Held): Promise<void> {
    const { context, node } = this.#services.negotiation()
    const { purchase } = held
    const { lease, agreement } = purchase
    if (agreement === null) return
    const frame: FrameOf<'unhold'> = { t: 'unhold', lease, paid: agreement.paid, signature: agreement.own }
    const close = agreedClose(context.network, purchase, await askOnce(node, purchase, frame))
    agreement.peer = close
    await this.#over(held, close === null ? 'lost' : 'closed')
  }

  async #over({ purchase }: Held, phase: 'closed' | 'lost'): Promise<void> {
    const { journal } = this.#services.negotiation()
    purchase.phase = phase
    this.#held.delete(purchase.lease)
    await journal.commit([put(purchases, purchase.lease, purchase)], 'synced')
    this.#services.look()
  }

  async #note(held: Held, change: Partial<HoldRecord>): Promise<void> {
    Object.assign(held.record, change)
    const { journal } = this.#services.negotiation()
    await journal.commit([put(reservations, held.purchase.lease, held.record)], 'committed')
  }

  #follow(held: Held): void {
    const { purchase } = held
    if (!isOver(purchase.phase)) this.#held.set(purchase.lease, held)
    this.#services.follow(
      purchase,
      () => held.voucher,
      (block, timestampSeconds) => {
        purchase.opening = { block, timestampSeconds }
        const { journal, fatal } = this.#services.negotiation()
        journal.commit([put(purchases, purchase.lease, purchase)], 'committed').catch(fatal)
      },
    )
  }

  /** Tells whether what no lease has of a reservation satisfies a demand, at a price that this allows. */
  #fits({ lease, terms }: Purchase, demand: Demand): boolean {
    const { hold, resources, runtime } = terms
    if (hold === undefined || runtime !== demand.runtime) return false
    const own = [...this.#services.parts.leases.values()].map(({ state }) => state.purchase)
    const taken = own.flatMap((one) => (one.terms.predecessor === lease ? [one.terms.resources] : []))
    const given = takeResources(remainderOf(resources, taken), demand.resources)
    return given !== null && (demand.maxRateE12 === null || rateE12(hold.prices, given) <= demand.maxRateE12)
  }

  #row({ purchase, record, voucher }: Held): ReservationRow {
    return reservationRow(purchase, record, voucher?.cumulative ?? 0n, this.#nowSeconds())
  }

  #nowSeconds(): number {
    return Math.floor(this.#services.negotiation().dateMs() / 1000)
  }
}

/** Returns the offer that a reservation stands for: its provider's, at the prices that were agreed. */
function entryOf(
  { peerId, terms, addresses }: Purchase,
  { offer }: HoldRecord,
  nowSeconds: number,
): OfferEntry {
  const prices = terms.hold?.prices ?? offer.prices
  return {
    peerId,
    offer: { ...offer, prices, addresses, free: terms.resources },
    ...{ via: 'direct', addressRange: null, bonded: true, receivedAtSeconds: nowSeconds },
  }
}
