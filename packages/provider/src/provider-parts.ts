import type { Head } from '@souk/engine'
import { type SoukNode, startNode } from '@souk/network'
import type { Hex } from '@souk/protocol'
import {
  type ChainLink,
  type ChainSignal,
  type CourtLink,
  defaultUnitsPerCoin,
  networkId,
  openChainLink,
  openCourtLink,
  untilAvailable,
} from '@souk/settlement'
import type { ProviderOptions } from './provider-options.ts'
import type { SaleCase } from './sale-case.ts'

/** What the escrow said, or what a reorganisation took back. */
export type EscrowSignal = Extract<ChainSignal, { kind: 'event' | 'removed' }>

/** What connects a provider with the others, and with the chain. */
export interface ProviderParts {
  readonly node: SoukNode
  readonly chain: ChainLink
  /** `null` where the network has no court. */
  readonly court: CourtLink | null
}

interface PartsHooks {
  /** Sales that are not settled. */
  cases(): SaleCase[]
  onHead(head: Head): Promise<void>
  onEvent(signal: EscrowSignal): void
}

/** Opens the chain, the node and the court, and adds to `stops` what ends them. Throws what they throw. */
export async function openParts(
  options: ProviderOptions,
  hooks: PartsHooks,
  stops: (() => Promise<void> | void)[],
): Promise<ProviderParts> {
  const { config, log } = options
  const chain = await openChainLink({
    config,
    journal: options.journal,
    key: options.delegateKey,
    ...hooks,
    onProblem: (sentence, error) => log.warn(sentence, { error: String(error) }),
  })
  stops.push(() => chain.stop())
  const node = await startNode({
    network: networkId(config),
    privateKey: options.nodeKey,
    listen: options.listen,
    bootstrap: config.bootstrap,
    dev: config.dev,
  })
  stops.push(() => node.stop())
  const court = await openCourtLink({
    ...{ rpc: chain.rpc, escrow: config.escrow, reader: chain.reader },
    unitsPerCoin: defaultUnitsPerCoin(config),
  })
  return { node, chain, court }
}

/** What tells of money and of chain time. */
interface Covering {
  readonly ledger: ChainLink['ledger']
  readonly watcher: Pick<ChainLink['watcher'], 'clock'>
}

/** Milliseconds for a reading of who pays: the requester waits 5 s for our answer, and a chain may hang. */
const COVER_MS = 3_000

/**
 * Returns what an account covers of what `key` signs for it, and whether it may. Throws what the ledger throws, and
 * that nothing came in time.
 */
export async function coverOf({ ledger, watcher }: Covering, account: Hex, key: Hex) {
  const signal = AbortSignal.timeout(COVER_MS)
  const { lockable, delegate } = await untilAvailable(() => ledger.cover(account, key, { signal }), signal)
  const seconds = watcher.clock.seconds() ?? Number.POSITIVE_INFINITY
  return { lockable, authorised: delegate !== null && delegate.expiry > seconds }
}
