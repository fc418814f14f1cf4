import {
  isOver,
  newMemory,
  OUTBOX,
  openingOf,
  orderPurchase,
  outboxPrefix,
  type Purchase,
  purchases,
  put,
  type VoucherRow,
} from '@souk/engine'
import { type Head, type LeaseCase, type LeaseOnChain, leaseCall } from '@souk/settlement'
import type { Journal } from '@souk/storage'
import type { Budget } from './budget.ts'

/** A purchase on its way to being settled. */
export interface PurchaseCase extends LeaseCase {
  readonly purchase: Purchase
}

export interface PurchaseCaseOptions {
  readonly purchase: Purchase
  voucher(): VoucherRow | null
  readonly journal: Journal
  readonly budget: Budget
  /** Tells whether the lease must not be closed yet, for evidence is gathered. */
  holds(): boolean
  /** Told at every look what the chain shows. */
  looked(chain: LeaseOnChain): void
  /** Told once when the escrow has opened the lease. */
  opened(block: number, timestampSeconds: number): void
  /** Told once when nothing is left to do. */
  settled(): void
}

/** Seconds after `openBefore` from which a lease that is not open will never be: blocks may come late. */
const NEVER_SECONDS = 60

/** Follows one purchase on the chain until nothing is left to do for it (PROTOCOL §10). */
export function purchaseCase(options: PurchaseCaseOptions): PurchaseCase {
  const { purchase, journal, budget } = options
  const memory = newMemory()
  const settle = async () => {
    purchase.settled = true
    const frames = await journal.scan(OUTBOX, outboxPrefix(purchase.lease))
    const gone = frames.map(({ key }) => ({ table: OUTBOX, key, value: null }))
    await journal.commit([put(purchases, purchase.lease, purchase), ...gone], 'committed')
    options.settled()
  }
  return {
    purchase,
    lease: purchase.lease,
    async seen(chain: LeaseOnChain, head: Head) {
      options.looked(chain)
      const opening = openingOf(chain, head)
      if (opening !== null) {
        budget.unreserve(purchase.lease)
        if (purchase.opening === null) options.opened(opening.block, opening.timestampSeconds)
      }
      const never =
        chain.status === 'none' && head.timestampSeconds > purchase.quote.openBefore + NEVER_SECONDS
      if (never) budget.unreserve(purchase.lease)
      if (chain.status === 'closed' || (never && isOver(purchase.phase))) await settle()
    },
    next(chain, head) {
      const order = orderPurchase(purchase, options.voucher(), chain, head, memory, options.holds())
      return leaseCall(purchase.lease, order)
    },
  }
}
