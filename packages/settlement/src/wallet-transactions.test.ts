import { addressOf, type Hex } from '@souk/protocol'
import { createMemoryJournal, type Journal } from '@souk/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { escrowData } from './escrow-calls.ts'
import { POLL_MS, richKey, startTestMarket, type TestMarket, testKey } from './testing/market.ts'
import { tokenData } from './token-calls.ts'
import { startTransactionSender, type TransactionSender } from './transaction-sender.ts'
import {
  followTransactions,
  nameTransaction,
  type OwnTransaction,
  readTransactionRows,
  transactionWords,
} from './wallet-transactions.ts'

let market: TestMarket
const STARTED_MS = Date.parse('2026-01-02T03:04:05.678Z')

beforeAll(async () => {
  market = await startTestMarket()
})
afterAll(() => market?.stop())

const signal = () => AbortSignal.timeout(10_000)
const scope = () => `${market.chain.chainId}`
const look = async (journal: Journal, account: Hex) =>
  followTransactions(market.rpc, account, await readTransactionRows(journal, scope(), account), signal())
const words = (transaction: OwnTransaction | undefined) =>
  transaction === undefined ? '' : transactionWords(transaction, STARTED_MS + 90_000)
const coins = (purpose: string) => ({
  ...{ purpose, to: addressOf(testKey(70)), data: '0x' as const, valueWei: 1n },
  id: nameTransaction('coins', STARTED_MS, purpose),
})

async function withSender<T>(
  index: number,
  work: (sender: TransactionSender, journal: Journal) => Promise<T>,
): Promise<T> {
  const journal = createMemoryJournal()
  const sender = await market.sender(richKey(market.chain, index), { journal })
  return work(sender, journal)
}

test('tells what is mined and what waits, and since when', async () => {
  await withSender(1, async (sender, journal) => {
    await sender.wait((await sender.submit(coins('first'))).id)
    await market.chain.setAutomine(false)
    try {
      await sender.submit(coins('second'))
      const [first, second] = await look(journal, sender.address)
      expect(first).toMatchObject({ status: 'mined', nonce: 0, sinceMs: STARTED_MS, replaced: [] })
      expect(second).toMatchObject({ status: 'waiting', nonce: 1, block: null })
      expect(words(first)).toMatch(/^first: mined in block \d+$/)
      expect(words(second)).toBe('second: waiting for 90 s to be mined')
    } finally {
      await market.chain.setAutomine(true)
      await market.chain.mine(1)
    }
  })
})

test('tells what fees left behind, how often they were raised, and what was replaced', async () => {
  await withSender(2, async (sender, journal) => {
    await market.chain.setAutomine(false)
    try {
      const { hash } = await sender.submit(coins('slow'))
      const offered = sender.pending().at(-1)?.maxFeePerGas ?? 0n
      const dear = async () => {
        await market.chain.request('anvil_setNextBlockBaseFeePerGas', [`0x${(offered * 3n).toString(16)}`])
        await market.chain.mine(1)
      }
      await dear()
      const [stuck] = await look(journal, sender.address)
      expect(stuck).toMatchObject({ status: 'underpriced', hash })
      expect(words(stuck)).toContain('slow: stuck for 90 s')
      for (let block = 0; sender.pending().at(-1)?.hashes.length === 1; block += 1) {
        await dear()
        await new Promise((resolve) => setTimeout(resolve, 3 * POLL_MS))
        expect(block).toBeLessThan(20)
      }
      const [raised] = await look(journal, sender.address)
      expect(raised?.replaced).toEqual([hash])
      expect(words(raised)).toContain('fee raised once')
      await market.chain.mine(1)
      await sender.wait(hash)
      const [mined] = await look(journal, sender.address)
      expect(mined).toMatchObject({ status: 'mined', replaced: [hash] })
      expect(words(mined)).toContain(`replacing ${hash}`)
    } finally {
      await market.chain.setAutomine(true)
    }
  })
})

test('tells what failed on chain', async () => {
  await withSender(3, async (sender, journal) => {
    const data = escrowData.withdraw(sender.address, 1n)
    const { id } = await sender.submit({ purpose: 'blind', to: market.escrow, data, gas: 200_000n })
    await expect(sender.wait(id)).rejects.toMatchObject({ code: 'CONTRACT_REVERTED' })
    const [failed] = await look(journal, sender.address)
    expect(failed).toMatchObject({ status: 'failed', sinceMs: null })
    expect(words(failed)).toContain('blind: failed in block')
  })
})

test('tells what lost its nonce, and what was given up for it', async () => {
  const key = richKey(market.chain, 6)
  const journal = createMemoryJournal()
  const account = addressOf(key)
  const deployer = await market.sender(market.deployerKey)
  const give = { purpose: 'tokens', to: market.token, data: tokenData.transfer(account, 10n) }
  await deployer.wait((await deployer.submit(give)).id)
  const spend = (amount: bigint) => ({
    ...{ purpose: 'spend', to: market.token, data: tokenData.transfer(deployer.address, amount) },
    gas: 100_000n,
  })
  await market.chain.setAutomine(false)
  const unheard = await startTransactionSender({ journal, key, pollMs: 60_000, rpc: unheardOf() })
  await unheard.submit(spend(10n))
  await unheard.stop()
  await market.chain.setAutomine(true)
  const other = await market.sender(key)
  await other.wait((await other.submit(spend(9n))).id)
  const [displaced] = await look(journal, account)
  expect(displaced).toMatchObject({ status: 'displaced' })
  expect(words(displaced)).toContain('something else used its nonce 0')

  // As deep as blocks may fall out.
  await market.chain.mine(12)
  const again = await market.sender(key, { journal })
  await expect(again.wait(displaced?.id ?? '')).rejects.toMatchObject({ code: 'CONTRACT_REVERTED' })
  const [given] = await look(journal, account)
  expect(given).toMatchObject({ status: 'given-up', reason: 'ERC20InsufficientBalance' })
  expect(words(given)).toContain('given up, the contract would refuse it with ERC20InsufficientBalance')
})

/** The same endpoint, where broadcasts arrive nowhere. */
function unheardOf() {
  const { rpc } = market
  return {
    chainId: rpc.chainId,
    request: (method: string, params: readonly unknown[], options?: { signal?: AbortSignal }) =>
      method === 'eth_sendRawTransaction'
        ? Promise.resolve(`0x${'00'.repeat(32)}`)
        : rpc.request(method, params, options),
  }
}
