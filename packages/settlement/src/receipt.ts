import type { Hex } from '@souk/protocol'
import type { RawLog } from './escrow-events.ts'
import type { Rpc } from './rpc.ts'

/** What became of a mined transaction. */
export interface Receipt {
  readonly hash: Hex
  readonly block: number
  readonly blockHash: Hex
  readonly ok: boolean
  readonly gasUsed: bigint
  /** Wei. */
  readonly gasPrice: bigint
  readonly contractAddress: Hex | null
  readonly logs: readonly RawLog[]
}

interface RawReceipt {
  transactionHash: Hex
  blockNumber: Hex
  blockHash: Hex
  status: Hex
  gasUsed: Hex
  effectiveGasPrice: Hex
  contractAddress: Hex | null
  logs: RawLog[]
}

/** Returns the receipt of `hash`, null while it is not mined. */
export async function readReceipt(rpc: Rpc, hash: Hex, signal?: AbortSignal): Promise<Receipt | null> {
  const options = signal === undefined ? {} : { signal }
  const raw = (await rpc.request('eth_getTransactionReceipt', [hash], options)) as RawReceipt | null
  if (raw === null) return null
  return {
    hash: raw.transactionHash,
    block: Number(raw.blockNumber),
    blockHash: raw.blockHash,
    ok: raw.status === '0x1',
    gasUsed: BigInt(raw.gasUsed),
    gasPrice: BigInt(raw.effectiveGasPrice),
    contractAddress: raw.contractAddress,
    logs: raw.logs,
  }
}
