import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'

/** What the page asks its server for before it shows anything. */
export interface PageConfig {
  readonly network: NetworkConfig
  /** The hot key of the agent on this machine, offered when a delegate is authorised. */
  readonly agentKey: Hex | null
}

/** Where the page finds its {@link PageConfig}. */
export const CONFIG_PATH = '/config.json'

/** Returns the explorer's page for a transaction, `null` where the network names no explorer. */
export function transactionLink(network: NetworkConfig, hash: Hex): string | null {
  const { explorer } = network as { readonly explorer?: unknown }
  if (typeof explorer !== 'string' || !/^https?:\/\//.test(explorer)) return null
  return `${explorer.replace(/\/+$/, '')}/tx/${hash}`
}
