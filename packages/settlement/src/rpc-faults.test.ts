import { addressOf, leaseOf } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ChainSignal } from './chain-look.ts'
import { startChainWatcher } from './chain-watcher.ts'
import { readMoney } from './conservation.ts'
import { escrowData } from './escrow-calls.ts'
import { readEscrowEvents } from './escrow-history.ts'
import { createEscrowReader } from './escrow-reader.ts'
import { createLeaseSettler } from './lease-settler.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { FAULTS, type Fault, type FaultProxy, startFaultProxy } from './testing/fault-proxy.ts'
import {
  POLL_MS,
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testKey,
  testQuote,
} from './testing/market.ts'
import { AGREED, scriptedLease } from './testing/scripted-lease.ts'
import { announceSeed } from './testing/seeded.ts'
import { startTransactionSender } from './transaction-sender.ts'

/** Milliseconds for a request: faults that are silent cost as much. */
const TIMEOUT_MS = 150
/** Share of the requests that go wrong. */
const RATE = 0.35
const seed = announceSeed('faults of the RPC')

let market: TestMarket
let provider: TestParty
let requester: TestParty
const proxies: FaultProxy[] = []

beforeAll(async () => {
  market = await startTestMarket()
  const [first, second] = await setUpParties(market, [1, 2], 10_000_000n)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
  // So that no stale answer is from before anybody had money.
  await market.chain.mine(10)
})
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()))
})
afterAll(() => market?.stop())

async function faulty(rate: number, faults?: readonly Fault[]) {
  const options = { seed: seed + proxies.length, rate, ...(faults === undefined ? {} : { faults }) }
  const proxy = await startFaultProxy(market.chain.rpcUrl, options)
  proxies.push(proxy)
  return proxy
}

function over(urls: readonly string[]): Rpc {
  return createRpc({ urls, chainId: market.chain.chainId, timeoutMs: TIMEOUT_MS })
}

/** Tries until an endpoint answers: what a caller without a sender of its own must do. */
async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^RPC_/) })
    }
  }
}

const HARMLESS: readonly Fault[] = ['twice', 'delay', 'stale']

describe('one endpoint that always fails', () => {
  test.each(FAULTS.filter((fault) => !HARMLESS.includes(fault)))(
    'by %s is replaced by the next',
    async (fault) => {
      const { url, played } = await faulty(1, [fault])
      const call = ['eth_getBalance', [requester.account, 'latest']] as const
      expect(await over([url, market.chain.rpcUrl]).request(...call)).toBe(await market.rpc.request(...call))
      expect(played.get(fault)).toBe(1)
      await expect(over([url]).request(...call)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
    },
  )

  test.each(HARMLESS)('by %s still answers', async (fault) => {
    const { url } = await faulty(1, [fault])
    const block = Number(await over([url]).request('eth_blockNumber', []))
    const head = Number(await market.rpc.request('eth_blockNumber', []))
    expect(head - block).toBeLessThanOrEqual(fault === 'stale' ? 3 : 0)
  })
})

test('an endpoint without the block that is asked for is replaced by the next', async () => {
  const { url } = await faulty(1, ['stale'])
  const head = await market.rpc.request('eth_blockNumber', [])
  const call = ['eth_getBalance', [requester.account, head]] as const
  expect(await over([url, market.chain.rpcUrl]).request(...call)).toBe(await market.rpc.request(...call))
  await expect(over([url]).request(...call)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  const ahead = ['eth_getBalance', [requester.account, '0xffffff']] as const
  await expect(market.rpc.request(...ahead)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
})

test('every transfer happens once, whatever happens to its requests', async () => {
  const { url } = await faulty(RATE)
  const rpc = over([url])
  const payee = addressOf(testKey(91))
  const journal = createMemoryJournal()
  const options = { journal, key: requester.key, rpc, pollMs: POLL_MS }
  const transfer = (n: number) => ({
    ...{ id: `pay ${n}`, purpose: 'a payment', to: market.escrow },
    data: escrowData.moveTo(payee, BigInt(2 ** n)),
  })
  const nonce = () => market.rpc.request('eth_getTransactionCount', [requester.account, 'latest'])
  const before = Number(await nonce())
  for (let start = 0; start < 2; start += 1) {
    const sender = await startTransactionSender(options)
    const sent = Array.from({ length: 8 }, (_, n) => insist(() => sender.submit(transfer(n))))
    await Promise.all(sent)
    if (start === 1) await Promise.all(sent.map(async (one) => sender.wait((await one).id)))
    await sender.stop()
  }
  expect(await market.reader.balance(payee)).toBe(2n ** 8n - 1n)
  expect(Number(await nonce()) - before).toBe(8)
})

test('a watcher over bad endpoints tells what happened, in order and once', async () => {
  const bad = [await faulty(RATE), await faulty(RATE)]
  const { escrow, block: deployedAt, tokenBlock } = market
  const watcher = startChainWatcher({
    ...{ rpc: over(bad.map(({ url }) => url)), escrow, deployedAt, scope: 'faults' },
    ...{ journal: createMemoryJournal(), pollMs: POLL_MS },
  })
  const signals: ChainSignal[] = []
  watcher.subscribe((signal) => {
    signals.push(signal)
  })
  const sender = await market.sender(provider.key)
  for (let n = 1; n <= 10; n += 1) {
    const data = escrowData.moveTo(requester.account, BigInt(n))
    await sender.wait((await sender.submit({ purpose: 'a move', to: escrow, data })).id)
    await watcher.poll()
  }
  for (const proxy of bad) proxy.setRate(0)
  const head = Number(await market.rpc.request('eth_blockNumber', []))
  // The clock knows of a head as soon as it is seen; it is told when all that came before it was.
  while (!signals.some((signal) => signal.kind === 'head' && signal.head.number === head))
    await watcher.poll()
  await watcher.stop()
  const range = { fromBlock: tokenBlock, toBlock: head }
  const truth = await readEscrowEvents(market.rpc, escrow, range, AbortSignal.timeout(5_000))
  const told = signals.filter((signal) => signal.kind === 'event' || signal.kind === 'removed')
  expect(told).toEqual(truth.map((placed) => ({ kind: 'event', ...placed })))
  const heads = signals.flatMap((signal) => (signal.kind === 'head' ? [signal.head.number] : []))
  expect(heads).toEqual(heads.toSorted((a, b) => a - b))
})

test('leases are opened, paid and closed over bad endpoints, each step once', async () => {
  const bad = [await faulty(RATE), await faulty(RATE)]
  const rpc = over(bad.map(({ url }) => url))
  const { escrow, network, block: deployedAt, tokenBlock } = market
  const keys = { network, providerKey: provider.delegateKey, requesterKey: requester.delegateKey }
  const quotes = Array.from({ length: 6 }, (_, n) =>
    testQuote(provider, requester, 100 + n, { blocks: 5_000 }),
  )
  const closed = new Set<string>()
  const cases = quotes.map((quote) => {
    const lease = leaseOf(network, quote)
    return scriptedLease(keys, quote, (status) => status === 'closed' && closed.add(lease))
  })
  const journal = createMemoryJournal()
  const sender = await startTransactionSender({ journal, key: requester.delegateKey, rpc, pollMs: POLL_MS })
  const watcher = startChainWatcher({ rpc, escrow, deployedAt, journal, scope: 'settle', pollMs: POLL_MS })
  const reader = createEscrowReader(rpc, market)
  const open = () => cases.filter(({ lease }) => !closed.has(lease))
  const settler = createLeaseSettler({ reader, sender, escrow, cases: open, onProblem: () => {} })
  const before = await money()
  while (closed.size < quotes.length) {
    await watcher.poll()
    const head = watcher.clock.head()
    if (head !== undefined) await settler.look(head)
  }
  await settler.stop()
  await watcher.stop()
  await sender.stop()

  const head = Number(await market.rpc.request('eth_blockNumber', []))
  const range = { fromBlock: tokenBlock, toBlock: head }
  const events = await readEscrowEvents(market.rpc, escrow, range, AbortSignal.timeout(5_000))
  const story = quotes.map((quote) => {
    const lease = leaseOf(network, quote)
    return events.flatMap(({ event }) => ('lease' in event && event.lease === lease ? [event.kind] : []))
  })
  expect(story).toEqual(quotes.map(() => ['opened', 'redeemed', 'closed']))
  const after = await money()
  expect(after.conserved).toBe(true)
  expect(after.of(provider.account) - before.of(provider.account)).toBe(AGREED * BigInt(quotes.length))
  expect(before.of(requester.account) - after.of(requester.account)).toBe(AGREED * BigInt(quotes.length))
})

async function money() {
  const question = { ...market, deployedAt: market.tokenBlock }
  const { conserved, accounts } = await readMoney(market.rpc, question, AbortSignal.timeout(5_000))
  const of = (account: string) => accounts.find((one) => one.account === account)?.ledger ?? 0n
  return { conserved, of }
}
