import { type Hex, SoukError } from '@souk/protocol'

/** The account's free balance does not cover another deposit. */
export class BudgetError extends SoukError<{
  code: 'NOT_ENOUGH_BALANCE'
  needed: bigint
  available: bigint
}> {}

/** What the account can still lock: the chain's balance less what is promised and not opened yet. */
export class Budget {
  #balance = 0n
  readonly #reserved = new Map<Hex, bigint>()

  /** Takes over what the chain shows: the smaller of free balance and the delegate's limit, in base units. */
  update(balance: bigint): void {
    this.#balance = balance
  }

  /** Base units that no lease waits for. */
  get available(): bigint {
    return [...this.#reserved.values()].reduce((left, deposit) => left - deposit, this.#balance)
  }

  /** Sets a deposit aside; throws {@link BudgetError}. */
  reserve(lease: Hex, deposit: bigint): void {
    const { available } = this
    if (deposit > available) {
      throw new BudgetError(
        `expected ${deposit} base units free for a deposit, ${available} are left; deposit more, or ask for less`,
        { code: 'NOT_ENOUGH_BALANCE', needed: deposit, available },
      )
    }
    this.#reserved.set(lease, deposit)
  }

  /** Forgets a deposit: it is locked on chain now, or will never be. */
  unreserve(lease: Hex): void {
    this.#reserved.delete(lease)
  }
}
