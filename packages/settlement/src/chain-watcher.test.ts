import { addressOf } from '@souk/protocol'
import { createMemoryJournal, type Journal } from '@souk/storage'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChainSignal } from './chain-look.ts'
import { type ChainWatcher, type ChainWatcherOptions, startChainWatcher } from './chain-watcher.ts'
import { ChainError } from './errors.ts'
import { escrowData } from './escrow-calls.ts'
import { createEscrowReader } from './escrow-reader.ts'
import { createLedgerView, lockableOf } from './ledger-view.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { type Line, startLine } from './testing/line.ts'
import { setUpParties, startTestMarket, type TestMarket, type TestParty, testKey } from './testing/market.ts'

const LEDGER = 1_000_000n
let market: TestMarket
let party: TestParty
let line: Line
let journal: Journal
const watchers: ChainWatcher[] = []

beforeAll(async () => {
  market = await startTestMarket()
  const [first] = await setUpParties(market, [1], LEDGER)
  if (first === undefined) throw new Error('a party was asked for')
  party = first
})
beforeEach(async () => {
  line = await startLine(market.chain.rpcUrl)
  journal = createMemoryJournal()
})
afterEach(async () => {
  await Promise.all(watchers.splice(0).map((watcher) => watcher.stop()))
  await line.cut()
})
afterAll(() => market?.stop())

function watch(rpc: Rpc = market.rpc, more: Partial<ChainWatcherOptions> = {}) {
  const { escrow, block: deployedAt } = market
  const scope = 'test'
  const watcher = startChainWatcher({ rpc, escrow, deployedAt, journal, scope, pollMs: 20, ...more })
  const signals: ChainSignal[] = []
  watcher.subscribe((signal) => {
    signals.push(signal)
  })
  watchers.push(watcher)
  return { watcher, signals }
}
const proxied = () => createRpc({ urls: [line.url], chainId: market.chain.chainId })
const told = (signals: readonly ChainSignal[]) =>
  signals.flatMap((signal) =>
    signal.kind === 'event' || signal.kind === 'removed' ? [`${signal.kind} ${signal.event.kind}`] : [],
  )
/** Moves `amount` base units between ledger balances: one event. */
async function move(amount: bigint) {
  const sender = await market.sender(party.key)
  const data = escrowData.moveTo(addressOf(testKey(9)), amount)
  const { id } = await sender.submit({ purpose: 'move', to: market.escrow, data })
  const receipt = await sender.wait(id)
  // Otherwise it would send again what a test takes off the chain.
  await sender.stop()
  return receipt
}

test('tells events in order before the head that holds them, and goes on where it stopped', async () => {
  const first = watch()
  await first.watcher.poll()
  expect(told(first.signals)).toEqual(expect.arrayContaining(['event deposited', 'event delegateSet']))
  expect(first.signals.at(-1)).toMatchObject({ kind: 'head', head: { number: expect.any(Number) } })
  await first.watcher.stop()

  await move(1n)
  const second = watch()
  await second.watcher.poll()
  expect(told(second.signals)).toEqual(['event moved'])
  expect(second.watcher.clock.seconds()).toBeGreaterThan(1_600_000_000)
})

test('waits for confirmations', async () => {
  const receipt = await move(2n)
  const { watcher, signals } = watch(market.rpc, { confirmations: 2 })
  await watcher.poll()
  const at = () => signals.flatMap((signal) => (signal.kind === 'event' ? [signal.at.block] : []))
  expect(at()).not.toContain(receipt.block)
  await market.chain.mine(2)
  await watcher.poll()
  expect(at()).toContain(receipt.block)
})

test('takes back what a reorganisation removed, also after a restart', async () => {
  const before = watch()
  await before.watcher.poll()
  const snapshot = await market.chain.request('evm_snapshot')
  await move(3n)
  await before.watcher.poll()
  expect(told(before.signals).at(-1)).toBe('event moved')
  await before.watcher.stop()

  await market.chain.request('evm_revert', [snapshot])
  await market.chain.mine(1)
  await move(4n)
  const after = watch()
  await after.watcher.poll()
  expect(told(after.signals)).toEqual(['removed moved', 'event moved'])
  expect(after.signals.filter(({ kind }) => kind === 'event')).toMatchObject([{ event: { amount: 4n } }])
  await after.watcher.poll()
  expect(told(after.signals)).toHaveLength(2)
})

test('says when the RPC goes and when it comes back, and misses nothing', async () => {
  const { watcher, signals } = watch(proxied())
  await watcher.poll()
  expect(watcher.isAvailable()).toBe(true)
  await line.cut()
  await move(5n)
  await watcher.poll()
  expect(watcher.isAvailable()).toBe(false)
  await line.mend()
  await watcher.poll()
  const story = signals.flatMap((signal): (string | boolean)[] => {
    if (signal.kind === 'available') return [signal.available]
    return signal.kind === 'event' ? [signal.event.kind] : []
  })
  expect(story.slice(-4)).toEqual([expect.any(String), false, true, 'moved'])
})

test('says that the RPC is gone only when it was gone for long', async () => {
  let nowMs = 0
  const { watcher, signals } = watch(proxied(), { awayMs: 3_000, nowMs: () => nowMs })
  await watcher.poll()
  await line.cut()
  const told = () => signals.flatMap((one) => (one.kind === 'available' ? [one.available] : []))
  nowMs = 2_999
  await watcher.poll()
  expect(told()).toEqual([true])
  nowMs = 3_000
  await watcher.poll()
  expect(told()).toEqual([true, false])
  await line.mend()
  await watcher.poll()
  expect(told()).toEqual([true, false, true])
})

test('fails over to the next endpoint, and never to one of another chain', async () => {
  const urls = [line.url, market.chain.rpcUrl]
  const { watcher } = watch(createRpc({ urls, chainId: market.chain.chainId }))
  await watcher.poll()
  await line.cut()
  const receipt = await move(6n)
  await watcher.poll()
  expect(watcher.isAvailable()).toBe(true)
  expect(watcher.clock.head()?.number).toBeGreaterThanOrEqual(receipt.block)
  await expect(createRpc({ urls, chainId: 5 }).request('eth_blockNumber', [])).rejects.toMatchObject({
    code: 'WRONG_CHAIN',
  })
  await line.mend()
})

test('a ledger view is fresh after every event and lasts through an outage', async () => {
  const rpc = proxied()
  const { watcher } = watch(rpc)
  const view = createLedgerView({ reader: createEscrowReader(rpc, market), watcher, maxAgeMs: 60_000 })
  const { free } = await view.cover(party.account)
  expect(await view.cover(party.account, party.delegate)).toMatchObject({
    free,
    lockable: free,
    delegate: { limit: LEDGER, inUse: 0n },
  })
  await move(10n)
  await watcher.poll()
  expect((await view.cover(party.account)).free).toBe(free - 10n)
  await line.cut()
  expect((await view.cover(party.account)).free).toBe(free - 10n)
  await expect(view.cover(addressOf(testKey(8)))).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  await line.mend()
  await move(1n)
  await watcher.poll()
  expect((await view.cover(party.account)).free).toBe(free - 11n)
  view.stop()
})

test('a ledger view never shows what an event has changed, and reads it before it is asked for', async () => {
  const { watcher } = watch()
  let reads = 0
  let broken = false
  const reader: typeof market.reader = {
    ...market.reader,
    balance(account, options) {
      reads += 1
      const gone = new ChainError('gone', { code: 'RPC_UNAVAILABLE', endpoints: [] })
      return broken ? Promise.reject(gone) : market.reader.balance(account, options)
    },
  }
  const view = createLedgerView({ reader, watcher, maxAgeMs: 60_000 })
  await watcher.poll()
  const [{ free }] = await Promise.all([view.cover(party.account), view.cover(party.account)])
  expect(reads).toBe(1)
  await move(1n)
  await watcher.poll()
  const warmed = reads
  expect(warmed).toBeGreaterThan(1)
  expect((await view.cover(party.account)).free).toBe(free - 1n)
  expect(reads).toBe(warmed)
  broken = true
  await move(1n)
  await watcher.poll()
  await expect(view.cover(party.account)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  broken = false
  expect((await view.cover(party.account)).free).toBe(free - 2n)
  view.stop()
})

test('a ledger view believes no endpoint that lags behind the watcher', async () => {
  const { watcher } = watch()
  await watcher.poll()
  const behind = async () => (watcher.clock.head()?.number ?? 0) - 1
  const view = createLedgerView({ reader: { ...market.reader, blockNumber: behind }, watcher })
  await expect(view.cover(party.account)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  view.stop()
})

test('a key locks no more than balance and limit allow, and nothing once expired', () => {
  const key = { limit: 100n, inUse: 40n, expiry: 1_000 }
  expect(lockableOf(500n, key, 999)).toBe(60n)
  expect(lockableOf(50n, key, 999)).toBe(50n)
  expect(lockableOf(500n, key, 1_000)).toBe(0n)
  expect(lockableOf(500n, { ...key, limit: 30n }, 999)).toBe(0n)
  expect(lockableOf(500n, null, 2_000)).toBe(500n)
})
