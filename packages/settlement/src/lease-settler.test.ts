import { leaseOf, type Quote, signStruct } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Head } from './chain-clock.ts'
import type { LeaseOnChain } from './escrow-reads.ts'
import { type LeaseOrder, leaseCall } from './lease-call.ts'
import { createLeaseSettler, type LeaseCall, type LeaseCase } from './lease-settler.ts'
import {
  SETTLE_BLOCKS,
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testQuote,
} from './testing/market.ts'

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

test('a voucher that is missing makes no redemption', () => {
  expect(leaseCall('0x', null)).toBeNull()
  const order: LeaseOrder = { ...signed(testQuote(provider, requester, 51)), call: 'redeem', voucher: null }
  expect(leaseCall('0x', order)).toBeNull()
})

/** Settles `quotes` by a script: the n-th look sends the n-th call for each, and calls `onSeen` for each. */
function settle(quotes: readonly Quote[], script: readonly LeaseCall['call'][], onSeen = () => {}) {
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
      next: () => leaseCall(lease, orderOf(quote, script[turn])),
    }
  })
  const settler = createLeaseSettler({
    reader: market.reader,
    sender: requester.sender,
    escrow: market.escrow,
    cases: () => cases,
    onProblem: (sentence) => problems.push(sentence),
  })
  const head: Head = { number: 1, timestampSeconds: 1 }
  const look = async () => {
    await settler.look(head)
    turn += 1
  }
  return { look, seen, problems }
}

function orderOf(quote: Quote, call: LeaseCall['call'] | undefined): LeaseOrder | null {
  if (call === undefined) return null
  const order = signed(quote)
  if (call !== 'closeCooperative') return { ...order, call }
  const close = { lease: leaseOf(market.network, quote), paid: order.paid }
  const sign = ({ delegateKey }: TestParty) => signStruct(delegateKey, market.network, 'Close', close)
  return { ...order, call, providerSignature: sign(provider), requesterSignature: sign(requester) }
}

function signed(quote: Quote): Omit<LeaseOrder, 'call'> {
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
