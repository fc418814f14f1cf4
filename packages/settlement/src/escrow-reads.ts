import type { Hex, Quote } from '@souk/protocol'
import { decodeFunctionResult, encodeFunctionData } from 'viem/utils'
import { devTokenAbi } from './generated/devToken.ts'
import { escrowAbi } from './generated/escrow.ts'
import type { TokenDomain } from './token-calls.ts'

/** Where a lease stands, in the order of the contract's enum. */
export const LEASE_STATUSES = ['none', 'open', 'ended', 'finalizable', 'closed'] as const
export type LeaseStatus = (typeof LEASE_STATUSES)[number]

/** What the chain knows of a lease; the rest is in its quote. */
export interface LeaseOnChain {
  readonly status: LeaseStatus
  /** Base units paid so far. */
  readonly paid: bigint
  readonly openBlock: number
  /** First block that no longer belongs to the lease; may lie ahead. */
  readonly endBlock: number
  /** Seconds counted for the pay cap. */
  readonly elapsedSeconds: number
  readonly downSlots: number
  readonly stopped: boolean
  readonly seized: boolean
  readonly providerCharged: boolean
  readonly requesterCharged: boolean
}

/** What an account lets a key lock. */
export interface DelegateOnChain {
  /** Base units. */
  readonly limit: bigint
  /** Base units locked and not got back. */
  readonly inUse: bigint
  /** Unix seconds, exclusive; 0 where never set. */
  readonly expiry: number
}

/** The escrow's immutables. */
export interface EscrowConstants {
  readonly token: Hex
  /** The zero address where there is no court. */
  readonly court: Hex
  readonly settleBlocks: number
}

/** One view call: what to send, and how to read what comes back. */
export interface Read<R> {
  readonly data: Hex
  readonly decode: (result: Hex) => R
}

/** The views of the escrow. */
export const escrowReads = {
  token: (): Read<Hex> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'token' }),
    decode: (data) => lower(decodeFunctionResult({ abi: escrowAbi, functionName: 'token', data })),
  }),
  court: (): Read<Hex> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'court' }),
    decode: (data) => lower(decodeFunctionResult({ abi: escrowAbi, functionName: 'court', data })),
  }),
  settle: (): Read<number> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'SETTLE' }),
    decode: (data) => decodeFunctionResult({ abi: escrowAbi, functionName: 'SETTLE', data }),
  }),
  burned: (): Read<bigint> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'burned' }),
    decode: (data) => decodeFunctionResult({ abi: escrowAbi, functionName: 'burned', data }),
  }),
  balance: (account: Hex): Read<bigint> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'balanceOf', args: [account] }),
    decode: (data) => decodeFunctionResult({ abi: escrowAbi, functionName: 'balanceOf', data }),
  }),
  delegate: (account: Hex, key: Hex): Read<DelegateOnChain> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'delegateOf', args: [account, key] }),
    decode: (data) => {
      const [limit, inUse, expiry] = decodeFunctionResult({
        abi: escrowAbi,
        functionName: 'delegateOf',
        data,
      })
      return { limit, inUse, expiry }
    },
  }),
  leaseState: (lease: Hex): Read<LeaseOnChain> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'leaseState', args: [lease] }),
    decode: (data) => {
      const state = decodeFunctionResult({ abi: escrowAbi, functionName: 'leaseState', data })
      const { elapsed, status, ...rest } = state
      return { ...rest, elapsedSeconds: elapsed, status: LEASE_STATUSES[status] ?? 'none' }
    },
  }),
  payCap: (quote: Quote): Read<bigint> => ({
    data: encodeFunctionData({ abi: escrowAbi, functionName: 'payCap', args: [quote] }),
    decode: (data) => decodeFunctionResult({ abi: escrowAbi, functionName: 'payCap', data }),
  }),
} as const

/** The views of the token. */
export const tokenReads = {
  balance: (account: Hex): Read<bigint> => ({
    data: encodeFunctionData({ abi: devTokenAbi, functionName: 'balanceOf', args: [account] }),
    decode: (data) => decodeFunctionResult({ abi: devTokenAbi, functionName: 'balanceOf', data }),
  }),
  allowance: (owner: Hex, spender: Hex): Read<bigint> => ({
    data: encodeFunctionData({ abi: devTokenAbi, functionName: 'allowance', args: [owner, spender] }),
    decode: (data) => decodeFunctionResult({ abi: devTokenAbi, functionName: 'allowance', data }),
  }),
  supply: (): Read<bigint> => ({
    data: encodeFunctionData({ abi: devTokenAbi, functionName: 'totalSupply' }),
    decode: (data) => decodeFunctionResult({ abi: devTokenAbi, functionName: 'totalSupply', data }),
  }),
  nonce: (owner: Hex): Read<bigint> => ({
    data: encodeFunctionData({ abi: devTokenAbi, functionName: 'nonces', args: [owner] }),
    decode: (data) => decodeFunctionResult({ abi: devTokenAbi, functionName: 'nonces', data }),
  }),
  domain: (): Read<TokenDomain> => ({
    data: encodeFunctionData({ abi: devTokenAbi, functionName: 'eip712Domain' }),
    decode: (data) => {
      const fields = decodeFunctionResult({ abi: devTokenAbi, functionName: 'eip712Domain', data })
      const [, name, version, chainId, verifyingContract] = fields
      return { name, version, chainId: Number(chainId), verifyingContract }
    },
  }),
} as const

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}
