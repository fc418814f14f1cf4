import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'

/** Whom an agent works for, and with which hot key; both in lower case. */
export interface AgentKey {
  readonly account: Hex
  readonly delegate: Hex
}

/** What the page asks its server for before it shows anything. */
export interface PageConfig {
  readonly network: NetworkConfig
  /** The agent on this machine: its account is offered its key when a delegate is authorised. */
  readonly agent: AgentKey | null
}

/** Where the page finds its {@link PageConfig}. */
export const CONFIG_PATH = '/config.json'
