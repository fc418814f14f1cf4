import { errorCode, type Hex } from '@souk/protocol'
import type { ChainLink } from '@souk/settlement'

/** Gas of one round of transactions for a lease, with room: an opening alone, and a close. */
const ROUND_GAS = 200_000n
/** Milliseconds for which coins and fees are believed. */
const GAS_AGE_MS = 10_000

/**
 * The native coins of the requester's key. A key without coins is fine: providers relay its openings and close its
 * leases. So what it cannot pay for is not tried.
 */
export class GasDesk {
  readonly #chain: Pick<ChainLink, 'reader' | 'rpc'>
  readonly #key: Hex
  readonly #clock: () => number
  #rounds: bigint | null = null
  #readAtMs = Number.NEGATIVE_INFINITY
  #pays = true
  #hasPaid = false

  constructor(chain: Pick<ChainLink, 'reader' | 'rpc'>, key: Hex, clock: () => number) {
    this.#chain = chain
    this.#key = key
    this.#clock = clock
  }

  /** Tells whether the key sends transactions; providers do where it does not. */
  get pays(): boolean {
    return this.#pays
  }

  /** Rounds of transactions that the coins pay for; null where the key never had coins since the start. */
  get roundsLeft(): bigint | null {
    return this.#hasPaid ? this.#rounds : null
  }

  /** Reads coins and fees unless that was done lately; what cannot be read stays as it was. */
  async read(): Promise<void> {
    if (this.#clock() - this.#readAtMs < GAS_AGE_MS) return
    this.#readAtMs = this.#clock()
    const { reader, rpc } = this.#chain
    const [wei, price] = await Promise.all([reader.nativeBalance(this.#key), rpc.request('eth_gasPrice', [])])
    // Twice the price: what a transaction may cost is more than what it costs.
    const roundWei = ROUND_GAS * 2n * BigInt(price as Hex)
    this.#rounds = roundWei === 0n ? null : wei / roundWei
    this.#pays = this.#rounds === null || this.#rounds > 0n
    if (this.#pays) this.#hasPaid = true
  }

  /** Takes a failed transaction: tells whether it failed for want of coins, and tries no more until there are some. */
  lacks(error: unknown): boolean {
    if (errorCode(error) !== 'NO_GAS_MONEY') return false
    this.#pays = false
    this.#readAtMs = this.#clock()
    return true
  }
}
