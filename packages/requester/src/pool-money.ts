import type { Purchase } from '@souk/engine'
import { type Hex, SoukError } from '@souk/protocol'

/** A lease would cost a pool more than its budget has left; amounts in base units, a rate per hour. */
export class PoolError extends SoukError<
  | { code: 'POOL_BUDGET'; lacks: 'amount' | 'rate'; needed: bigint; left: bigint }
  | { code: 'POOL_TOO_SMALL'; max: number; needed: number }
> {}

/** What a pool may cost: all that may ever be committed, and the rate of its leases together per hour. */
export interface PoolBudget {
  readonly amount: bigint
  readonly ratePerHour: bigint | null
}

/** A purchase of a pool as far as its money goes. */
export interface PoolPurchase {
  readonly deposit: bigint
  /** Base units × 1e12 per second. */
  readonly rateE12: bigint
  /** Null while it is being negotiated. */
  purchase: Purchase | null
  /** Base units that the newest voucher promises. */
  voucher(): bigint
}

const E12_SECONDS_PER_HOUR = 3_600n
const E12 = 10n ** 12n

/**
 * The money of one pool. A deposit counts from before it is promised until the escrow has closed its lease, then what
 * was paid: so nothing that may still be drawn is spent twice, and what is asked here holds at any moment.
 */
export class PoolMoney {
  readonly #budget: PoolBudget
  readonly #purchases = new Map<Hex, PoolPurchase>()

  constructor(budget: PoolBudget) {
    this.#budget = budget
  }

  /** Base units that are paid, or may still be. */
  get committed(): bigint {
    return this.#sum(committedOf)
  }

  /** Base units that are paid or promised by voucher. */
  get spent(): bigint {
    return this.#sum(paidOf)
  }

  /** Base units that may still be committed. */
  get left(): bigint {
    const { committed } = this
    return committed >= this.#budget.amount ? 0n : this.#budget.amount - committed
  }

  /** Base units × 1e12 per second of all leases that are held or being negotiated. */
  get rateE12(): bigint {
    return this.#sum((one) => (isHeld(one) ? one.rateE12 : 0n))
  }

  /** Sets a deposit aside before anything binding is sent. Throws {@link PoolError} `POOL_BUDGET`. */
  reserve(lease: Hex, deposit: bigint, rateE12: bigint): void {
    const { left } = this
    if (deposit > left) throw tooDear('amount', deposit, left)
    const { ratePerHour } = this.#budget
    // Rounded up, against the pool.
    const perHour = (rate: bigint) => (rate * E12_SECONDS_PER_HOUR + E12 - 1n) / E12
    const rateLeft = ratePerHour === null ? null : ratePerHour - perHour(this.rateE12)
    if (rateLeft !== null && perHour(rateE12) > rateLeft) throw tooDear('rate', perHour(rateE12), rateLeft)
    this.#purchases.set(lease, { deposit, rateE12, purchase: null, voucher: () => 0n })
  }

  /** Takes in a purchase that is journalled, also one of an earlier run. */
  know(purchase: Purchase, voucher: () => bigint): void {
    const { deposit, rate: rateE12 } = purchase.quote
    this.#purchases.set(purchase.lease, { deposit, rateE12, purchase, voucher })
  }

  /** Forgets a deposit that its provider refused, or that nothing binding was sent for. */
  forget(lease: Hex): void {
    this.#purchases.delete(lease)
  }

  #sum(of: (one: PoolPurchase) => bigint): bigint {
    return [...this.#purchases.values()].reduce((sum, one) => sum + of(one), 0n)
  }
}

function committedOf(one: PoolPurchase): bigint {
  return one.purchase?.settled === true ? paidOf(one) : one.deposit
}

/** A lease that the escrow closed without ever having opened it cost nothing. */
function paidOf({ purchase, voucher }: PoolPurchase): bigint {
  if (purchase === null || (purchase.settled && purchase.opening === null)) return 0n
  const { agreement } = purchase
  return agreement !== null && agreement.peer !== null ? agreement.paid : voucher()
}

function isHeld({ purchase }: PoolPurchase): boolean {
  return purchase === null || (purchase.phase !== 'closed' && purchase.phase !== 'lost')
}

function tooDear(lacks: 'amount' | 'rate', needed: bigint, left: bigint): PoolError {
  const words = {
    amount: `expected at most ${left} base units for one more deposit, which is what the pool's budget has left, the lease takes ${needed}; raise --budget, or ask for shorter leases`,
    rate: `expected at most ${left} base units per hour for one more lease, which is what the pool's rate has left, it costs ${needed}; raise --max-rate`,
  }
  return new PoolError(words[lacks], { code: 'POOL_BUDGET', lacks, needed, left })
}
