import type { DetectorEffect } from '@souk/availability'
import {
  accepted,
  attempts,
  type BuyerEffect,
  type JobEffect,
  owed,
  PAYMENT,
  receipts,
  type SellerLease,
  vouchers,
  type Write,
} from '@souk/engine'
import { MarketAudit, type MemoryJournal } from '@souk/engine/testing'
import type { Hex } from '@souk/protocol'
import type { EscrowModel } from './escrow-model.ts'
import type { Seller } from './party.ts'
import type { Allowed } from './scenario.ts'

/** Complaints of the audit that a scenario with too many colluders brings about. */
const WRONG = /got another output|was called a lie|was accepted with/

/** What it says where the chain kept a requester from paying. */
const UNPAID = /an honest requester was cut off/

/**
 * What must hold at every moment of every run, whatever goes wrong, and is noted where it does not.
 *
 * `audit` is the engine's own: single acceptance, honest results, quorums, vouchers that rise and are journalled first.
 */
export class Promises {
  readonly audit = new MarketAudit()
  readonly #allows: Allowed
  readonly #supply: bigint
  readonly #shown = new Set<number>()

  constructor(allows: Allowed, supply: bigint) {
    this.#allows = allows
    this.#supply = supply
  }

  /** Returns what was broken, of what must hold in this scenario. */
  get broken(): string[] {
    const { wrong, unpaid } = this.#allows
    return this.audit.violations.filter(
      (one) => !(wrong === true && WRONG.test(one)) && !(unpaid === true && UNPAID.test(one)),
    )
  }

  /** Looks at a row that the requester writes: an accepted result counts the newest attempts of its slots alone. */
  buyerWrites(journal: MemoryJournal, write: Write, before: Uint8Array | undefined): void {
    this.audit.buyerWrites(write, before)
    if (write.table !== accepted.table || write.value === null) return
    for (const attempt of accepted.codec.decode(write.value).agreeing) {
      const at = attempt.lastIndexOf('.') + 1
      const next = `${attempt.slice(0, at)}${Number(attempt.slice(at)) + 1}`
      this.audit.expect(
        journal.one(receipts, attempt) !== undefined,
        `${attempt} counts and nobody signed it`,
      )
      this.audit.expect(journal.one(attempts, attempt) !== undefined, `${attempt} counts and was never run`)
      this.audit.expect(
        journal.one(attempts, next) === undefined,
        `${attempt} counts and is fenced by ${next}`,
      )
    }
  }

  /** Looks at what the requester's job does: each result is shown once, also after a restart. */
  buyerDoes(effect: BuyerEffect | JobEffect): void {
    this.audit.buyerDoes(effect)
    if (effect.do !== 'accepted') return
    this.audit.expect(!this.#shown.has(effect.index), `the result of task ${effect.index} was shown twice`)
    this.#shown.add(effect.index)
  }

  /** Looks at the money after a block: none appears, and none goes. */
  holdsMoney(escrow: EscrowModel): void {
    this.audit.expect(
      escrow.total === this.#supply,
      `${escrow.total} in the escrow instead of ${this.#supply}`,
    )
  }

  /** Looks at a provider's lease after something it did: it serves little more than it holds vouchers for. */
  isSecured({ sale, service, voucher }: SellerLease): void {
    const unsecuredMs = PAYMENT.unsecuredSeconds * 1_000 + PAYMENT.beatGapMs
    const due = owed(sale.quote, service.servedMs - unsecuredMs)
    const held = voucher?.cumulative ?? sale.quote.startFee
    this.audit.expect(due <= held, `a provider served for ${due} beyond what it is given free, on ${held}`)
  }

  /** Looks at a verdict: nobody is dead for its silence who had no reason for it. */
  isFair(effect: DetectorEffect, isWell: boolean): void {
    if (effect.do !== 'verdict' || effect.verdict !== 'dead' || this.#allows.falseDeaths === true) return
    this.audit.expect(!isWell, `provider ${effect.peer} was called dead (${effect.reason}) and is well`)
  }

  /**
   * Looks at what a lease was paid in the end: what its provider holds a voucher for, and for what there was no
   * service at most the start fee and `prepay` seconds.
   *
   * @param aliveMs for how long the provider's process lived and can have served
   */
  paid(lease: Hex, escrow: EscrowModel, aliveMs: number, { journal, isGone }: Seller): void {
    const { quote, paid, isClosed } = escrow.leases.get(lease) ?? {}
    if (quote === undefined || paid === undefined) return
    this.audit.expect(isClosed === true, `${lease} is not closed`)
    const most = owed(quote, aliveMs + quote.prepay * 1_000)
    this.audit.expect(paid <= most, `${lease} was paid ${paid}, its service was worth ${most}`)
    const { cumulative } = journal.one(vouchers, lease) ?? { cumulative: 0n }
    const due = cumulative < quote.deposit ? cumulative : quote.deposit
    this.audit.expect(
      isGone || paid >= due,
      `${lease} was paid ${paid}, its provider held a voucher over ${due}`,
    )
  }
}
