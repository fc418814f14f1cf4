import { leaseOf, type Quote, signStruct } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChainError } from './errors.ts'
import { escrowData } from './escrow-calls.ts'
import { createEscrowReader } from './escrow-reader.ts'
import type { Rpc } from './rpc.ts'
import { setUpParties, startTestMarket, type TestMarket, testQuote } from './testing/market.ts'

/** Arithmetic that leaves its bounds, as Solidity says it. */
const PANIC = `0x4e487b71${'11'.padStart(64, '0')}`

let market: TestMarket
let quote: Quote

beforeAll(async () => {
  market = await startTestMarket()
  const [provider, requester] = await setUpParties(market, [1, 2], 10_000_000n)
  if (provider === undefined || requester === undefined) throw new Error('two parties were asked for')
  quote = testQuote(provider, requester, 1)
  const lease = leaseOf(market.network, quote)
  const data = escrowData.open({
    quote,
    providerSignature: signStruct(provider.delegateKey, market.network, 'Quote', quote),
    requesterSignature: signStruct(requester.delegateKey, market.network, 'Open', { lease }),
  })
  const { hash } = await provider.sender.submit({ purpose: 'open', to: market.escrow, data })
  await provider.sender.wait(hash)
})
afterAll(() => market?.stop())

/** A reader whose node is between two blocks for the first `torn` calls. */
function readerThrough(torn: number) {
  let calls = 0
  const rpc: Rpc = {
    ...market.rpc,
    async request(method, params, options) {
      calls += 1
      if (calls > torn) return market.rpc.request(method, params, options)
      const facts = { code: 'RPC_ERROR', method, rpcCode: 3, reason: 'execution reverted' } as const
      throw new ChainError('the node refused', { ...facts, revertData: PANIC })
    },
  }
  const { escrow, token } = market
  return { reader: createEscrowReader(rpc, { escrow, token }), calls: () => calls }
}

describe('a lease that is read while its node takes a block in', () => {
  test('is read again', async () => {
    const { reader, calls } = readerThrough(2)
    const state = await reader.leaseState(leaseOf(market.network, quote))
    expect(state).toMatchObject({ status: 'open' })
    expect(calls()).toBe(3)
    expect(await readerThrough(1).reader.payCap(quote)).toBeGreaterThan(0n)
  })

  test('and again, until it is the contract that panics', async () => {
    const { reader, calls } = readerThrough(Number.POSITIVE_INFINITY)
    await expect(reader.leaseState(leaseOf(market.network, quote))).rejects.toMatchObject({
      code: 'CONTRACT_REVERTED',
    })
    expect(calls()).toBe(5)
  })
})
