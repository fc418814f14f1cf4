import { fromUtf8, type Hex, utf8 } from '@souk/protocol'
import type { Revert } from './revert.ts'

/** A call to send as a transaction. */
export interface TransactionRequest {
  /** What it is for, in a few words: stands in errors and histories. */
  readonly purpose: string
  /** The contract or account; null deploys `data`. */
  readonly to: Hex | null
  readonly data: Hex
  readonly valueWei?: bigint
  /** Names the intention: a second submit of the same id finds the first one, also after a restart. */
  readonly id?: string
  /** Names each intention that it carries, as a batch does several; see {@link TransactionSender.carried}. */
  readonly parts?: readonly string[]
  /** Gas limit; estimated by default. */
  readonly gas?: bigint
}

/** A signed transaction as the journal keeps it. */
export interface TransactionRow {
  readonly id: string
  readonly parts: readonly string[]
  readonly purpose: string
  readonly to: Hex | null
  readonly data: Hex
  readonly valueWei: bigint
  readonly gas: bigint
  readonly nonce: number
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Signed bytes, ready to broadcast. */
  readonly raw: Hex
  /** Every hash this row ever had, the current one last: a replaced one may still be mined. */
  readonly hashes: readonly [Hex, ...Hex[]]
  /** The receipt is deep enough never to change, or there will be none. */
  readonly final: boolean
  /** Why it will never be mined: its nonce went to another transaction, and the call would fail by now. */
  readonly refused: Revert | null
}

/** Returns the hash under which the row was broadcast last. */
export function currentHash(row: TransactionRow): Hex {
  return row.hashes.at(-1) ?? row.hashes[0]
}

/** Bigints travel through JSON as decimal strings; these fields hold them. */
const BIG = ['valueWei', 'gas', 'maxFeePerGas', 'maxPriorityFeePerGas'] as const

/** Writes a row for the journal. */
export function encodeRow(row: TransactionRow): Uint8Array {
  const plain = { ...row, ...Object.fromEntries(BIG.map((name) => [name, row[name].toString()])) }
  // Numbers inside a refusal are only ever shown.
  return utf8(JSON.stringify(plain, (_name, value) => (typeof value === 'bigint' ? `${value}` : value)))
}

/** Reads a row that {@link encodeRow} wrote. */
export function decodeRow(bytes: Uint8Array): TransactionRow {
  const plain = JSON.parse(fromUtf8(bytes))
  // Rows of earlier versions have no parts.
  return { parts: [], ...plain, ...Object.fromEntries(BIG.map((name) => [name, BigInt(plain[name])])) }
}
