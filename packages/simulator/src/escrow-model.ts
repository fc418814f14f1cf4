import { type ChainLease, type Opening, owed } from '@souk/engine'
import { assert, type Hex, type Quote } from '@souk/protocol'

/** A lease as the escrow has it; `quote` is what the contract hashes. */
export interface EscrowLease {
  readonly quote: Quote
  readonly opened: Opening
  readonly paid: bigint
  /** First block that no longer belongs to it. */
  readonly endBlock: number
  /** Seconds at which the requester stopped its clock. */
  readonly stoppedSeconds: number | null
  readonly isClosed: boolean
}

/** A transaction to the escrow. */
export type EscrowCall =
  | { readonly call: 'open'; readonly lease: Hex; readonly quote: Quote }
  | { readonly call: 'redeem'; readonly lease: Hex; readonly cumulative: bigint }
  | { readonly call: 'startClose'; readonly lease: Hex; readonly byRequester: boolean }
  | { readonly call: 'finalize'; readonly lease: Hex }
  | { readonly call: 'closeCooperative'; readonly lease: Hex; readonly paid: bigint }

/** The block that a transaction is in. */
export type InBlock = Opening

/** A slow copy of the escrow's rules (contracts/src/Escrow.sol), without signatures, delegates and courts. */
export class EscrowModel {
  readonly balances: Map<Hex, bigint>
  readonly leases: Map<Hex, EscrowLease>
  readonly #settleBlocks: number

  constructor(
    settleBlocks: number,
    balances: ReadonlyMap<Hex, bigint>,
    leases: ReadonlyMap<Hex, EscrowLease> = new Map(),
  ) {
    this.#settleBlocks = settleBlocks
    this.balances = new Map(balances)
    this.leases = new Map(leases)
  }

  /** Returns the same escrow, to go its own way. */
  copy(): EscrowModel {
    return new EscrowModel(this.#settleBlocks, this.balances, this.leases)
  }

  /** Carries out a call in a block; false where the contract reverts. */
  apply(call: EscrowCall, at: InBlock): boolean {
    if (call.call === 'open') return this.#open(call.lease, call.quote, at)
    const lease = this.leases.get(call.lease)
    if (lease === undefined || lease.isClosed) return false
    switch (call.call) {
      case 'redeem':
        return this.#redeem(call.lease, lease, call.cumulative, at)
      case 'startClose':
        return this.#startClose(call.lease, lease, call.byRequester, at)
      case 'finalize':
        if (at.block < lease.endBlock + this.#settleBlocks) return false
        this.#settle(call.lease, lease, 0n)
        return true
      case 'closeCooperative':
        if (call.paid < lease.paid || call.paid > cap(lease, at)) return false
        this.#settle(call.lease, { ...lease, paid: call.paid }, call.paid - lease.paid)
        return true
    }
  }

  /** Returns what `leaseState` answers. */
  look(id: Hex, at: InBlock): ChainLease {
    const lease = this.leases.get(id)
    if (lease === undefined) return { status: 'none', paid: 0n, elapsedSeconds: 0 }
    const { endBlock, paid } = lease
    const isEnded = at.block < endBlock + this.#settleBlocks ? 'ended' : 'finalizable'
    const status = lease.isClosed ? 'closed' : at.block < endBlock ? 'open' : isEnded
    return { status, paid, elapsedSeconds: elapsed(lease, at) }
  }

  /** Returns all the money there is: balances, and what leases have locked and not paid. */
  get total(): bigint {
    const locked = [...this.leases.values()].flatMap(({ isClosed, quote, paid }) =>
      isClosed ? [] : [quote.deposit + quote.bond + quote.resultBond - paid],
    )
    return [...this.balances.values(), ...locked].reduce((sum, amount) => sum + amount, 0n)
  }

  #open(id: Hex, quote: Quote, at: InBlock): boolean {
    const bonds = quote.bond + quote.resultBond
    const isLate = at.timestampSeconds >= quote.openBefore
    if (this.leases.has(id) || isLate || quote.provider === quote.requester) return false
    if (this.#balance(quote.provider) < bonds || this.#balance(quote.requester) < quote.deposit) return false
    this.#credit(quote.provider, -bonds)
    this.#credit(quote.requester, -quote.deposit)
    const endBlock = at.block + quote.blocks
    this.leases.set(id, { quote, opened: at, paid: 0n, endBlock, stoppedSeconds: null, isClosed: false })
    return true
  }

  #redeem(id: Hex, lease: EscrowLease, cumulative: bigint, at: InBlock): boolean {
    const most = cap(lease, at)
    const paid = cumulative < most ? cumulative : most
    if (paid <= lease.paid) return true
    this.leases.set(id, { ...lease, paid })
    this.#credit(lease.quote.provider, paid - lease.paid)
    return true
  }

  #startClose(id: Hex, lease: EscrowLease, byRequester: boolean, at: InBlock): boolean {
    const end = byRequester ? at.block : at.block + lease.quote.notice
    if (byRequester ? lease.stoppedSeconds !== null : end >= lease.endBlock) return false
    const stoppedSeconds = byRequester ? elapsed(lease, at) : lease.stoppedSeconds
    this.leases.set(id, { ...lease, stoppedSeconds, endBlock: Math.min(end, lease.endBlock) })
    return true
  }

  #settle(id: Hex, lease: EscrowLease, rest: bigint): void {
    const { quote, paid } = lease
    this.leases.set(id, { ...lease, isClosed: true })
    this.#credit(quote.requester, quote.deposit - paid)
    this.#credit(quote.provider, quote.bond + quote.resultBond + rest)
  }

  #balance(account: Hex): bigint {
    return this.balances.get(account) ?? 0n
  }

  #credit(account: Hex, amount: bigint): void {
    const balance = this.#balance(account) + amount
    assert(balance >= 0n, 'the escrow checks a balance before it takes from it')
    this.balances.set(account, balance)
  }
}

function elapsed({ opened, stoppedSeconds }: EscrowLease, at: InBlock): number {
  return stoppedSeconds ?? at.timestampSeconds - opened.timestampSeconds
}

/** What may have been paid by now, rounded down. */
function cap(lease: EscrowLease, at: InBlock): bigint {
  const { quote } = lease
  const most = owed(quote, (elapsed(lease, at) + quote.prepay) * 1_000)
  return most < quote.deposit ? most : quote.deposit
}
