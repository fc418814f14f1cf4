import { type Hex, leaseOf, type Quote, signStruct } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBlock } from './chain-blocks.ts'
import type { Head } from './chain-clock.ts'
import { createEscrowReader } from './escrow-reader.ts'
import type { LeaseOnChain } from './escrow-reads.ts'
import { type LeaseOrder, leaseCall } from './lease-call.ts'
import { createLeaseSettler, type LeaseCase, type LeaseSettlerOptions } from './lease-settler.ts'
import type { LeaseCall } from './lease-transactions.ts'
import { createRpc } from './rpc.ts'
import { startLine } from './testing/line.ts'
import {
  POLL_MS,
  SETTLE_BLOCKS,
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testQuote,
} from './testing/market.ts'
import type { TransactionSender } from './transaction-sender.ts'

let market: TestMarket
let provider: TestParty
let requester: TestParty

beforeAll(async () => {
  market = await startTestMarket()
  const [first, second] = await setUpParties(market, [1, 2], 10_000_000n)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
})
afterAll(() => market?.stop())

describe('the settler', () => {
  test('opens many leases in one transaction, redeems them in one, and closes them', async () => {
    const quotes = [11, 12, 13].map((salt) => testQuote(provider, requester, salt))
    const stage = settle(quotes, ['open', 'redeem', 'closeCooperative'])
    const before = await transactionsOf(requester)

    await stage.look()
    expect(await statuses(quotes)).toEqual(['open', 'open', 'open'])
    expect(await transactionsOf(requester)).toBe(before + 1)
    await stage.look()
    expect(await transactionsOf(requester)).toBe(before + 2)
    expect((await Promise.all(quotes.map(stateOf))).map((state) => state.paid)).toEqual([700n, 700n, 700n])
    await stage.look()
    expect(await statuses(quotes)).toEqual(['closed', 'closed', 'closed'])
    await stage.look()
    expect(stage.seen).toEqual(
      ['none', 'open', 'open', 'closed'].flatMap((status) => [status, status, status]),
    )
    expect(stage.problems).toEqual([])
  })

  test('spends no more gas on each of ten than a batch must', async () => {
    const quotes = Array.from({ length: 10 }, (_, n) => testQuote(provider, requester, 80 + n))
    const stage = settle(quotes, ['open', 'redeem'])
    const gasOfEach = async () => {
      await stage.look()
      const newest = requester.sender.pending().at(-1)
      const { gasUsed } = await requester.sender.wait(newest?.id ?? 'none')
      return Number(gasUsed) / quotes.length
    }
    expect(await gasOfEach()).toBeLessThanOrEqual(63_000)
    expect(await gasOfEach()).toBeLessThanOrEqual(26_000)
  })

  test('ends a lease alone and finalizes it when its time has come', async () => {
    const quotes = [testQuote(provider, requester, 21)]
    const stage = settle(quotes, ['open', 'startClose'])
    await stage.look()
    await stage.look()
    expect(await statuses(quotes)).toEqual(['ended'])
    await market.chain.mine(SETTLE_BLOCKS)
    expect(await statuses(quotes)).toEqual(['finalizable'])
    const last = settle(quotes, ['finalize'])
    await last.look()
    expect(await statuses(quotes)).toEqual(['closed'])
  })

  test('tells of a call that the escrow refuses and goes on with the others', async () => {
    const [dear, fair] = [
      testQuote(provider, requester, 31, { deposit: 10n ** 9n }),
      testQuote(provider, requester, 32),
    ]
    const stage = settle([dear], ['open'])
    await stage.look()
    expect(stage.problems).toEqual([expect.stringContaining('CONTRACT_REVERTED')])
    const both = settle([dear, fair], ['open'])
    await both.look()
    expect(await statuses([dear, fair])).toEqual(['none', 'open'])
  })

  test('gathers those who ask together into one look', async () => {
    const stage = settle([testQuote(provider, requester, 41)], [])
    await Promise.all([stage.look(), stage.look(), stage.look()])
    expect(stage.seen).toHaveLength(1)
  })

  test('looks once more, not twice, when asked while it looks', async () => {
    const again: Promise<void>[] = []
    const stage = settle([testQuote(provider, requester, 42)], [], () => {
      if (again.length === 0) again.push(stage.look(), stage.look(), stage.look())
    })
    await stage.look()
    await Promise.all(again)
    expect(stage.seen).toHaveLength(2)
  })
})

describe('vouchers of leases that run', () => {
  const open = async (salts: readonly number[]) => {
    const quotes = salts.map((salt) => testQuote(provider, requester, salt))
    await settle(quotes, ['open']).look()
    return quotes
  }
  const exposure = (leaseUnits: bigint, totalUnits: bigint, unitsPerCoin = 0n) => ({
    ...{ leaseUnits, totalUnits, unitsPerCoin },
    feePerGas: async () => BigInt((await market.rpc.request('eth_gasPrice', [])) as Hex),
  })
  const paid = async (quotes: readonly Quote[]) =>
    (await Promise.all(quotes.map(stateOf))).map((state) => state.paid)

  test('wait while little is exposed, and go together in one transaction beyond the limit', async () => {
    const quotes = await open([61, 62, 63])
    const before = await transactionsOf(requester)
    const more = { mayWait: true, exposure: exposure(10_000n, 2_101n) }
    const script = ['redeem', 'redeem'] as const
    await settle(quotes, script, undefined, more).look()
    await settle(quotes, script, undefined, { mayWait: true }).look()
    expect(await paid(quotes)).toEqual([0n, 0n, 0n])
    const stage = settle(quotes, script, undefined, { mayWait: true, exposure: exposure(700n, 10n ** 9n) })
    await stage.look()
    await stage.look()
    expect(await paid(quotes)).toEqual([700n, 700n, 700n])
    expect(await transactionsOf(requester)).toBe(before + 1)
    expect(stage.problems).toEqual([])
  })

  test('wait while gas costs more than a fiftieth of them', async () => {
    const quotes = await open([64])
    const dear = { mayWait: true, exposure: exposure(1n, 1n, 10n ** 18n) }
    await settle(quotes, ['redeem'], undefined, dear).look()
    expect(await paid(quotes)).toEqual([0n])
  })
})

test('what is under way is not sent again, also by a settler that starts over its journal', async () => {
  const quotes = [71, 72].map((salt) => testQuote(provider, requester, salt))
  const journal = createMemoryJournal()
  const key = requester.delegateKey
  const before = await transactionsOf(requester)
  await market.chain.setAutomine(false)
  try {
    for (let start = 0; start < 3; start += 1) {
      const sender = await market.sender(key, { journal })
      const stage = settle(quotes, ['open', 'open'], undefined, { sender })
      await stage.look()
      await stage.look()
      expect(sender.pending()).toHaveLength(1)
      await sender.stop()
    }
  } finally {
    await market.chain.setAutomine(true)
    await market.chain.mine(1)
  }
  expect(await statuses(quotes)).toEqual(['open', 'open'])
  expect(await transactionsOf(requester)).toBe(before + 1)
})

test('a settler whose endpoint is gone stops at once', async () => {
  const line = await startLine(market.chain.rpcUrl)
  const rpc = createRpc({ urls: [line.url], chainId: market.chain.chainId })
  const reader = createEscrowReader(market.rpc, market)
  const sender = await market.sender(requester.delegateKey, { rpc })
  await line.cut()
  const stage = settle([testQuote(provider, requester, 73)], ['open'], undefined, { sender, reader })
  const looking = stage.look()
  await new Promise((resolve) => setTimeout(resolve, 4 * POLL_MS))
  await stage.settler.stop()
  await looking
  await sender.stop()
  expect(stage.problems).toEqual([])
})

test('a voucher that is missing makes no redemption', () => {
  expect(leaseCall('0x', null)).toBeNull()
  const order = { ...signed(testQuote(provider, requester, 51)), mayWait: false, voucher: null }
  expect(leaseCall('0x', { ...order, call: 'redeem' })).toBeNull()
})

/** Settles `quotes` by a script: the n-th look sends the n-th call for each, and calls `onSeen` for each. */
function settle(
  quotes: readonly Quote[],
  script: readonly LeaseCall['call'][],
  onSeen = () => {},
  options: Partial<LeaseSettlerOptions> & { mayWait?: boolean } = {},
) {
  const seen: string[] = []
  const problems: string[] = []
  let turn = 0
  const cases = quotes.map((quote): LeaseCase => {
    const lease = leaseOf(market.network, quote)
    return {
      lease,
      seen(state) {
        seen.push(state.status)
        onSeen()
      },
      next: () => leaseCall(lease, orderOf(quote, script[turn], options.mayWait)),
    }
  })
  const settler = createLeaseSettler({
    reader: market.reader,
    sender: requester.sender,
    escrow: market.escrow,
    cases: () => cases,
    onProblem: (sentence) => problems.push(sentence),
    ...options,
  })
  const look = async () => {
    await settler.look(await headNow())
    // A sender of the test's own may have a chain that stands still.
    if (options.sender === undefined) await mined(requester.sender)
    turn += 1
  }
  return { look, seen, problems, settler }
}

async function mined(sender: TransactionSender): Promise<void> {
  await Promise.all(sender.pending().map(({ id }) => sender.wait(id)))
}

async function headNow(): Promise<Head> {
  const head = await readBlock(market.rpc, 'latest', AbortSignal.timeout(5_000))
  if (head === null) throw new Error('a chain has a newest block')
  return head
}

function orderOf(quote: Quote, call: LeaseCall['call'] | undefined, mayWait = false): LeaseOrder | null {
  if (call === undefined) return null
  const order = { ...signed(quote), mayWait }
  if (call !== 'closeCooperative') return { ...order, call }
  const close = { lease: leaseOf(market.network, quote), paid: order.paid }
  const sign = ({ delegateKey }: TestParty) => signStruct(delegateKey, market.network, 'Close', close)
  return { ...order, call, providerSignature: sign(provider), requesterSignature: sign(requester) }
}

function signed(quote: Quote): Omit<LeaseOrder, 'call' | 'mayWait'> {
  const { network } = market
  const lease = leaseOf(network, quote)
  const voucher = { cumulative: 700n, ackFrom: 1, ackUntil: 2 }
  const signature = signStruct(requester.delegateKey, network, 'Voucher', { lease, ...voucher })
  return {
    quote,
    providerSignature: signStruct(provider.delegateKey, network, 'Quote', quote),
    requesterSignature: signStruct(requester.delegateKey, network, 'Open', { lease }),
    voucher: { ...voucher, signature },
    paid: 900n,
  }
}

async function transactionsOf({ delegate }: TestParty): Promise<number> {
  return Number(await market.rpc.request('eth_getTransactionCount', [delegate, 'latest']))
}

function stateOf(quote: Quote): Promise<LeaseOnChain> {
  return market.reader.leaseState(leaseOf(market.network, quote))
}

async function statuses(quotes: readonly Quote[]): Promise<string[]> {
  return (await Promise.all(quotes.map(stateOf))).map((state) => state.status)
}
