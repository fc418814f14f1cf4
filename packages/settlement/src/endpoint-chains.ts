import { CHAIN_LIMITS } from './limits.ts'
import { describeFailure, postCalls } from './rpc-endpoint.ts'

/** Which chain an endpoint serves. */
export interface EndpointChain {
  readonly url: string
  /** `null` where it gave no answer. */
  readonly chainId: number | null
  /** Why there is no answer; `null` where there is one. */
  readonly failure: string | null
}

/** Asks every endpoint which chain it serves, all at once; never throws. */
export function askChains(urls: readonly string[]): Promise<EndpointChain[]> {
  return Promise.all(urls.map(askChain))
}

async function askChain(url: string): Promise<EndpointChain> {
  try {
    const calls = [{ method: 'eth_chainId', params: [] }]
    const [answer] = await postCalls(url, calls, CHAIN_LIMITS.rpcTimeoutMs)
    const chainId = answer?.ok ? Number(answer.result) : Number.NaN
    if (!Number.isSafeInteger(chainId)) throw new Error('no answer to eth_chainId')
    return { url, chainId, failure: null }
  } catch (error) {
    return { url, chainId: null, failure: describeFailure(url, error) }
  }
}
