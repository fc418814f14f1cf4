import type { Shortage } from '@souk/engine'
import { type Hex, SoukError } from '@souk/protocol'
import { type Funds, lockableFunds, NO_FUNDS, shortageOf } from './funds.ts'

/** Balance, limit or life of the key do not cover another deposit; amounts in base units. */
export class BudgetError extends SoukError<{ code: 'NOT_ENOUGH_BALANCE' } & Shortage> {}

/** What the account can still lock: what the chain shows less what is promised and not opened yet. */
export class Budget {
  #funds = NO_FUNDS
  readonly #reserved = new Map<Hex, bigint>()

  /** Takes over what the chain shows. */
  update(funds: Funds): void {
    this.#funds = funds
  }

  /** What the chain showed last. */
  get funds(): Funds {
    return this.#funds
  }

  /** Base units promised to leases that are not open yet. */
  get reserved(): bigint {
    return [...this.#reserved.values()].reduce((sum, deposit) => sum + deposit, 0n)
  }

  /** Base units that no lease waits for. */
  get available(): bigint {
    return lockableFunds(this.#funds) - this.reserved
  }

  /** Returns why a deposit could not be set aside now; null where it could. */
  shortage(deposit: bigint): Shortage | null {
    return shortageOf(this.#funds, this.reserved, deposit)
  }

  /** Sets a deposit aside; throws {@link BudgetError}. */
  reserve(lease: Hex, deposit: bigint): void {
    const shortage = this.shortage(deposit)
    if (shortage !== null) throw budgetError(shortage)
    this.#reserved.set(lease, deposit)
  }

  /** Forgets a deposit: it is locked on chain now, or will never be. */
  unreserve(lease: Hex): void {
    this.#reserved.delete(lease)
  }
}

/** Says what binds and what to do about it. */
export function budgetError(shortage: Shortage): BudgetError {
  const { lacks, needed, available } = shortage
  const words = {
    balance: `expected ${needed} base units free for a deposit, ${available} are left; deposit more, or ask for less`,
    limit: `expected a key that may lock ${needed} base units more, its limit leaves ${available}; raise its limit, or ask for less`,
    expiry: `expected a key that may lock ${needed} base units, it is not authorised or has expired; authorise it again`,
  }
  return new BudgetError(words[lacks], { code: 'NOT_ENOUGH_BALANCE', ...shortage })
}
