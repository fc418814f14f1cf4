import { type Hex, leaseOf, signStruct } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { encodeFunctionData } from 'viem/utils'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startChainWatcher } from './chain-watcher.ts'
import { escrowData } from './escrow-calls.ts'
import type { EscrowEvent } from './escrow-events.ts'
import { escrowAbi } from './generated/escrow.ts'
import { createLedgerView } from './ledger-view.ts'
import { TEST_COURT } from './testing/court.ts'
import { setUpParties, startTestMarket, type TestMarket, testQuote } from './testing/market.ts'

const LEDGER = 1_000_000n
const DOWN_SLOTS = 3

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket(TEST_COURT)
})
afterAll(() => market?.stop())

/** Sends as the court, whose own ways to these calls have tests of their own. */
async function asCourt(functionName: 'adjustDown' | 'seize', args: readonly unknown[]) {
  const { chain, court, escrow } = market
  await chain.request('anvil_setBalance', [court, '0xde0b6b3a7640000'])
  await chain.request('anvil_impersonateAccount', [court])
  const call = { abi: escrowAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0]
  await chain.request('eth_sendTransaction', [{ from: court, to: escrow, data: encodeFunctionData(call) }])
}

test('a watcher tells what the court does to a lease, and cover is right after it', async () => {
  const [provider, requester] = await setUpParties(market, [1, 2], LEDGER)
  if (provider === undefined || requester === undefined) throw new Error('two parties were asked for')
  const { rpc, escrow, network, reader, block: deployedAt } = market
  const quote = testQuote(provider, requester, 1)
  const lease = leaseOf(network, quote)
  const watcher = startChainWatcher({
    rpc,
    escrow,
    deployedAt,
    journal: createMemoryJournal(),
    scope: 'court',
    pollMs: 20,
  })
  const told: EscrowEvent[] = []
  watcher.subscribe((signal) => {
    if (signal.kind === 'event') told.push(signal.event)
  })
  const view = createLedgerView({ reader, watcher, maxAgeMs: 1_000_000 })
  const cover = async () => {
    await watcher.poll()
    const { free, delegate, lockable } = await view.cover(provider.account, provider.delegate)
    expect(free).toBe(await reader.balance(provider.account))
    expect(delegate).toEqual(await reader.delegate(provider.account, provider.delegate))
    return { free, inUse: delegate?.inUse, lockable }
  }
  const send = async (data: Hex) => {
    const { id } = await requester.sender.submit({ purpose: 'a call', to: escrow, data })
    await requester.sender.wait(id)
  }
  await send(
    escrowData.open({
      quote,
      providerSignature: signStruct(provider.delegateKey, network, 'Quote', quote),
      requesterSignature: signStruct(requester.delegateKey, network, 'Open', { lease }),
    }),
  )
  const { bond, resultBond, slotPenalty } = quote
  const opened = { free: LEDGER - bond - resultBond, inUse: bond + resultBond }
  expect(await cover()).toMatchObject(opened)

  await asCourt('adjustDown', [lease, BigInt(DOWN_SLOTS)])
  await asCourt('seize', [quote])
  await vi.waitFor(() => expect(told.at(-1)?.kind).toBe('seized'), { timeout: 20_000 })
  expect(await cover()).toMatchObject(opened)
  expect(told.slice(-2)).toEqual([
    { kind: 'downAdjusted', lease, change: BigInt(DOWN_SLOTS), downSlots: DOWN_SLOTS },
    { kind: 'seized', lease, amount: resultBond },
  ])

  await send(escrowData.startClose(quote))
  await market.chain.mine(TEST_COURT.settleBlocks)
  await send(escrowData.finalize(quote))
  const lost = resultBond + BigInt(DOWN_SLOTS) * slotPenalty
  // What was taken stays charged to the key: it had room for it once.
  expect(await cover()).toEqual({ free: LEDGER - lost, inUse: lost, lockable: LEDGER - lost })
  view.stop()
  await watcher.stop()
})
