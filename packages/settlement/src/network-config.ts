import { type Hex, type NetworkId, networkPath } from '@souk/protocol'

/** All that a peer must know to take part in a network; a file of it is what operators hand round. */
export interface NetworkConfig {
  readonly name: string
  readonly chainId: number
  readonly escrow: Hex
  readonly token: Hex
  readonly tokenSymbol: string
  readonly tokenDecimals: number
  /** JSON-RPC endpoints in order of preference. */
  readonly rpcUrls: readonly string[]
  /** Multiaddresses of peers to join through. */
  readonly bootstrap: readonly string[]
  readonly blockSeconds: number
  readonly settleBlocks: number
  /** Worthless money and well-known keys; switches for faults are accepted only here. */
  readonly dev: boolean
  /** Block that deployed the escrow, and its hash: another chain never has the same. */
  readonly deployedAt: number
  readonly deployedHash: Hex
  /** Web site that shows transactions below `tx/` and addresses below `address/`; none by default. */
  readonly explorer?: string
}

/** Returns what keeps this network's messages and signatures apart from all others. */
export function networkId({ name, chainId, escrow }: NetworkConfig): NetworkId {
  return { name, chainId, escrow }
}

/** Returns the journal scope of a network: a dev chain that was started afresh has another one. */
export function networkScope(config: NetworkConfig): string {
  return `${networkPath(networkId(config))}/${config.deployedHash.slice(2, 18)}`
}

/** Returns the page of a transaction or an address at the network's explorer; undefined where there is none. */
export function explorerLink(
  { explorer }: Pick<NetworkConfig, 'explorer'>,
  kind: 'tx' | 'address',
  id: Hex,
): string | undefined {
  return explorer === undefined ? undefined : `${explorer.replace(/\/+$/, '')}/${kind}/${id}`
}
