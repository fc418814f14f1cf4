import { ChainError } from './errors.ts'
import type { Rpc } from './rpc.ts'
import type { TransactionRow } from './transaction-row.ts'

/**
 * How a node took a transaction: `accepted` (also when it knew it already), `spent` (its nonce is used),
 * `underpriced`, or the node's error for anything else.
 */
export type Broadcast = 'accepted' | 'spent' | 'underpriced' | ChainError

// Nodes agree on no error codes here, only roughly on words.
const KNOWN = /already known|already imported|known transaction|alreadyexists/i
const SPENT = /nonce too low|nonce.*already|invalid nonce/i
const UNDERPRICED = /underpriced|less than block base fee|max fee per gas|gas price too low|fee too low/i

/** Sends the signed bytes of a row; sending them again is harmless. Throws `RPC_UNAVAILABLE` and the like. */
export async function broadcast(rpc: Rpc, row: TransactionRow, signal?: AbortSignal): Promise<Broadcast> {
  try {
    await rpc.request('eth_sendRawTransaction', [row.raw], signal === undefined ? {} : { signal })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') throw error
    return classify(error, error.data.reason)
  }
}

function classify(error: ChainError, reason: string): Broadcast {
  if (KNOWN.test(reason)) return 'accepted'
  if (SPENT.test(reason)) return 'spent'
  return UNDERPRICED.test(reason) ? 'underpriced' : error
}
