import { isOver, type Purchase, purchases, put, reservations, type VoucherRow, vouchers } from '@souk/engine'
import type { Candidate } from '@souk/market'
import { NetworkError } from '@souk/network'
import { type Demand, errorMessage, type Hex } from '@souk/protocol'
import type { NegotiationServices } from './negotiate.ts'
import { SilenceError } from './next-frame.ts'
import { readRow, readRows } from './read-rows.ts'
import type { RequesterParts } from './requester-parts.ts'
import { type Booking, bookHold } from './reserve-booking.ts'
import { reservable } from './reserve-candidates.ts'
import { type Claimable, claimableAmong, offersOf } from './reserve-claims.ts'
import { type Held, nextStep, RETRY_MS } from './reserve-decide.ts'
import { notReserved, unknownReservation } from './reserve-error.ts'
import { HoldKeeper } from './reserve-keeper.ts'
import { type ReservationRow, reservationRow } from './reserve-status.ts'
import type { ReserveWish } from './reserve-talk.ts'

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

/**
 * The capacity that providers keep for this requester (PROTOCOL §15): books it, leases it to jobs in its time, pays for
 * it and lets it go. Everything is in purchases, vouchers and a row of its own, so that a restart changes nothing.
 */
export class ReserveDesk {
  readonly #services: ReserveServices
  readonly #held = new Map<Hex, Held>()
  readonly #keeper: HoldKeeper

  constructor(services: ReserveServices) {
    this.#services = services
    this.#keeper = new HoldKeeper(services, ({ purchase }) => this.#held.delete(purchase.lease))
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
    for (const { entry } of reservable(market, wish.demand, this.#nowSeconds())) {
      try {
        return this.#row(await bookHold(this.#booking(services), entry, wish))
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
    await this.#keeper.close(held)
    await this.#keeper.settle(held)
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
    // It never started, but its provider may have opened it: the chain is watched.
    if (record === undefined) return this.#watch(purchase, () => voucher)
    // Nobody knows whether its provider took it: it is only watched, and may be opened.
    if (purchase.phase === 'accepted') purchase.phase = 'lost'
    this.#follow({ purchase, voucher, record, paid: 0n, atMs: 0, isBusy: false })
    if (record.broke) this.#services.parts.court?.broke(purchase)
  }

  /** Returns the reservations of which a lease that fits can be had now, one of each provider. */
  claimable(demand: Demand, excluded: ReadonlySet<string>): Claimable[] {
    const leases = [...this.#services.parts.leases.values()].map(({ state }) => state.purchase)
    const active = [...this.#held.values()].filter(({ purchase }) => purchase.phase === 'active')
    return claimableAmong(active, leases, demand, excluded, this.#nowSeconds())
  }

  /** Returns those among them that last as long as is asked for. */
  lasting(demand: Demand, excluded: ReadonlySet<string>): Claimable[] {
    const isWhole = (one: Claimable) => one.demand.durationSeconds === demand.durationSeconds
    return this.claimable(demand, excluded).filter(isWhole)
  }

  /** Returns the same as offers, at the prices that were agreed. */
  candidates(demand: Demand): Candidate[] {
    return offersOf(this.claimable(demand, new Set()))
  }

  /** Notes that a lease of a reservation was had: all of its fee is due. */
  async claimed(lease: Hex): Promise<void> {
    const held = this.#held.get(lease)
    if (held !== undefined) await this.#keeper.note(held, { claimed: true, failure: '' })
  }

  /** Notes that a lease of a reservation was asked for and not had: it may be a case for the court. */
  async failed(lease: Hex, error: unknown): Promise<void> {
    const held = this.#held.get(lease)
    if (held === undefined) return
    // Only who is away may have been down.
    const isAway = error instanceof NetworkError || error instanceof SilenceError
    const broke = held.record.broke || isAway
    await this.#keeper.note(held, { failure: errorMessage(error).slice(0, 512), broke })
    if (isAway) this.#services.parts.court?.broke(held.purchase)
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

  #booking(services: NegotiationServices): Booking {
    return {
      ...services,
      begun: (held) => this.#follow(held),
      started: () => this.#services.look(),
      gaveUp: ({ purchase }, isRefused) => {
        this.#held.delete(purchase.lease)
        if (isRefused) this.#services.refused(purchase.lease)
      },
    }
  }

  async #carryOut(held: Held, step: Exclude<ReturnType<typeof nextStep>, 'wait'>): Promise<void> {
    const { clock } = this.#services.negotiation()
    held.isBusy = true
    held.atMs = clock() + RETRY_MS
    try {
      if (step === 'pay') await this.#keeper.pay(held)
      if (step === 'close') await this.#keeper.close(held)
      if (step === 'close' || step === 'settle') await this.#keeper.settle(held)
      if (step === 'give-up') await this.#keeper.over(held, 'lost')
    } catch (error) {
      this.#services.onProblem('a reservation’s provider does not answer', error)
    } finally {
      held.isBusy = false
    }
  }

  #follow(held: Held): void {
    const { purchase } = held
    if (!isOver(purchase.phase)) this.#held.set(purchase.lease, held)
    this.#watch(purchase, () => held.voucher)
  }

  #watch(purchase: Purchase, voucher: () => VoucherRow | null): void {
    this.#services.follow(purchase, voucher, (block, timestampSeconds) => {
      purchase.opening = { block, timestampSeconds }
      const { journal, fatal } = this.#services.negotiation()
      journal.commit([put(purchases, purchase.lease, purchase)], 'committed').catch(fatal)
    })
  }

  #row({ purchase, record, voucher }: Held): ReservationRow {
    return reservationRow(purchase, record, voucher?.cumulative ?? 0n, this.#nowSeconds())
  }

  #nowSeconds(): number {
    return Math.floor(this.#services.negotiation().dateMs() / 1000)
  }
}
