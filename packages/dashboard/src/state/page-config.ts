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
