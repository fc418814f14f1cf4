import { type PlacedEvent, readAccountEvents } from '@souk/settlement'
import type { WalletSession } from './session.ts'

/** Blocks looked back at unless told: what a public endpoint answers in some seconds, two weeks of two-second blocks. */
const LOOK_BACK_BLOCKS = 600_000

/** An account's events, and from where on they were read. */
export interface FoundEvents {
  readonly events: readonly PlacedEvent[]
  readonly fromBlock: number
  readonly toBlock: number
  /** Older blocks of this escrow were left out. */
  readonly cut: boolean
}

/** Reads the account's events from block `since` on, or as far back as a command should look. */
export async function findEvents(session: WalletSession, since?: number): Promise<FoundEvents> {
  const { rpc, account, config, signal } = session
  const toBlock = Number(await rpc.request('eth_blockNumber', [], { signal }))
  const fromBlock = Math.max(config.deployedAt, since ?? toBlock - LOOK_BACK_BLOCKS)
  const range = { fromBlock, toBlock }
  const events = await readAccountEvents({ rpc, escrow: config.escrow, account, range, signal })
  return { events, fromBlock, toBlock, cut: fromBlock > config.deployedAt }
}
