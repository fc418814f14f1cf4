import type { Hex, Quote, Voucher } from '@souk/protocol'
import { encodeFunctionData } from 'viem/utils'
import { escrowAbi } from './generated/escrow.ts'

/** One lease to open; an empty requester signature (`0x`) means that the sender stands for that side. */
export interface Opening {
  readonly quote: Quote
  /** Compact (64 bytes), or what a contract account takes; the same holds for the requester's. */
  readonly providerSignature: Hex
  readonly requesterSignature: Hex
}

/** One voucher to redeem. */
export interface Redemption {
  readonly quote: Quote
  readonly voucher: Voucher
  readonly signature: Hex
}

/** A deposit whose allowance comes with it, by ERC-2612. */
export interface PermitDeposit {
  /** Base units. */
  readonly amount: bigint
  /** Unix seconds. */
  readonly deadline: bigint
  readonly v: number
  readonly r: Hex
  readonly s: Hex
}

/** What an account lets one of its hot keys lock. */
export interface DelegateTerms {
  readonly key: Hex
  /** Base units, at most 96 bits. */
  readonly limit: bigint
  /** Unix seconds, exclusive; 0 revokes. */
  readonly expiry: number
}

/** Calldata for every call of the escrow: data to journal, batch, relay and send. */
export const escrowData = {
  /** Encodes the opening of one lease. */
  open(opening: Opening): Hex {
    const args = [opening.quote, opening.providerSignature, opening.requesterSignature] as const
    return encodeFunctionData({ abi: escrowAbi, functionName: 'open', args })
  },
  /** Encodes the opening of several leases; the escrow skips those that fail. */
  openMany(openings: readonly Opening[]): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'openMany', args: [openings] })
  },
  /** Encodes the redeeming of one voucher. */
  redeem({ quote, voucher, signature }: Redemption): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'redeem', args: [quote, voucher, signature] })
  },
  /** Encodes the redeeming of several vouchers; the escrow skips those that are bad. */
  redeemMany(redemptions: readonly Redemption[]): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'redeemMany', args: [redemptions] })
  },
  /** Encodes one side's wish to end a lease. */
  startClose(quote: Quote): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'startClose', args: [quote] })
  },
  /** Encodes the settling of a lease that ended SETTLE blocks ago. */
  finalize(quote: Quote): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'finalize', args: [quote] })
  },
  /** Encodes the settling of a lease at `paid` base units, by both lease keys' signatures over `Close`. */
  closeCooperative(quote: Quote, paid: bigint, providerSignature: Hex, requesterSignature: Hex): Hex {
    const args = [quote, paid, providerSignature, requesterSignature] as const
    return encodeFunctionData({ abi: escrowAbi, functionName: 'closeCooperative', args })
  },
  /** Encodes a deposit of `amount` base units that were approved before. */
  deposit(amount: bigint): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'deposit', args: [amount] })
  },
  /** Encodes a deposit with its permit. */
  depositWithPermit({ amount, deadline, v, r, s }: PermitDeposit): Hex {
    const args = [amount, deadline, v, r, s] as const
    return encodeFunctionData({ abi: escrowAbi, functionName: 'depositWithPermit', args })
  },
  /** Encodes a withdrawal of `amount` base units from the sender's free balance to `to`. */
  withdraw(to: Hex, amount: bigint): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'withdraw', args: [to, amount] })
  },
  /** Encodes a payment of `amount` base units between two ledger balances. */
  moveTo(to: Hex, amount: bigint): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'moveTo', args: [to, amount] })
  },
  /** Encodes the authorisation of a hot key. */
  setDelegate({ key, limit, expiry }: DelegateTerms): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'setDelegate', args: [key, limit, expiry] })
  },
  /** Encodes several of these calls as one, all or none. */
  multicall(calls: readonly Hex[]): Hex {
    return encodeFunctionData({ abi: escrowAbi, functionName: 'multicall', args: [calls] })
  },
} as const
