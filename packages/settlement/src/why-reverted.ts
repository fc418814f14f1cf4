import type { Hex } from '@souk/protocol'
import { callObject, isRevert } from './prepare-transaction.ts'
import type { Receipt } from './receipt.ts'
import { decodeRevert, type Revert } from './revert.ts'
import type { Rpc } from './rpc.ts'
import type { TransactionRow } from './transaction-row.ts'

/** Asks the chain for the reason of a failed transaction, upon the state before its block and after it. */
export async function whyReverted(
  rpc: Rpc,
  from: Hex,
  row: TransactionRow,
  receipt: Receipt,
  signal?: AbortSignal,
): Promise<Revert> {
  const options = signal === undefined ? {} : { signal }
  for (const block of [receipt.block - 1, receipt.block]) {
    try {
      await rpc.request('eth_call', [callObject(from, row), `0x${block.toString(16)}`], options)
    } catch (error) {
      if (isRevert(error)) return decodeRevert(error.data.revertData)
      signal?.throwIfAborted()
    }
  }
  return { error: 'unknown', args: { gasUsed: receipt.gasUsed, gasLimit: row.gas } }
}
