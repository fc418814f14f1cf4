import { ChainError, type NetworkConfig } from '@souk/settlement'

/** The part of a wallet's EIP-1193 provider that is used directly. */
export interface WalletProvider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>
}

/**
 * Tells whether the wallet, set to our chain id, reads our chain: another development chain has the same id.
 *
 * True where the wallet does not say.
 */
export async function seesOurChain(provider: WalletProvider, network: NetworkConfig): Promise<boolean> {
  try {
    const params = [`0x${network.deployedAt.toString(16)}`, false]
    const block = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
      hash?: string
    } | null
    return block?.hash?.toLowerCase() === network.deployedHash.toLowerCase()
  } catch {
    return true
  }
}

/** Throws {@link ChainError} `WRONG_CHAIN` where the wallet would send into another chain. */
export async function requireOurChain(provider: WalletProvider, network: NetworkConfig): Promise<void> {
  const actual = Number(await provider.request({ method: 'eth_chainId' }))
  const expected = network.chainId
  if (actual === expected && (await seesOurChain(provider, network))) return
  throw new ChainError(
    `expected the wallet on ${network.name} (chain ${expected}), it is on another chain (${actual}); switch it first`,
    { code: 'WRONG_CHAIN', expected, actual, endpoint: 'the wallet' },
  )
}

/** Asks the wallet to add our network once more, so that it takes over our endpoints. */
export async function offerEndpoints(provider: WalletProvider, network: NetworkConfig): Promise<void> {
  const chain = {
    chainId: `0x${network.chainId.toString(16)}`,
    chainName: `Souk ${network.name}`,
    nativeCurrency: { name: 'Coin', symbol: 'ETH', decimals: 18 },
    rpcUrls: network.rpcUrls,
  }
  await provider.request({ method: 'wallet_addEthereumChain', params: [chain] })
}
