import { concatHex, hashStruct, keccak256 } from 'viem/utils'
import type { Hex } from './bytes.ts'
import type { NetworkId } from './network-id.ts'
import { oncePerObject } from './once-per-object.ts'

/** Every struct that is signed with an EVM key (PROTOCOL §10, PROTOCOL §4). Field order is the contract's. */
export const TYPES = {
  Quote: [
    { name: 'provider', type: 'address' },
    { name: 'requester', type: 'address' },
    { name: 'resultSigner', type: 'address' },
    { name: 'voucherSigner', type: 'address' },
    { name: 'rate', type: 'uint128' },
    { name: 'startFee', type: 'uint96' },
    { name: 'deposit', type: 'uint96' },
    { name: 'bond', type: 'uint96' },
    { name: 'resultBond', type: 'uint96' },
    { name: 'slotPenalty', type: 'uint96' },
    { name: 'openBefore', type: 'uint40' },
    { name: 'blocks', type: 'uint32' },
    { name: 'notice', type: 'uint32' },
    { name: 'prepay', type: 'uint32' },
    { name: 'terms', type: 'bytes32' },
    { name: 'salt', type: 'bytes32' },
  ],
  Open: [{ name: 'lease', type: 'bytes32' }],
  Close: [
    { name: 'lease', type: 'bytes32' },
    { name: 'paid', type: 'uint96' },
  ],
  ResultBatch: [
    { name: 'lease', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
  ],
  Voucher: [
    { name: 'lease', type: 'bytes32' },
    { name: 'cumulative', type: 'uint96' },
    { name: 'ackFrom', type: 'uint40' },
    { name: 'ackUntil', type: 'uint40' },
  ],
  PeerBinding: [
    { name: 'peerId', type: 'string' },
    { name: 'account', type: 'address' },
    { name: 'expires', type: 'uint40' },
  ],
  Ending: [
    { name: 'lease', type: 'bytes32' },
    { name: 'code', type: 'string' },
  ],
} as const

/** The lease key's signed reason for an ending that a peer chose; off chain only. */
export interface Ending {
  readonly lease: Hex
  readonly code: string
}

/** One lease's terms as the escrow knows them. Its EIP-712 digest is the lease's name. */
export interface Quote {
  readonly provider: Hex
  readonly requester: Hex
  /** The provider process's delegate: signs results, is the court's subject. */
  readonly resultSigner: Hex
  /** The requester's delegate: signs vouchers. */
  readonly voucherSigner: Hex
  /** Base units × 1e12 per second. */
  readonly rate: bigint
  /** Base units. */
  readonly startFee: bigint
  readonly deposit: bigint
  readonly bond: bigint
  readonly resultBond: bigint
  readonly slotPenalty: bigint
  /** Unix seconds. */
  readonly openBefore: number
  /** Length of the lease in blocks. */
  readonly blocks: number
  /** Blocks between the provider's `startClose` and the end. */
  readonly notice: number
  /** Seconds of service that may be paid ahead. */
  readonly prepay: number
  /** Digest of the {@link Terms}. */
  readonly terms: Hex
  readonly salt: Hex
}

/** The requester's cumulative payment and countersignature of service in blocks `[ackFrom, ackUntil)`. */
export interface Voucher {
  readonly lease: Hex
  readonly cumulative: bigint
  readonly ackFrom: number
  readonly ackUntil: number
}

/** Both lease keys' agreement to end the lease at `paid` base units. */
export interface Close {
  readonly lease: Hex
  readonly paid: bigint
}

/** The provider's commitment to a Merkle tree of results. */
export interface ResultBatch {
  readonly lease: Hex
  readonly root: Hex
}

/** The delegate's statement that a libp2p peer sells for an account; off chain only. */
export interface PeerBinding {
  readonly peerId: string
  readonly account: Hex
  /** Unix seconds. */
  readonly expires: number
}

/** The structs by name. */
export interface Structs {
  Quote: Quote
  Open: { readonly lease: Hex }
  Close: Close
  ResultBatch: ResultBatch
  Voucher: Voucher
  PeerBinding: PeerBinding
  Ending: Ending
}

/** Returns the EIP-712 digest that is signed for `message` on `network`. A quote is not changed once it has one. */
export function structDigest<T extends keyof Structs>(network: NetworkId, type: T, message: Structs[T]): Hex {
  return type === 'Quote' ? quotesOf(network)(message as Quote) : hashOf(network, type, message)
}

/** The digests of quotes: each is the name of a lease, and is signed and checked as well. */
const quotesOf = oncePerObject((network: NetworkId) =>
  oncePerObject((quote: Quote) => hashOf(network, 'Quote', quote)),
)

function hashOf<T extends keyof Structs>(network: NetworkId, type: T, message: Structs[T]): Hex {
  const struct = hashStruct({ data: message, primaryType: type, types: TYPES } as unknown as HashStruct)
  return keccak256(concatHex(['0x1901', domainOf(network), struct]))
}

type HashStruct = Parameters<typeof hashStruct>[0]

const DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]

/** Returns the domain separator; the same for everything that is signed on a network. */
const domainOf = oncePerObject(({ chainId, escrow }: NetworkId): Hex => {
  const data = { name: 'Souk Escrow', version: '1', chainId, verifyingContract: escrow }
  return hashStruct({ data, primaryType: 'EIP712Domain', types: { EIP712Domain: DOMAIN } } as HashStruct)
})

/** Returns the name of the lease that `quote` opens: its EIP-712 digest. */
export function leaseOf(network: NetworkId, quote: Quote): Hex {
  return structDigest(network, 'Quote', quote)
}
