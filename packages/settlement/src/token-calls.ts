import { type Hex, signDigest } from '@souk/protocol'
import { encodeFunctionData, hashTypedData } from 'viem/utils'
import type { PermitDeposit } from './escrow-calls.ts'
import { devTokenAbi } from './generated/devToken.ts'
import { splitSignature } from './split-signature.ts'

/** Calldata for the calls of an ERC-20 token. */
export const tokenData = {
  /** Encodes a transfer of `amount` base units. */
  transfer(to: Hex, amount: bigint): Hex {
    return encodeFunctionData({ abi: devTokenAbi, functionName: 'transfer', args: [to, amount] })
  },
  /** Encodes the permission for `spender` to take `amount` base units. */
  approve(spender: Hex, amount: bigint): Hex {
    return encodeFunctionData({ abi: devTokenAbi, functionName: 'approve', args: [spender, amount] })
  },
} as const

/** The EIP-712 domain of a token, as its `eip712Domain()` (ERC-5267) tells it. */
export interface TokenDomain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: Hex
}

export interface PermitTerms {
  readonly domain: TokenDomain
  readonly owner: Hex
  readonly spender: Hex
  /** Base units. */
  readonly amount: bigint
  /** The owner's permit counter at the token. */
  readonly nonce: bigint
  /** Unix seconds. */
  readonly deadline: bigint
}

const PERMIT = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
] as const

/** Signs an ERC-2612 permit with the owner's key; returns it ready for `depositWithPermit`. */
export function signPermit(privateKey: Uint8Array, terms: PermitTerms): PermitDeposit {
  const { domain, amount, deadline, owner, spender, nonce } = terms
  const digest = hashTypedData({
    domain,
    types: { Permit: PERMIT },
    primaryType: 'Permit',
    message: { owner, spender, value: amount, nonce, deadline },
  })
  const { r, s, yParity } = splitSignature(signDigest(privateKey, digest))
  return { amount, deadline, v: 27 + yParity, r, s }
}
