import type { Hex } from '@souk/protocol'
import { ChainError, decodeRevert, type Revert, type Rpc, revertedError } from '@souk/settlement'
import type { ChainTools, EscrowCall } from './tools.ts'

/** Tries a call upon the newest state; throws `CONTRACT_REVERTED` with the contract's reason where it would fail. */
export async function checkCall({ rpc }: ChainTools, from: Hex, call: EscrowCall): Promise<void> {
  const refusal = await refusalOf(rpc, { ...call, from }, 'latest')
  if (refusal !== null) throw revertedError(call.purpose, refusal, null)
}

/** Returns why the contract refuses a call at a block, `null` where it does not. */
export async function refusalOf(
  rpc: Rpc,
  { from, to, data }: { from: Hex; to: Hex | null; data: Hex },
  block: Hex | 'latest',
  signal?: AbortSignal,
): Promise<Revert | null> {
  try {
    await rpc.request('eth_call', [{ from, to, data }, block], signal === undefined ? {} : { signal })
    return null
  } catch (error) {
    if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') throw error
    const { reason, revertData } = error.data
    if (revertData === null && !/revert/i.test(reason)) throw error
    return decodeRevert(revertData)
  }
}
