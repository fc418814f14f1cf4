import type { Hex } from '@souk/protocol'
import type { BuyerEffect } from '../buyer-state.ts'
import type { Assignment, JobEffect } from '../job-state.ts'
import { owed, PAYMENT } from '../payment.ts'
import type { Write } from '../program.ts'
import {
  accepted,
  attempts,
  checkpoints,
  comparisons,
  mismatches,
  purchases,
  receipts,
  saved,
  type VoucherRow,
  vouchers,
} from '../records.ts'
import type { SellerEffect } from '../seller-state.ts'
import type { MemoryJournal } from './memory-journal.ts'
import { isHonest, isNear } from './near.ts'
import { stepOf } from './saving.ts'

/**
 * Watches what every process of a market journals and does, and notes what must never be: a run without violations
 * held all of its promises, whatever crashed.
 */
export class MarketAudit {
  readonly violations: string[] = []
  /** Attempts of liars that the requester journalled as evidence. */
  readonly caught = new Set<string>()
  /** Attempts that went on from a checkpoint. */
  resumed = 0
  readonly #dispatched = new Set<string>()
  #hasLostRows = false
  readonly #executed = new Set<string>()
  readonly #acceptedTasks = new Set<number>()
  /** Steps of the newest checkpoint that was kept, by slot. */
  readonly #newest = new Map<string, number>()
  /** Accounts that made a checkpoint, by task and address. */
  readonly #makers = new Map<string, Set<Hex>>()
  /** Amounts that the requester has signed, by lease. */
  readonly #signed = new Map<Hex, bigint>()

  /** Looks at a row that the requester writes. */
  buyerWrites(write: Write, before: Uint8Array | undefined): void {
    if (write.value === null) return
    if (write.table === vouchers.table) this.#voucherRises('requester', write.value, before)
    if (write.table === vouchers.table) {
      const [lease, { cumulative }] = [write.key as Hex, vouchers.codec.decode(write.value)]
      // One that was journalled may be on its way when its row is lost with the power, and less is signed after it.
      const most = this.#signed.get(lease) ?? 0n
      this.#signed.set(lease, cumulative > most ? cumulative : most)
    }
    if (write.table === accepted.table) this.#accepts(write.key, write.value, before)
    if (write.table === mismatches.table) this.#catches(write.key, write.value)
    if (write.table === checkpoints.table) this.#keeps(write.key, write.value)
    if (write.table === attempts.table && before === undefined) this.#attempts(write.value)
  }

  /** Looks at a row that a provider writes. */
  sellerWrites(write: Write, before: Uint8Array | undefined): void {
    if (write.value === null || write.table !== vouchers.table) return
    this.#voucherRises('provider', write.value, before)
    const { cumulative } = vouchers.codec.decode(write.value)
    const signed = this.#signed.get(write.key as Hex) ?? -1n
    this.expect(
      cumulative <= signed,
      `a provider holds a voucher over ${cumulative}, ${signed} was journalled`,
    )
  }

  /**
   * Takes it that the requester lost rows that were not synced, with its power: it may not know what it dispatched, and
   * leases break off whose frames or vouchers it does not know.
   */
  losesRows(): void {
    this.#dispatched.clear()
    this.#executed.clear()
    this.#hasLostRows = true
  }

  /** Looks at an effect of the requester. */
  buyerDoes(effect: BuyerEffect | JobEffect): void {
    if (effect.do === 'dispatch') {
      for (const { attempt } of effect.assignments) {
        this.expect(!this.#dispatched.has(attempt), `${attempt} was dispatched twice`)
        this.#dispatched.add(attempt)
      }
    }
    if (effect.do === 'kept') {
      const slot = slotOf(effect.attempt)
      this.#newest.set(slot, Math.max(this.#newest.get(slot) ?? 0, stepOf(effect.index, effect.cid)))
    }
    if (effect.do === 'failed') {
      this.expect(effect.code !== 'refused', `${effect.attempt} was refused: ${effect.message}`)
    }
    if (effect.do === 'settle') {
      this.expect(this.#hasLostRows || !effect.why.startsWith('expected'), `a lease broke off: ${effect.why}`)
      this.expect(effect.why !== 'payment-stopped', 'an honest requester was cut off')
    }
  }

  /** Looks at an effect of a provider in its present run. */
  sellerDoes(boot: Hex, effect: SellerEffect): void {
    if (effect.do === 'execute') {
      const key = `${boot} ${effect.attempt.id}`
      this.expect(!this.#executed.has(key), `${effect.attempt.id} was executed twice in one run`)
      this.#executed.add(key)
    }
    if (effect.do === 'settle')
      this.expect(this.#hasLostRows || effect.code !== 'misbehaved', `misbehaved: ${effect.why}`)
  }

  /** Looks at the money of a lease after the run, as both journals have it. */
  settled(lease: Hex, buyer: MemoryJournal, seller: MemoryJournal, most: bigint): void {
    const purchase = buyer.one(purchases, lease)
    const held: VoucherRow | undefined = seller.one(vouchers, lease)
    const paid = purchase?.agreement?.paid
    if (purchase === undefined || paid === undefined) return
    this.expect(paid >= (held?.cumulative ?? 0n), 'the close pays less than the last voucher')
    this.expect(paid <= most, `the close pays ${paid}, the escrow would pay ${most}`)
  }

  /** Checks that what a voucher states is covered by service: `servedMs` is the most there can have been. */
  paidForService(lease: Hex, buyer: MemoryJournal, servedMs: number): void {
    const { quote } = buyer.one(purchases, lease) ?? {}
    const cumulative = buyer.one(vouchers, lease)?.cumulative ?? 0n
    if (quote === undefined) return
    const most = owed(quote, servedMs + PAYMENT.aheadSeconds * 1000)
    this.expect(cumulative <= most, `${cumulative} was promised for service worth ${most}`)
  }

  /** Notes a violation unless `condition` holds. */
  expect(condition: boolean, violation: string): void {
    if (!condition) this.violations.push(violation)
  }

  #voucherRises(who: string, value: Uint8Array, before: Uint8Array | undefined): void {
    const now = vouchers.codec.decode(value)
    const then = before === undefined ? undefined : vouchers.codec.decode(before)
    this.expect((then?.cumulative ?? 0n) <= now.cumulative, `the ${who}'s voucher fell`)
    this.expect(now.ackFrom <= now.ackUntil, `blocks ${now.ackFrom} to ${now.ackUntil} were acknowledged`)
  }

  #accepts(key: string, value: Uint8Array, before: Uint8Array | undefined): void {
    const index = Number(key.split('/')[1])
    const row = accepted.codec.decode(value)
    this.expect(before === undefined, `task ${index} was decided twice`)
    this.expect(isHonest(index, row.digest), `task ${index} got another output`)
    this.#acceptedTasks.add(index)
  }

  #catches(attempt: string, value: Uint8Array): void {
    const { index, output } = mismatches.codec.decode(value)
    this.expect(!isHonest(index, output), `${attempt} was called a lie`)
    this.caught.add(attempt)
  }

  #keeps(key: string, value: Uint8Array): void {
    const index = Number(key.split('/')[1])
    for (const { cid, account } of checkpoints.codec.decode(value).kept) {
      const makers = this.#makers.get(`${index}/${cid}`) ?? new Set()
      this.#makers.set(`${index}/${cid}`, makers.add(account))
    }
  }

  /** Checks what attempts go on from: whole, made by k accounts, and where k is 1 the newest of their slot. */
  goesOn(assignments: readonly Assignment[], store: ReadonlySet<string>, k: number): void {
    for (const { attempt, index, checkpoint } of assignments) {
      const newest = this.#newest.get(slotOf(attempt)) ?? 0
      const from = stepOf(index, checkpoint)
      if (k === 1) this.expect(from >= newest, `${attempt} begins at ${from}, its slot had saved ${newest}`)
      if (checkpoint === null) continue
      this.resumed += 1
      const key = `${index}/${checkpoint}`
      this.expect(store.has(key), `${attempt} goes on from what is not here`)
      this.expect((this.#makers.get(key)?.size ?? 0) >= k, `${attempt} goes on from what too few made`)
    }
  }

  /** Checks that nobody keeps a checkpoint, or a row of one, after the end. */
  nothingKept(
    buyer: MemoryJournal,
    store: ReadonlySet<string>,
    sellers: readonly { journal: MemoryJournal; shelves: ReadonlyMap<string, unknown> }[],
  ): void {
    this.expect(store.size === 0, `the requester keeps ${[...store].join()}`)
    this.expect(buyer.all(checkpoints).size === 0, 'the requester keeps rows of checkpoints')
    this.expect(buyer.all(comparisons).size === 0, 'the requester keeps rows of comparisons')
    for (const { journal, shelves } of sellers) {
      this.expect(shelves.size === 0, `a provider keeps checkpoints of ${[...shelves.keys()].join()}`)
      this.expect(journal.all(saved).size === 0, 'a provider keeps rows of checkpoints')
    }
  }

  #attempts(value: Uint8Array): void {
    const { index } = attempts.codec.decode(value)
    this.expect(!this.#acceptedTasks.has(index), `task ${index} was run again after it was accepted`)
  }

  /** Checks that every accepted output has receipts of k distinct accounts. */
  hasQuorum(buyer: MemoryJournal, k: number): void {
    const bought = buyer.all(purchases)
    const signed = buyer.all(receipts)
    for (const [key, { agreeing, digest }] of buyer.all(accepted)) {
      const accounts = agreeing.flatMap((attempt) => {
        const receipt = signed.get(attempt)?.receipt
        if (receipt === undefined || !isNear(Number(key.split('/')[1]), receipt.output, digest ?? '0x'))
          return []
        return bought.get(receipt.lease)?.quote.provider ?? []
      })
      this.expect(new Set(accounts).size >= k, `${key} was accepted with ${accounts.length} receipts`)
    }
  }
}

/** Returns the slot of an attempt: its name without the number. */
function slotOf(attempt: string): string {
  return attempt.slice(0, attempt.lastIndexOf('.'))
}
