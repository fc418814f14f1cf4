import type { NetworkConfig, Rpc } from '@souk/settlement'
import { type Chain, custom, defineChain } from 'viem'
import { type Config, createConfig, injected } from 'wagmi'

/** Makes wagmi's view of the network: wallets that announce themselves (EIP-6963), or the one in `window.ethereum`. */
export function createWalletConfig(network: NetworkConfig, rpc: Rpc): Config {
  const request = ({ method, params }: { method: string; params?: unknown }) =>
    rpc.request(method, (params ?? []) as readonly unknown[])
  return createConfig({
    chains: [chainOf(network)],
    transports: { [network.chainId]: custom({ request }) },
    connectors: [injected()],
    multiInjectedProviderDiscovery: true,
  })
}

/** Describes the chain as wallets want to hear of it. */
export function chainOf(network: NetworkConfig): Chain {
  const { explorer } = network
  return defineChain({
    id: network.chainId,
    name: `Souk ${network.name}`,
    nativeCurrency: { name: 'Coin', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: network.rpcUrls } },
    testnet: network.dev,
    ...(explorer === undefined ? {} : { blockExplorers: { default: { name: 'Explorer', url: explorer } } }),
  })
}
