import { type Hex, signDigest } from '@souk/protocol'
import { keccak256, serializeTransaction } from 'viem/utils'
import type { Fees } from './fees.ts'
import { splitSignature } from './split-signature.ts'
import type { TransactionRow } from './transaction-row.ts'

/** What a transaction says before its fees are known. */
export type Unsigned = Pick<TransactionRow, 'to' | 'data' | 'valueWei' | 'gas' | 'nonce'>

/** Signs an EIP-1559 transaction; returns its bytes and its hash. */
export function signTransaction(
  key: Uint8Array,
  chainId: number,
  { to, valueWei, ...rest }: Unsigned,
  fees: Fees,
): { raw: Hex; hash: Hex } {
  const unsigned = {
    type: 'eip1559' as const,
    chainId,
    value: valueWei,
    data: rest.data,
    gas: rest.gas,
    nonce: rest.nonce,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    ...(to === null ? {} : { to }),
  }
  const signature = splitSignature(signDigest(key, keccak256(serializeTransaction(unsigned))))
  const raw = serializeTransaction(unsigned, signature)
  return { raw, hash: keccak256(raw) }
}
