import { buildPage, type PageServer, servePage } from '@souk/dashboard/node'
import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import {
  SETTLE_BLOCKS,
  startTestMarket,
  type TestMarket,
} from '../../../packages/settlement/src/testing/market.ts'
import { installWallet, type TestWallet } from './test-wallet.ts'

/** A real chain with the market on it, and the page served for it. */
export interface Stage {
  readonly market: TestMarket
  readonly network: NetworkConfig
  readonly server: PageServer
  stop(): Promise<void>
}

/** Starts chain, market and page server. */
export async function startStage(agent: { account: Hex; delegate: Hex }): Promise<Stage> {
  const market = await startTestMarket()
  const network = networkOf(market)
  const files = await buildPage(() => {})
  const server = await servePage({ files, config: { network, agent }, port: 0 })
  const stop = async () => {
    await server.stop()
    await market.stop()
  }
  return { market, network, server, stop }
}

/** Describes a test market as a network file does. */
export function networkOf({ block, blockHash, chain, escrow, token }: TestMarket): NetworkConfig {
  return {
    name: 'test',
    chainId: chain.chainId,
    escrow,
    token,
    tokenSymbol: 'devSOUK',
    tokenDecimals: 18,
    rpcUrls: [chain.rpcUrl],
    bootstrap: [],
    blockSeconds: 1,
    settleBlocks: SETTLE_BLOCKS,
    dev: true,
    deployedAt: block,
    deployedHash: blockHash,
  }
}

/** A browser tab of its own with a wallet in it, and everything that went wrong in the tab. */
export interface Visit {
  readonly page: Page
  readonly wallet: TestWallet
  /** Exceptions, console errors, and what the content policy stopped. */
  readonly complaints: readonly string[]
}

/** Opens the page in a fresh profile with a wallet that holds `key`. */
export async function visit(
  browser: Browser,
  { market, server }: Stage,
  key: Uint8Array,
  options: BrowserContextOptions & { chainId?: number; walletRpcUrl?: string } = {},
): Promise<Visit> {
  const { chainId = market.chain.chainId, walletRpcUrl = market.chain.rpcUrl, ...context } = options
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...context })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const wallet = await installWallet(page, { key, rpcUrl: walletRpcUrl, chainId })
  await page.goto(server.url)
  return { page, wallet, complaints }
}

/** Connects the wallet and waits for the account's money to be shown. */
export async function connect({ page }: Visit): Promise<void> {
  await page.getByRole('button', { name: 'Connect Test Wallet' }).click()
  await page.getByText('Free in the escrow').waitFor()
}
