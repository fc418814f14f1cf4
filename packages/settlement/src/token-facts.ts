import type { Hex } from '@souk/protocol'
import { decodeFunctionResult, encodeFunctionData } from 'viem/utils'
import { devTokenAbi } from './generated/devToken.ts'
import type { Rpc } from './rpc.ts'

/** How a token writes its amounts. */
export interface TokenFacts {
  readonly symbol: string
  readonly decimals: number
}

/**
 * Reads symbol and decimals of a token; `no-code` where no contract stands, `no-token` where it answers otherwise.
 *
 * Throws `ChainError` `RPC_UNAVAILABLE`.
 */
export async function readTokenFacts(
  rpc: Rpc,
  token: Hex,
  signal?: AbortSignal,
): Promise<TokenFacts | 'no-code' | 'no-token'> {
  const options = signal === undefined ? {} : { signal }
  if ((await rpc.request('eth_getCode', [token, 'latest'], options)) === '0x') return 'no-code'
  const read = (functionName: 'symbol' | 'decimals') => {
    const data = encodeFunctionData({ abi: devTokenAbi, functionName })
    return rpc.request('eth_call', [{ to: token, data }, 'latest'], options).catch(refusal)
  }
  const [symbol, decimals] = await Promise.all([read('symbol'), read('decimals')])
  try {
    return {
      symbol: decodeFunctionResult({ abi: devTokenAbi, functionName: 'symbol', data: symbol as Hex }),
      decimals: decodeFunctionResult({ abi: devTokenAbi, functionName: 'decimals', data: decimals as Hex }),
    }
  } catch {
    return 'no-token'
  }
}

/** What a contract refuses to answer is no token's answer; a silent endpoint is another matter. */
function refusal(error: { code?: unknown }): Hex {
  if (error.code === 'RPC_ERROR') return '0x'
  throw error
}
