import { put, sales, vouchers } from '@souk/engine'
import type { Hex } from '@souk/protocol'
import type { ChainLink } from '@souk/settlement'
import { forgetCheckpoints } from './checkpoint-shelf.ts'
import type { CourtSide } from './court-side.ts'
import type { LeaseDesk } from './lease-desk.ts'
import type { ProviderOptions } from './provider-options.ts'
import { readHold } from './reservation-book.ts'
import { type SaleCase, saleCase } from './sale-case.ts'

interface SaleBookOptions extends Pick<ProviderOptions, 'journal' | 'blocks' | 'log'> {
  readonly chain: ChainLink
  readonly desk: LeaseDesk
  readonly cases: Map<Hex, SaleCase>
  /** Tells whether the network has a court. */
  readonly hasCourt: boolean
  /** What this process has to do with the court; `null` until that is up. */
  court(): CourtSide | null
}

/** Every sale on its way to being settled on the chain, of this run and of earlier ones. */
export class SaleBook {
  readonly #options: SaleBookOptions

  constructor(options: SaleBookOptions) {
    this.#options = options
  }

  /** Leases of an earlier run are over: their executors died with it. What they earned is redeemed. Reservations go on. */
  async settlePast(): Promise<void> {
    const { journal, blocks, log, desk } = this.#options
    await forgetCheckpoints(journal, blocks)
    const past = (await journal.scan(sales.table)).map((row) => sales.codec.decode(row.value))
    for (const sale of past) {
      if (sale.settled) {
        // Perhaps the process ended between the row and this.
        await blocks.unpin(sale.lease)
        desk.settled(sale)
        continue
      }
      const hold = await readHold(journal, sale, past)
      if (hold !== null) {
        desk.reservations.resume(hold.sale, hold.voucher, hold.claimed)
        continue
      }
      if (sale.phase !== 'closed') sale.phase = 'lost'
      await journal.commit([put(sales, sale.lease, sale)], 'synced')
      const bytes = await journal.get(vouchers.table, sale.lease)
      const voucher = bytes === undefined ? null : vouchers.codec.decode(bytes)
      log.info('settling a lease of an earlier run', { lease: sale.lease, earned: voucher?.cumulative ?? 0n })
      this.follow(sale, () => voucher)
    }
    void this.look()
  }

  /** Follows a sale on the chain from now on. */
  follow(sale: SaleCase['sale'], voucher: Parameters<typeof saleCase>[0]['voucher']): void {
    const { journal, blocks, chain, desk, cases, court, hasCourt } = this.#options
    const { lease } = sale
    const one = saleCase({
      sale,
      voucher,
      journal,
      blocks,
      requesterSends: async () => (await chain.reader.nativeBalance(sale.quote.voucherSigner)) > 0n,
      looked: (seen, head) => court()?.looked(sale.quote, lease, seen, head.number),
      opened: (block, timestampSeconds) => desk.opened(lease, block, timestampSeconds),
      unopened: () => desk.unopened(sale),
      ended: () => desk.endedOnChain(lease),
      mayForget: (seen, head) => !hasCourt || court()?.mayForget(lease, seen, head.number) === true,
      settled: () => {
        cases.delete(lease)
        desk.settled(sale)
      },
    })
    cases.set(lease, one)
  }

  /** Looks at the chain now, for whatever is to be sent. */
  async look(): Promise<void> {
    const { chain } = this.#options
    const head = chain.head()
    if (head !== null) await chain.settler.look(head)
  }
}
