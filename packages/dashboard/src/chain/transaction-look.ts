import type { Hex } from '@souk/protocol'
import type { NetworkConfig, Rpc } from '@souk/settlement'
import type { Outcome, StoredTransaction } from '../state/stored-transaction.ts'
import { refusalSentence } from '../state/wallet-error.ts'
import { refusalOf } from './check-call.ts'

interface SeenTransaction {
  readonly from: Hex
  readonly to: Hex | null
  readonly input: Hex
  readonly nonce: Hex
}

/** Looks what became of a transaction; returns it with what is known now. */
export async function lookAtTransaction(
  rpc: Rpc,
  known: StoredTransaction,
  network: NetworkConfig,
  signal: AbortSignal,
): Promise<StoredTransaction> {
  const [seen, receipt, count] = (await Promise.all([
    rpc.request('eth_getTransactionByHash', [known.hash], { signal }),
    rpc.request('eth_getTransactionReceipt', [known.hash], { signal }),
    rpc.request('eth_getTransactionCount', [known.account, 'latest'], { signal }),
  ])) as [SeenTransaction | null, { status: Hex; blockNumber: Hex } | null, Hex]
  const nonce = seen === null ? known.nonce : Number(seen.nonce)
  if (receipt === null) {
    // Its number is used up, and not by itself: the wallet replaced it.
    const gone = seen === null && nonce !== null && Number(count) > nonce
    return { ...known, nonce, outcome: gone ? { state: 'replaced' } : { state: 'sent' } }
  }
  const block = Number(receipt.blockNumber)
  const outcome: Outcome =
    receipt.status === '0x1'
      ? { state: 'mined', block }
      : { state: 'failed', block, reason: await reasonOf(rpc, seen, block, network, signal) }
  return { ...known, nonce, outcome }
}

/** Asks for the reason upon the state before the block, then after it. */
async function reasonOf(
  rpc: Rpc,
  seen: SeenTransaction | null,
  block: number,
  network: NetworkConfig,
  signal: AbortSignal,
): Promise<string> {
  for (const at of seen === null ? [] : [block - 1, block]) {
    const call = { from: seen?.from ?? '0x', to: seen?.to ?? null, data: seen?.input ?? '0x' } as const
    const refusal = await refusalOf(rpc, call, `0x${at.toString(16)}`, signal)
    if (refusal !== null) return refusalSentence(refusal, network)
  }
  return 'the contract refused it and no reason could be found; it may have run out of gas'
}
