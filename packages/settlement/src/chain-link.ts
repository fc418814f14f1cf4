import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { Head } from './chain-clock.ts'
import type { ChainSignal } from './chain-look.ts'
import { type ChainWatcher, startChainWatcher } from './chain-watcher.ts'
import { createEscrowReader, type EscrowReader } from './escrow-reader.ts'
import { defaultExposure, type ExposurePolicy } from './exposure.ts'
import { createLeaseSettler, type LeaseCase, type LeaseSettler } from './lease-settler.ts'
import { createLedgerView, type LedgerView } from './ledger-view.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { type NetworkConfig, networkScope } from './network-config.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { startTransactionSender, type TransactionSender } from './transaction-sender.ts'

/** Everything one process needs of a chain, over one set of endpoints. */
export interface ChainLink {
  readonly rpc: Rpc
  readonly reader: EscrowReader
  readonly watcher: ChainWatcher
  readonly ledger: LedgerView
  readonly sender: TransactionSender
  readonly settler: LeaseSettler
  /** Returns the newest head, or `null` before the first and while no endpoint has answered for some seconds. */
  head(): Head | null
  stop(): Promise<void>
}

export interface ChainLinkOptions {
  readonly config: NetworkConfig
  readonly journal: Journal
  /** The delegate's private key, which sends the process's transactions. */
  readonly key: Uint8Array
  /** Every lease whose money is not settled yet. */
  cases(): Iterable<LeaseCase>
  /** Hears of each new head, after the events up to it. */
  onHead(head: Head): Promise<void> | void
  /** When vouchers of leases that run are redeemed; one whole token on a lease, five on all by default. */
  readonly exposure?: ExposurePolicy
  /** Hears what the escrow said since the cursor of the journal, from the first look on, and what was taken back. */
  onEvent?(signal: Extract<ChainSignal, { kind: 'event' | 'removed' }>): Promise<void> | void
  readonly onProblem: (sentence: string, error: unknown) => void
}

/**
 * Connects to the chain of a network and settles leases as its blocks come.
 *
 * Throws `ChainError` `WRONG_CHAIN`, `NO_ESCROW`, or `RPC_UNAVAILABLE` when no endpoint answers at the start.
 */
export async function openChainLink(options: ChainLinkOptions): Promise<ChainLink> {
  const { config, journal, key, onProblem } = options
  const { escrow, token, chainId, deployedAt } = config
  const pollMs = Math.min(1_000, config.blockSeconds * 500)
  const scope = networkScope(config)
  const rpc = createRpc({ urls: config.rpcUrls, chainId })
  const reader = createEscrowReader(rpc, { escrow, token })
  await reader.checkChain()
  const sender = await startTransactionSender({ journal, key, rpc, scope, pollMs, onProblem })
  const { awayMs } = CHAIN_LIMITS
  const watcher = startChainWatcher({ rpc, escrow, deployedAt, journal, scope, pollMs, awayMs })
  const ledger = createLedgerView({ reader, watcher })
  const feePerGas = async () => BigInt((await rpc.request('eth_gasPrice', [])) as Hex)
  const policy = options.exposure ?? defaultExposure(config.tokenDecimals)
  const settler = createLeaseSettler({
    ...{ reader, sender, escrow, cases: options.cases, onProblem },
    exposure: { ...policy, feePerGas },
  })
  watcher.subscribe(async (signal) => {
    if (signal.kind === 'available' && !signal.available)
      onProblem('the chain cannot be reached', signal.reason)
    if (signal.kind === 'event' || signal.kind === 'removed') await options.onEvent?.(signal)
    if (signal.kind !== 'head') return
    await options.onHead(signal.head)
    void settler.look(signal.head)
  })
  await watcher.poll()
  return {
    rpc,
    reader,
    watcher,
    ledger,
    sender,
    settler,
    head: () => (watcher.isAvailable() ? (watcher.clock.head() ?? null) : null),
    async stop() {
      ledger.stop()
      await watcher.stop()
      await settler.stop()
      await sender.stop()
    },
  }
}
