import type { Hex, Quote, Voucher } from '@souk/protocol'
import { encodeFunctionData } from 'viem/utils'
import { courtAbi } from './generated/court.ts'

/** One seat's compact signature (EIP-2098) under a vote. */
export interface SeatSignature {
  readonly seat: number
  readonly signature: Hex
}

/** One seat's vote on the slots of an epoch: seen in bits 16 to 31, up in bits 0 to 15. */
export interface SeatMaps extends SeatSignature {
  readonly maps: number
}

/** Proof that a provider committed to one result: its place in a signed batch. */
export interface ResultProof {
  readonly index: number
  /** Leaves of the batch. */
  readonly size: number
  readonly path: readonly Hex[]
  readonly signature: Hex
}

/** One signed value, for proving that a key signed two. */
export interface SignedValue {
  readonly value: Hex
  readonly signature: Hex
}

/** Calldata for every call of the court. */
export const courtData = {
  /** Encodes a key's place in the table after next; `consent` only matters the first time. */
  enrol(key: Hex, consent: Hex = '0x'): Hex {
    return encodeFunctionData({ abi: courtAbi, functionName: 'enrol', args: [key, consent] })
  },
  /** Encodes the token's permit for what the same multicall brings to the court. */
  permit({ amount, deadline, v, r, s }: PermitParts): Hex {
    return encodeFunctionData({ abi: courtAbi, functionName: 'permit', args: [amount, deadline, v, r, s] })
  },
  /** Encodes the return of a stake. */
  leave(key: Hex, to: Hex): Hex {
    return encodeFunctionData({ abi: courtAbi, functionName: 'leave', args: [key, to] })
  },
  /** Encodes the burning of the stake of a key that signed two values for one subject. */
  slash(subject: Hex, first: SignedValue, second: SignedValue): Hex {
    const args = [subject, first.value, first.signature, second.value, second.signature] as const
    return encodeFunctionData({ abi: courtAbi, functionName: 'slash', args })
  },
  /** Encodes the removal of a dead key from the table that is being formed. */
  evict(key: Hex, epoch: number, votes: readonly SeatMaps[]): Hex {
    const args = [key, BigInt(epoch), votes.map(seatVote)] as const
    return encodeFunctionData({ abi: courtAbi, functionName: 'evict', args })
  },
  /** Encodes a report of downtime by the votes of seats in rising order. */
  reportDowntime(quote: Quote, epoch: number, votes: readonly SeatMaps[]): Hex {
    const args = [quote, BigInt(epoch), votes.map(seatVote)] as const
    return encodeFunctionData({ abi: courtAbi, functionName: 'reportDowntime', args })
  },
  /** Encodes the striking of slots that a voucher acknowledges. */
  refuteDowntime(quote: Quote, epoch: number, voucher: Voucher, signature: Hex): Hex {
    const args = [quote, BigInt(epoch), voucher, signature] as const
    return encodeFunctionData({ abi: courtAbi, functionName: 'refuteDowntime', args })
  },
  /** Encodes the challenge of one result. */
  challenge(quote: Quote, task: Hex, output: Hex, proof: ResultProof): Hex {
    return encodeFunctionData({
      abi: courtAbi,
      functionName: 'challenge',
      args: [quote, task, output, proof],
    })
  },
  /** Encodes a verdict by the ballots of seats in rising order. */
  resolve(quote: Quote, task: Hex, output: Hex, verdict: Hex, ballots: readonly SeatSignature[]): Hex {
    const signed = ballots.map(({ seat, signature }) => ({ seat, ...halves(signature) }))
    const args = [quote, task, output, verdict, signed] as const
    return encodeFunctionData({ abi: courtAbi, functionName: 'resolve', args })
  },
  /** Encodes the end of a dispute that no jury decided in time. */
  lapse(quote: Quote, task: Hex, output: Hex): Hex {
    return encodeFunctionData({ abi: courtAbi, functionName: 'lapse', args: [quote, task, output] })
  },
  /** Encodes several of these calls as one, all or none. */
  multicall(calls: readonly Hex[]): Hex {
    return encodeFunctionData({ abi: courtAbi, functionName: 'multicall', args: [calls] })
  },
} as const

/** An ERC-2612 permit; `deadline` in unix seconds, `amount` in base units. */
export interface PermitParts {
  readonly amount: bigint
  readonly deadline: bigint
  readonly v: number
  readonly r: Hex
  readonly s: Hex
}

function seatVote({ seat, maps, signature }: SeatMaps) {
  return { seat, maps, ...halves(signature) }
}

/** Splits a compact signature into its two words. */
function halves(signature: Hex): { r: Hex; vs: Hex } {
  return { r: signature.slice(0, 66) as Hex, vs: `0x${signature.slice(66)}` }
}
