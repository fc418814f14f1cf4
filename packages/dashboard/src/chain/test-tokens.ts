import type { Hex } from '@souk/protocol'
import { ChainError, tokenData } from '@souk/settlement'
import type { ChainTools } from './tools.ts'

/** Whole test tokens and test coins handed out at once. */
const TOKENS = 100n
const COIN_WEI = 10n ** 18n

/**
 * Sends test tokens and coins of a development chain to `account`.
 *
 * The chain signs for the well-known account that deployed the token, so that no key is needed. Throws
 * {@link ChainError} where the chain is not of that kind.
 */
export async function sendTestTokens({ network, rpc }: ChainTools, account: Hex): Promise<void> {
  const [bank] = (await rpc.request('eth_accounts', [])) as Hex[]
  if (!network.dev || bank === undefined) {
    throw new ChainError('expected a development chain that signs for known accounts, this one does not', {
      code: 'RPC_ERROR',
      method: 'eth_accounts',
      rpcCode: 0,
      reason: 'no accounts',
      revertData: null,
    })
  }
  const data = tokenData.transfer(account, TOKENS * 10n ** BigInt(network.tokenDecimals))
  await rpc.request('eth_sendTransaction', [{ from: bank, to: account, value: `0x${COIN_WEI.toString(16)}` }])
  await rpc.request('eth_sendTransaction', [{ from: bank, to: network.token, data }])
}
