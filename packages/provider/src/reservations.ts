import {
  claimsOf,
  makeHoldQuote,
  overdue,
  passTime,
  put,
  refuseAccept,
  release,
  type Sale,
  sales,
  secured,
  takeHold,
  unsecured,
  type VoucherRow,
  vouchers,
} from '@souk/engine'
import {
  errorMessage,
  type Frame,
  type FrameOf,
  type Hex,
  type HoldState,
  requireSigned,
} from '@souk/protocol'
import type { DeskServices } from './desk-services.ts'
import { chainAway, newSale, refused, verifyAccept } from './lease-admission.ts'
import { endedFrame, HoldBook, type KeptHold } from './reservation-book.ts'

/** Milliseconds from `started` until the first voucher of a reservation: two steps of a negotiation. */
const FIRST_VOUCHER_MS = 10_000
/** Seconds after `openBefore` from which a reservation that is not open will never be: blocks may come late. */
const NEVER_SECONDS = 60

/** Milliseconds from letting capacity go until its requester's agreement is no longer waited for. */
const AGREE_MS = 120_000

/** What reservations need of the desk beside what all of it shares. */
export interface ReservationsOptions
  extends Pick<
    DeskServices,
    | 'context'
    | 'journal'
    | 'host'
    | 'policy'
    | 'log'
    | 'known'
    | 'dateMs'
    | 'isDateRight'
    | 'random'
    | 'head'
    | 'cover'
    | 'follow'
    | 'changed'
    | 'settle'
    | 'fatal'
  > {
  /** Ends a lease that is in the way of a reservation. */
  drain(lease: Hex): void
}

/**
 * The capacity that this provider keeps for later (PROTOCOL §15). A reservation is a sale without a channel: each
 * question has its answer on the stream that it came on, so that neither side has to stay, and both may restart.
 */
export class Reservations {
  readonly #options: ReservationsOptions
  readonly #book: HoldBook

  constructor(options: ReservationsOptions) {
    this.#options = options
    this.#book = new HoldBook(options.journal)
    // Time begins somewhere, and stands still while the date is not right.
    passTime(options.host, this.#nowSeconds())
  }

  /** Answers what a reservation would cost, or says why there is none; nothing is kept yet. */
  quote(request: FrameOf<'reserve'>): Frame {
    const { host, policy, random, head: newest } = this.#options
    const head = newest()
    if (host.draining)
      return refused({ code: 'draining', message: 'this provider takes no reservations now' })
    if (head === null) return refused(chainAway)
    this.#passTime()
    const made = makeHoldQuote(policy, host, request, head, random(32))
    if ('code' in made) return refused(made)
    void this.#options.cover(request.requester, request.voucherSigner).catch(() => {})
    return { t: 'quote', ...made }
  }

  /** Keeps the capacity of a reservation that was accepted, once its row is on the disk. */
  async book(peerId: string, frame: FrameOf<'accept'>, quoted: ReadonlyMap<Hex, Hex>): Promise<Frame> {
    const { host, policy, log, context, journal, changed } = this.#options
    const verified = await verifyAccept(this.#options, frame, quoted)
    if ('code' in verified) return refused(verified)
    const { lease, cover, head } = verified
    this.#passTime()
    const refusal = refuseAccept(host, policy, lease, frame.quote, frame.terms, cover, head)
    if (refusal !== undefined) return refused(refusal)
    takeHold(host, lease, frame.quote, frame.terms)
    const sale = newSale(this.#options, peerId, frame, verified)
    try {
      await journal.commit([put(sales, lease, sale)], 'synced')
    } catch (error) {
      release(host, lease)
      throw error
    }
    this.#follow({ sale, voucher: null, claimed: false, letGoAtMs: null })
    log.info('capacity reserved', {
      lease,
      requester: sale.quote.requester,
      from: sale.terms.hold?.from ?? 0,
    })
    changed()
    const { providerSignature: signature } = sale
    return { t: 'started', signature, boot: context.boot, credit: 0, held: false }
  }

  /** Answers a voucher for a reservation, or a request to end one. Throws `WireError` `BAD_SIGNATURE`. */
  async answer(frame: FrameOf<'hold' | 'unhold'>): Promise<Frame> {
    const kept = this.#book.get(frame.lease)
    if (kept === undefined) return this.#book.past(this.#options.context, frame.lease)
    return frame.t === 'hold' ? this.#pay(kept, frame) : this.#close(kept, frame)
  }

  /** Takes a reservation of an earlier run up again; what is over by now is ended at the next tick. */
  resume(sale: Sale, voucher: VoucherRow | null, claimed: boolean): void {
    const { host } = this.#options
    takeHold(host, sale.lease, sale.quote, sale.terms)
    if (sale.opening !== null) secured(host, sale.lease)
    this.#follow({ sale, voucher, claimed, letGoAtMs: null })
  }

  /** Notes that the escrow has opened a reservation. */
  opened(lease: Hex, block: number, timestampSeconds: number): void {
    const kept = this.#book.get(lease)
    if (kept === undefined) return
    kept.sale.opening = { block, timestampSeconds }
    this.#keep(kept)
  }

  /** Notes that its opening fell out of the chain. */
  unopened({ lease, quote }: Sale): void {
    const kept = this.#book.get(lease)
    if (kept === undefined) return
    kept.sale.opening = null
    unsecured(this.#options.host, lease, quote.deposit)
    this.#keep(kept)
  }

  /** The escrow says that a reservation is over. */
  endedOnChain(lease: Hex): void {
    const kept = this.#book.get(lease)
    if (kept === undefined) return
    this.#letGo(kept, 'it ended on the chain')
    void this.#end(kept)
  }

  /**
   * Lets time pass: what nobody came for is let go, and what stands in the way of a reservation ends. A date that cannot
   * be trusted ends nothing.
   */
  tick(): void {
    const { host, changed, drain } = this.#options
    if (this.#passTime()) changed()
    for (const kept of this.#book.all()) {
      if (claimsOf(host, kept.sale.lease).length > 0) kept.claimed = true
      const why = this.#whyOver(kept)
      if (why !== undefined) this.#letGo(kept, why)
      if (this.#options.dateMs() > (kept.letGoAtMs ?? Number.POSITIVE_INFINITY) + AGREE_MS)
        void this.#end(kept)
    }
    if (this.#options.isDateRight()) for (const lease of overdue(host)) drain(lease)
  }

  /** Tells how reservations stand, as people are told. */
  status() {
    const kept = this.#book.all().filter(({ letGoAtMs }) => letGoAtMs === null)
    return kept.map(({ sale: { lease, quote, terms }, voucher, claimed }) => ({
      ...{ lease, requester: quote.requester, resources: terms.resources, claimed },
      ...{ from: terms.hold?.from ?? 0, claimBy: terms.hold?.claimBy ?? 0, until: terms.hold?.until ?? 0 },
      ...{ fee: quote.startFee, earned: voucher?.cumulative ?? 0n },
    }))
  }

  async #pay(kept: KeptHold, frame: FrameOf<'hold'>): Promise<Frame> {
    const { network } = this.#options.context
    const { lease, quote } = kept.sale
    const { cumulative, ackFrom, ackUntil, signature } = frame
    const stated = { lease, cumulative, ackFrom, ackUntil }
    requireSigned(network, 'Voucher', stated, signature, quote.voucherSigner)
    if (cumulative > (kept.voucher?.cumulative ?? -1n) && cumulative <= quote.startFee) {
      kept.voucher = { cumulative, ackFrom, ackUntil, signature }
      await this.#options.journal.commit([put(vouchers, lease, kept.voucher)], 'synced')
      this.#options.settle()
    }
    return { t: 'holds', lease, state: this.#stateOf(kept), cumulative: kept.voucher?.cumulative ?? 0n }
  }

  /** Agrees to an amount that pays what was had: the whole fee once the capacity was leased, else what was promised. */
  async #close(kept: KeptHold, { paid, signature }: FrameOf<'unhold'>): Promise<Frame> {
    const { context } = this.#options
    const { sale, voucher, claimed } = kept
    requireSigned(context.network, 'Close', { lease: sale.lease, paid }, signature, sale.quote.voucherSigner)
    const due = claimed ? sale.quote.startFee : (voucher?.cumulative ?? 0n)
    if (paid >= due && paid <= sale.quote.startFee) {
      const own = context.signer.sign('Close', { lease: sale.lease, paid })
      sale.agreement = { paid, own, peer: signature }
    }
    this.#letGo(kept, 'its requester ended it')
    await this.#end(kept)
    return endedFrame(context, sale, sale.agreement?.own ?? null)
  }

  #whyOver({ sale, voucher, claimed }: KeptHold): string | undefined {
    const { hold } = sale.terms
    const [nowMs, now] = [this.#options.dateMs(), this.#nowSeconds()]
    const head = this.#options.head()
    const never = sale.quote.openBefore + NEVER_SECONDS
    if (sale.opening === null && (head?.timestampSeconds ?? 0) > never) return 'it was not opened'
    if (!this.#options.isDateRight()) return undefined
    if (voucher === null && nowMs > sale.acceptedAtMs + FIRST_VOUCHER_MS) return 'nothing was paid for it'
    if (hold === undefined || now >= hold.until) return 'its time is over'
    return !claimed && now >= hold.claimBy ? 'nobody came for it' : undefined
  }

  #stateOf({ sale, letGoAtMs }: KeptHold): HoldState {
    if (letGoAtMs !== null) return 'over'
    return claimsOf(this.#options.host, sale.lease).length > 0 ? 'claimed' : 'held'
  }

  /** Gives the capacity back; what its requester signs is still taken for a while. */
  #letGo(kept: KeptHold, why: string): void {
    if (kept.letGoAtMs !== null) return
    const { host, log, changed, dateMs } = this.#options
    kept.letGoAtMs = dateMs()
    release(host, kept.sale.lease)
    log.info('a reservation is over', { lease: kept.sale.lease, why })
    changed()
  }

  #end({ sale }: KeptHold): Promise<void> {
    const { settle, fatal, journal } = this.#options
    this.#book.delete(sale.lease)
    sale.phase = sale.agreement === null ? 'lost' : 'closed'
    return journal.commit([put(sales, sale.lease, sale)], 'synced').then(settle, fatal)
  }

  #follow(kept: KeptHold): void {
    this.#book.set(kept)
    this.#options.follow(kept.sale, () => kept.voucher)
    this.#options.settle()
  }

  #keep({ sale }: KeptHold): void {
    const { journal, log } = this.#options
    if (sale.opening !== null) secured(this.#options.host, sale.lease)
    journal.commit([put(sales, sale.lease, sale)], 'committed').catch((error) => {
      log.warn('a reservation was not journalled', { lease: sale.lease, error: errorMessage(error) })
    })
  }

  /** Tells whether that changed what is free. */
  #passTime(): boolean {
    return this.#options.isDateRight() && passTime(this.#options.host, this.#nowSeconds())
  }

  #nowSeconds(): number {
    return Math.floor(this.#options.dateMs() / 1000)
  }
}
