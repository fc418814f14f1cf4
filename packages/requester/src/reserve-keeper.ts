import { earnestOf, type HoldRecord, isOver, purchases, put, reservations, vouchers } from '@souk/engine'
import type { FrameOf } from '@souk/protocol'
import type { NegotiationServices } from './negotiate.ts'
import type { Held } from './reserve-decide.ts'
import { agreedClose, askOnce, holdVoucher } from './reserve-talk.ts'

/** What keeping reservations needs of the process around it. */
export interface HoldKeeperServices {
  negotiation(): NegotiationServices
  /** Looks at the chain now. */
  look(): void
}

/** Pays for reservations and ends them with their providers (PROTOCOL §15); each step is in the journal first. */
export class HoldKeeper {
  readonly #services: HoldKeeperServices
  readonly #gone: (held: Held) => void

  /** `gone` hears of each reservation that is over. */
  constructor(services: HoldKeeperServices, gone: (held: Held) => void) {
    this.#services = services
    this.#gone = gone
  }

  /** Tells the provider what it is owed by now: the rest of the fee once its capacity was had. */
  async pay(held: Held): Promise<void> {
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
      await this.note(held, { failure: 'its provider let it go' })
      await this.over(held, 'lost')
    }
  }

  /**
   * Signs what the reservation comes to; from now on it is over for us. Where its provider was away, nothing is signed:
   * the escrow pays by the voucher, once what was seen of that is reported.
   */
  async close(held: Held): Promise<void> {
    const { purchase, voucher, record } = held
    if (record.broke) return this.over(held, 'lost')
    if (purchase.phase !== 'active') return
    const { context, journal } = this.#services.negotiation()
    const { lease, quote } = purchase
    const paid = record.claimed ? quote.startFee : (voucher?.cumulative ?? 0n)
    purchase.phase = 'closing'
    purchase.agreement = { paid, own: context.signer.sign('Close', { lease, paid }), peer: null }
    await journal.commit([put(purchases, lease, purchase)], 'synced')
  }

  /** Asks the provider to agree to what was signed. */
  async settle(held: Held): Promise<void> {
    const { context, node } = this.#services.negotiation()
    const { purchase } = held
    const { lease, agreement } = purchase
    if (agreement === null || isOver(purchase.phase)) return
    const frame: FrameOf<'unhold'> = { t: 'unhold', lease, paid: agreement.paid, signature: agreement.own }
    const close = agreedClose(context.network, purchase, await askOnce(node, purchase, frame))
    agreement.peer = close
    await this.over(held, close === null ? 'lost' : 'closed')
  }

  /** Ends a reservation for us, however that came. */
  async over(held: Held, phase: 'closed' | 'lost'): Promise<void> {
    const { purchase } = held
    const { journal } = this.#services.negotiation()
    purchase.phase = phase
    this.#gone(held)
    await journal.commit([put(purchases, purchase.lease, purchase)], 'synced')
    this.#services.look()
  }

  /** Changes what is remembered of a reservation. */
  async note(held: Held, change: Partial<HoldRecord>): Promise<void> {
    Object.assign(held.record, change)
    const { journal } = this.#services.negotiation()
    await journal.commit([put(reservations, held.purchase.lease, held.record)], 'committed')
  }
}
