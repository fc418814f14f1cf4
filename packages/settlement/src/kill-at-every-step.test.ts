import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addressOf, type Hex, leaseOf, type Quote, toHex } from '@souk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMoney } from './conservation.ts'
import { readEscrowEvents } from './escrow-history.ts'
import type { NetworkConfig } from './network-config.ts'
import {
  SETTLE_BLOCKS,
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testKey,
  testQuote,
} from './testing/market.ts'
import { AGREED } from './testing/scripted-lease.ts'
import { announceSeed, seeded } from './testing/seeded.ts'
import type { KillPlan } from './testing/settle-until-killed.ts'

const CHILD = fileURLToPath(new URL('./testing/settle-until-killed.ts', import.meta.url))
/** Lives that end by a kill; where a life has more steps, the seed chooses among them. */
const LIVES = 12
/** Milliseconds after which a life that does not end by itself has failed. */
const LIFE_MS = 20_000
const PAYEE = addressOf(testKey(93))
const seed = announceSeed('kills')

let market: TestMarket
let provider: TestParty
let requester: TestParty
let folder: string

beforeAll(async () => {
  market = await startTestMarket()
  const [first, second] = await setUpParties(market, [1, 2], 100_000_000n)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
  folder = mkdtempSync(join(tmpdir(), 'souk-kill-'))
})
afterAll(async () => {
  await market?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true })
})

test('killed at any step of the journal or a broadcast, nothing is lost, repeated or paid twice', async () => {
  const random = seeded(seed)
  const before = await money()
  const undisturbed = await live(1, null)
  expect(undisturbed.killed).toBe(false)
  const one = await money()
  expect(one.of(PAYEE)).toBe(amountOf(0))

  console.log(`a life has ${undisturbed.steps} steps`)
  const steps = shuffled(undisturbed.steps, random).slice(0, LIVES)
  let kills = 0
  for (const [n, killAt] of steps.entries()) {
    if ((await live(n + 2, killAt)).killed) kills += 1
  }
  const count = steps.length + 1
  expect(kills).toBeGreaterThan(steps.length / 2)
  expect((await live(count, null)).killed).toBe(false)

  const after = await money()
  expect(after.conserved).toBe(true)
  const paid = Array.from({ length: count }, (_, n) => amountOf(n)).reduce((a, b) => a + b)
  expect(after.of(PAYEE)).toBe(paid)
  // As many times what the undisturbed life moved.
  const earned = one.of(provider.account) - before.of(provider.account)
  expect(earned).toBe(AGREED)
  expect(after.of(provider.account) - before.of(provider.account)).toBe(earned * BigInt(count))
  expect(before.of(requester.account) - after.of(requester.account)).toBe(earned * BigInt(count) + paid)
  expect(await stories(count)).toEqual(Array.from({ length: count }, () => ['opened', 'redeemed', 'closed']))
  expect(await failures()).toEqual([])
}, 120_000)

/** One life of the process, with `count` leases and payments to care for, most of them done already. */
async function live(count: number, killAt: number | null): Promise<{ killed: boolean; steps: number }> {
  const plan: KillPlan = {
    ...{ folder: join(folder, 'data'), config: configOf(), killAt },
    senderKey: toHex(requester.key),
    providerKey: toHex(provider.delegateKey),
    requesterKey: toHex(requester.delegateKey),
    quotes: Array.from({ length: count }, (_, n) => quoteOf(n)).map(plainQuote),
    payments: Array.from({ length: count }, (_, n) => ({
      id: `pay ${n}`,
      to: PAYEE,
      amount: `${amountOf(n)}`,
    })),
  }
  const file = join(folder, 'plan.json')
  writeFileSync(file, JSON.stringify(plan))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LIFE_MS,
    killSignal: 'SIGABRT',
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code, killedBy] = await once(child, 'close')
  expect([code, killedBy]).toEqual(killedBy === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null])
  return { killed: killedBy === 'SIGKILL', steps: Number(said) }
}

function configOf(): NetworkConfig {
  const { chain, escrow, token, block: deployedAt, network } = market
  return {
    ...{ name: network.name, chainId: chain.chainId, escrow, token, deployedAt },
    ...{ tokenSymbol: 'T', tokenDecimals: 18, rpcUrls: [chain.rpcUrl], bootstrap: [], dev: true },
    // Looks at the chain every twenty milliseconds.
    blockSeconds: 0.04,
    settleBlocks: SETTLE_BLOCKS,
    deployedHash: toHex(new Uint8Array(32)),
  }
}

function quoteOf(n: number): Quote {
  return testQuote(provider, requester, 400 + n, { blocks: 10_000 })
}

function plainQuote(quote: Quote): KillPlan['quotes'][number] {
  const plain = Object.entries(quote).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? `${value}` : value,
  ])
  return Object.fromEntries(plain)
}

function amountOf(n: number): bigint {
  return 1_000n + BigInt(n)
}

function shuffled(count: number, random: () => number): number[] {
  const steps = Array.from({ length: count }, (_, i) => ({ step: i + 1, order: random() }))
  return steps.toSorted((a, b) => a.order - b.order).map(({ step }) => step)
}

async function stories(count: number): Promise<string[][]> {
  const toBlock = Number(await market.rpc.request('eth_blockNumber', []))
  const range = { fromBlock: market.tokenBlock, toBlock }
  const events = await readEscrowEvents(market.rpc, market.escrow, range, AbortSignal.timeout(5_000))
  return Array.from({ length: count }, (_, n) => {
    const lease = leaseOf(market.network, quoteOf(n))
    return events.flatMap(({ event }) => ('lease' in event && event.lease === lease ? [event.kind] : []))
  })
}

/** Transactions that were mined in vain. */
async function failures(): Promise<Hex[]> {
  const head = Number(await market.rpc.request('eth_blockNumber', []))
  const blocks = Array.from({ length: head + 1 }, (_, n) => `0x${n.toString(16)}`)
  const receipts = await Promise.all(
    blocks.map((block) => market.rpc.request('eth_getBlockReceipts', [block])),
  )
  const all = receipts.flat() as { status: Hex; transactionHash: Hex }[]
  return all.flatMap(({ status, transactionHash }) => (status === '0x1' ? [] : [transactionHash]))
}

async function money() {
  const question = { ...market, deployedAt: market.tokenBlock }
  const { conserved, accounts } = await readMoney(market.rpc, question, AbortSignal.timeout(5_000))
  return { conserved, of: (account: string) => accounts.find((one) => one.account === account)?.ledger ?? 0n }
}
