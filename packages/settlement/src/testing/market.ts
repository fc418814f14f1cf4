import { addressOf, type CourtRules, type Hex, type NetworkId, type Quote, toHex } from '@souk/protocol'
import { createMemoryJournal, type Journal } from '@souk/storage'
import { type AccountTools, fundAccounts, setUpAccount } from '../account-setup.ts'
import { type Deployment, deployMarket } from '../deploy-market.ts'
import { createEscrowReader, type EscrowReader } from '../escrow-reader.ts'
import { type DevChain, startDevChain } from '../node/dev-chain.ts'
import { createRpc, type Rpc } from '../rpc.ts'
import { startTransactionSender, type TransactionSender } from '../transaction-sender.ts'

/** A real chain with the market on it, for one test file. */
export interface TestMarket extends Deployment {
  readonly chain: DevChain
  readonly rpc: Rpc
  readonly reader: EscrowReader
  readonly network: NetworkId
  readonly deployerKey: Uint8Array
  /** Starts a sender, stopped together with the market. */
  sender(key: Uint8Array, options?: { journal?: Journal; rpc?: Rpc }): Promise<TransactionSender>
  tools(sender: TransactionSender): AccountTools
  stop(): Promise<void>
}

export const SETTLE_BLOCKS = 8
export const POLL_MS = 20

/** Starts anvil, which mines a block for each transaction, and deploys the market; without a court by default. */
export async function startTestMarket(court?: CourtRules): Promise<TestMarket> {
  const chain = await startDevChain({ blockSeconds: 0 })
  const rpc = createRpc({ urls: [chain.rpcUrl], chainId: chain.chainId })
  const deployerKey = richKey(chain, 0)
  const settling =
    court === undefined ? { settleBlocks: SETTLE_BLOCKS } : { settleBlocks: court.settleBlocks, court }
  const deployment = await deployMarket({ rpc, deployerKey, pollMs: POLL_MS, ...settling })
  const { escrow, token } = deployment
  const reader = createEscrowReader(rpc, deployment)
  const senders: TransactionSender[] = []
  return {
    ...{ ...deployment, chain, rpc, reader, deployerKey },
    network: { name: 'test', chainId: chain.chainId, escrow },
    async sender(key, options = {}) {
      const defaults = { journal: createMemoryJournal(), rpc, pollMs: POLL_MS }
      const sender = await startTransactionSender({ ...defaults, ...options, key })
      senders.push(sender)
      return sender
    },
    tools: (sender) => ({ sender, reader, escrow, token }),
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()))
      await chain.stop()
    },
  }
}

/** An account with its delegate, both funded, with `ledger` base units in the escrow. */
export interface TestParty {
  readonly key: Uint8Array
  readonly account: Hex
  readonly delegateKey: Uint8Array
  readonly delegate: Hex
  /** Sends as the delegate. */
  readonly sender: TransactionSender
}

/** Sets parties up the way a market does: funding in flight at once, then one transaction each. */
export async function setUpParties(market: TestMarket, seeds: readonly number[], ledger: bigint) {
  const deployer = await market.sender(market.deployerKey)
  const keys = seeds.map((seed) => ({ key: testKey(seed), delegateKey: testKey(seed + 100) }))
  const coins = keys.flatMap(({ key, delegateKey }) => [
    { to: addressOf(key), tokens: 2n * ledger, wei: 10n ** 18n },
    { to: addressOf(delegateKey), wei: 10n ** 18n },
  ])
  await fundAccounts(market.tools(deployer), coins)
  return Promise.all(keys.map((pair) => setUpParty(market, pair, ledger)))
}

async function setUpParty(
  market: TestMarket,
  { key, delegateKey }: { key: Uint8Array; delegateKey: Uint8Array },
  ledger: bigint,
): Promise<TestParty> {
  const delegate = addressOf(delegateKey)
  const delegates = [{ key: delegate, limit: ledger, expiry: 2 ** 39 }]
  await setUpAccount(market.tools(await market.sender(key)), key, { amount: ledger, delegates })
  return { key, account: addressOf(key), delegateKey, delegate, sender: await market.sender(delegateKey) }
}

/** Returns a quote between two parties; `salt` keeps equal ones apart. */
export function testQuote(
  provider: TestParty,
  requester: TestParty,
  salt: number,
  terms: Partial<Quote> = {},
): Quote {
  return {
    provider: provider.account,
    requester: requester.account,
    resultSigner: provider.delegate,
    voucherSigner: requester.delegate,
    rate: 1_000n * 10n ** 12n,
    startFee: 500n,
    deposit: 100_000n,
    bond: 40_000n,
    resultBond: 20_000n,
    slotPenalty: 1_000n,
    openBefore: 2 ** 39,
    blocks: 50,
    notice: 3,
    prepay: 60,
    terms: toHex(new Uint8Array(32).fill(7)),
    salt: toHex(Uint8Array.from({ length: 32 }, (_, i) => (i < 4 ? salt >> (8 * i) : 0) & 255)),
    ...terms,
  }
}

/** A key that every run of the tests shares. */
export function testKey(seed: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : (seed * 31 + i * 17) & 255))
}

/** Returns one of the chain's rich keys. */
export function richKey(chain: DevChain, index: number): Uint8Array {
  const key = chain.richKeys[index]
  if (key === undefined) throw new RangeError(`the chain has no rich key ${index}`)
  return key
}
