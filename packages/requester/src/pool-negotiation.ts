import type { NegotiationServices } from './negotiate.ts'
import type { PoolMoney } from './pool-money.ts'

/**
 * Returns how leases are bought within a pool's budget: what is over it is refused, with `PoolError`, before anything is
 * promised.
 */
export function withinBudget(money: PoolMoney, services: NegotiationServices): NegotiationServices {
  return {
    ...services,
    reserve(lease, deposit, rateE12) {
      money.reserve(lease, deposit, rateE12)
      try {
        services.reserve(lease, deposit, rateE12)
      } catch (error) {
        money.forget(lease)
        throw error
      }
    },
    began(runner) {
      money.know(runner.state.purchase, () => runner.state.voucher?.cumulative ?? 0n)
      services.began(runner)
    },
    unreserve(lease) {
      // Its provider refused: it will never be opened.
      money.forget(lease)
      services.unreserve(lease)
    },
  }
}
