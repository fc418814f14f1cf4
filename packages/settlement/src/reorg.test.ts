import { addressOf, leaseOf } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChainSignal } from './chain-look.ts'
import { type ChainWatcher, startChainWatcher } from './chain-watcher.ts'
import { escrowData } from './escrow-calls.ts'
import { readEscrowEvents } from './escrow-history.ts'
import { createLeaseSettler } from './lease-settler.ts'
import { pause } from './pause.ts'
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
import { announceSeed, seeded } from './testing/seeded.ts'
import type { TransactionSender } from './transaction-sender.ts'

/** Blocks on top of the market's own, so that no reorganisation reaches it. */
const ROOM = 40
/** Looks after which something that should happen never will: each is a block or more. */
const LOOKS = 1_000
const seed = announceSeed('reorganisations')

let market: TestMarket
let provider: TestParty
let requester: TestParty
const payee = addressOf(testKey(92))
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  market = await startTestMarket()
  const [first, second] = await setUpParties(market, [1, 2], 10_000_000n)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
  // They would send again what a test takes off the chain.
  await Promise.all([first.sender.stop(), second.sender.stop()])
})
beforeEach(() => market.chain.mine(ROOM))
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})
afterAll(() => market?.stop())

/**
 * Replaces the newest `depth` blocks by empty ones, but for `raw` in the first of them. Anvil mines no transaction
 * meanwhile: while it puts blocks in the place of others, one more confuses it.
 */
async function reorganise(depth: number, raw: readonly string[] = []) {
  await market.chain.setAutomine(false)
  await market.chain.request('anvil_reorg', [depth, raw.map((one) => [one, 0])])
  await market.chain.setAutomine(true)
}

function watch(reorgDepth: number) {
  const { rpc, escrow, block: deployedAt } = market
  const journal = createMemoryJournal()
  // Only when asked: the tests say where the watcher is when blocks are replaced.
  const watcher = startChainWatcher({
    ...{ rpc, escrow, deployedAt, journal, scope: 'test', reorgDepth, pollMs: 1_000_000 },
  })
  const signals: ChainSignal[] = []
  watcher.subscribe((signal) => {
    signals.push(signal)
  })
  stops.push(() => watcher.stop())
  return { watcher, signals }
}

async function sending(key: Uint8Array): Promise<TransactionSender> {
  const sender = await market.sender(key)
  stops.push(() => sender.stop())
  return sender
}

const payment = (n: number) => ({
  ...{ id: `pay ${n}`, purpose: 'a payment', to: market.escrow },
  data: escrowData.moveTo(payee, 10n ** BigInt(n)),
})
const told = (signals: readonly ChainSignal[]) =>
  signals.flatMap((signal) =>
    signal.kind !== 'event' && signal.kind !== 'removed' ? [] : [`${signal.kind} ${amountOf(signal)}`],
  )

function amountOf({ event }: Extract<ChainSignal, { kind: 'event' | 'removed' }>): string {
  return event.kind === 'moved' ? `${event.amount}` : event.kind
}

/** What a listener holds for true after everything that it was told. */
function believed(signals: readonly ChainSignal[]) {
  const events: Pick<Extract<ChainSignal, { kind: 'event' }>, 'event' | 'at'>[] = []
  for (const signal of signals) {
    if (signal.kind === 'event') events.push({ event: signal.event, at: signal.at })
    if (signal.kind === 'removed') expect(events.pop()).toEqual({ event: signal.event, at: signal.at })
  }
  return events
}

async function truth() {
  const toBlock = Number(await market.rpc.request('eth_blockNumber', []))
  const range = { fromBlock: market.tokenBlock, toBlock }
  return readEscrowEvents(market.rpc, market.escrow, range, AbortSignal.timeout(5_000))
}

/** Moves money in a block of its own and forgets about it. */
async function move(amount: bigint) {
  const sender = await market.sender(requester.key)
  const data = escrowData.moveTo(payee, amount)
  const { id } = await sender.submit({ purpose: 'a move', to: market.escrow, data })
  const row = sender.pending()[0]
  await sender.wait(id)
  await sender.stop()
  return row?.raw ?? '0x'
}

async function until(watcher: ChainWatcher | null, isDone: () => Promise<boolean> | boolean) {
  for (let looks = 0; !(await isDone()); looks += 1) {
    if (looks === LOOKS)
      throw new Error(`expected it within ${LOOKS} looks; the chain is at\n${await pool()}`)
    await watcher?.poll()
    await pause(POLL_MS)
  }
}

/** Returns what the chain has and what waits to be mined, for whoever looks into a failure. */
async function pool() {
  const [block, content] = await Promise.all([
    market.rpc.request('eth_blockNumber', []),
    market.chain.request('txpool_content', []),
  ])
  return JSON.stringify({ block: Number(block), content }, null, 1)
}

test('events of replaced blocks are taken back, newest first, at the same height', async () => {
  const { watcher, signals } = watch(8)
  for (const amount of [1n, 2n, 3n]) {
    await move(amount)
    await watcher.poll()
  }
  await reorganise(2)
  await watcher.poll()
  expect(told(signals).slice(-5)).toEqual(['event 1', 'event 2', 'event 3', 'removed 3', 'removed 2'])
  await move(4n)
  await watcher.poll()
  expect(believed(signals)).toEqual(await truth())
})

test('an event that comes back in another block is taken back and told anew', async () => {
  const { watcher, signals } = watch(8)
  const raw = await move(5n)
  await market.chain.mine(2)
  await watcher.poll()
  await reorganise(3, [raw])
  await watcher.poll()
  expect(told(signals).slice(-3)).toEqual(['event 5', 'removed 5', 'event 5'])
  expect(believed(signals)).toEqual(await truth())
})

test('below the depth nothing is taken back, and what is on the chain is told again', async () => {
  const { watcher, signals } = watch(3)
  for (const amount of [6n, 7n]) {
    await move(amount)
    await watcher.poll()
    await market.chain.mine(3)
    await watcher.poll()
  }
  await reorganise(12)
  const before = signals.length
  await watcher.poll()
  const since = signals.slice(before)
  expect(told(since).filter((one) => one.startsWith('removed'))).toEqual([])
  expect(believed(since)).toEqual(await truth())
})

test('a lease whose opening falls out is opened again, once', async () => {
  const { watcher, signals } = watch(16)
  const keys = {
    ...{ network: market.network, providerKey: provider.delegateKey },
    requesterKey: requester.delegateKey,
  }
  const quote = testQuote(provider, requester, 300, { blocks: 5_000 })
  const statuses: string[] = []
  const one = scriptedLease(keys, quote, (status) => statuses.push(status))
  const sender = await sending(requester.delegateKey)
  const { reader, escrow } = market
  const settler = createLeaseSettler({ reader, sender, escrow, cases: () => [one], onProblem: () => {} })
  stops.push(() => settler.stop())
  watcher.subscribe(async (signal) => {
    if (signal.kind === 'head') await settler.look(signal.head)
  })
  for (const status of ['open', 'closed']) {
    await until(watcher, async () => {
      if (statuses.at(-1) === status) return true
      await market.chain.mine(1)
      return false
    })
    await reorganise(4)
    await until(
      watcher,
      async () => (await market.reader.leaseState(leaseOf(market.network, quote))).status !== 'none',
    )
  }
  await until(watcher, async () => {
    await market.chain.mine(1)
    return (await market.reader.leaseState(one.lease)).status === 'closed'
  })
  await watcher.poll()
  const story = (await truth()).filter(({ event }) => 'lease' in event && event.lease === one.lease)
  expect(story.map(({ event }) => event.kind)).toEqual(['opened', 'redeemed', 'closed'])
  expect((await market.reader.leaseState(one.lease)).paid).toBe(AGREED)
  expect(believed(signals)).toEqual(await truth())
})

test('transactions that were final and fell out all the same happen again, once', async () => {
  const before = await market.reader.balance(payee)
  const sender = await sending(provider.key)
  for (const n of [0, 1, 2]) await sender.wait((await sender.submit(payment(n))).id)
  await market.chain.mine(14)
  await until(null, () => sender.pending().length === 0)
  await reorganise(20)
  expect(await market.reader.balance(payee)).toBe(before)
  await sender.submit(payment(3))
  await until(null, async () => (await market.reader.balance(payee)) !== before)
  await sender.wait('pay 3')
  expect((await market.reader.balance(payee)) - before).toBe(1_111n)
})

test('on a chain that stands still nothing is repeated or made dearer', async () => {
  const { watcher, signals } = watch(8)
  await watcher.poll()
  const before = await market.reader.balance(payee)
  const sender = await sending(provider.key)
  await market.chain.setAutomine(false)
  try {
    await sender.submit(payment(4))
    for (let look = 0; look < 20; look += 1) {
      await watcher.poll()
      await pause(POLL_MS)
    }
    expect(watcher.isAvailable()).toBe(true)
    expect(signals.filter(({ kind }) => kind === 'head')).toHaveLength(1)
    expect(sender.pending().map(({ hashes }) => hashes.length)).toEqual([1])
  } finally {
    await market.chain.setAutomine(true)
    await market.chain.mine(1)
  }
  await sender.wait('pay 4')
  await watcher.poll()
  expect((await market.reader.balance(payee)) - before).toBe(10_000n)
  expect(believed(signals)).toEqual(await truth())
})

test('whatever blocks fall out, each payment happens once and a watcher knows of it', async () => {
  const random = seeded(seed)
  const below = (n: number) => Math.floor(random() * n)
  const { watcher, signals } = watch(32)
  await watcher.poll()
  const before = await market.reader.balance(payee)
  const sender = await sending(provider.key)
  let sum = 0n
  for (let step = 0, n = 100; step < 30; step += 1) {
    const what = below(4)
    if (what === 0) await reorganise(1 + below(6))
    if (what === 1) await market.chain.mine(1 + below(5))
    if (what === 2) await watcher.poll()
    if (what !== 3) continue
    const amount = BigInt(1 + below(1_000))
    const data = escrowData.moveTo(payee, amount)
    await sender.submit({ id: `random ${n++}`, purpose: 'a payment', to: market.escrow, data })
    sum += amount
  }
  await until(watcher, async () => {
    await market.chain.mine(1)
    return sender.pending().length === 0
  }).catch((error) => {
    const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
    throw new Error(`${error.message}\nand not final are ${JSON.stringify(sender.pending(), plain, 1)}`)
  })
  await watcher.poll()
  expect((await market.reader.balance(payee)) - before).toBe(sum)
  expect(believed(signals)).toEqual(await truth())
})
