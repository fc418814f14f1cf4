import {
  isOver,
  newMemory,
  OUTBOX,
  openingOf,
  orderSale,
  outboxPrefix,
  put,
  type Sale,
  sales,
  type VoucherRow,
} from '@souk/engine'
import { type Head, type LeaseCase, type LeaseOnChain, leaseCall } from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'

/** A sale on its way to being settled. */
export interface SaleCase extends LeaseCase {
  readonly sale: Sale
}

export interface SaleCaseOptions {
  readonly sale: Sale
  voucher(): VoucherRow | null
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Tells whether the requester's key has coins to send transactions with; asked once. */
  requesterSends(): Promise<boolean>
  /** Told at every look what the chain shows. */
  looked(chain: LeaseOnChain, head: Head): void
  /** Told at every look while the escrow has the lease open and the program has not heard of it. */
  opened(block: number, timestampSeconds: number): void
  /** Told while the chain no longer has the opening. */
  unopened(): void
  /** Told while the chain says that the lease is over and the program still runs. */
  ended(): void
  /** Tells whether what a closed lease keeps can go; asked again at every look. */
  mayForget(chain: LeaseOnChain, head: Head): boolean
  /** Told once when nothing is left to do. */
  settled(): void
}

/** Seconds after `openBefore` from which a lease that is not open will never be: blocks may come late. */
const NEVER_SECONDS = 60

/** Follows one sale on the chain until nothing is left to do for it (PROTOCOL §10). */
export function saleCase(options: SaleCaseOptions): SaleCase {
  const { sale, journal, blocks } = options
  const memory = newMemory()
  let asked = false
  return {
    sale,
    lease: sale.lease,
    async seen(chain: LeaseOnChain, head: Head) {
      options.looked(chain, head)
      if (!asked) {
        asked = true
        memory.peerIsBroke = !(await options.requesterSends().catch(() => true))
      }
      const opening = openingOf(chain, head)
      if (opening !== null && sale.opening === null) {
        // A program that has ended takes nothing in any more; the row still says that the lease was opened.
        if (isOver(sale.phase)) sale.opening = opening
        else options.opened(opening.block, opening.timestampSeconds)
      }
      if (chain.status === 'none' && sale.opening !== null) {
        if (isOver(sale.phase)) sale.opening = null
        else options.unopened()
      }
      if (chain.status !== 'none' && chain.status !== 'open' && !isOver(sale.phase)) options.ended()
      const never = chain.status === 'none' && head.timestampSeconds > sale.quote.openBefore + NEVER_SECONDS
      if (chain.status !== 'closed' && !(never && isOver(sale.phase))) return
      if (!options.mayForget(chain, head)) return
      sale.settled = true
      const frames = await journal.scan(OUTBOX, outboxPrefix(sale.lease))
      const gone = frames.map(({ key }) => ({ table: OUTBOX, key, value: null }))
      await journal.commit([put(sales, sale.lease, sale), ...gone], 'committed')
      await blocks.unpin(sale.lease)
      options.settled()
    },
    next: (chain, head) => leaseCall(sale.lease, orderSale(sale, options.voucher(), chain, head, memory)),
  }
}
