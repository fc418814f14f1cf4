import { addressOf } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ChainError } from './errors.ts'
import { pause } from './pause.ts'
import { createRpc, type Rpc } from './rpc.ts'
import { startLine } from './testing/line.ts'
import { POLL_MS, richKey, startTestMarket, type TestMarket, testKey } from './testing/market.ts'
import { tokenData } from './token-calls.ts'
import { startTransactionSender, type TransactionSender } from './transaction-sender.ts'

let market: TestMarket
const stranger = addressOf(testKey(77))

beforeAll(async () => {
  market = await startTestMarket()
})
afterAll(() => market?.stop())

const transfer = (amount: bigint) => ({
  purpose: 'a transfer',
  to: market.token,
  data: tokenData.transfer(stranger, amount),
})
const coins = (wei: bigint) => ({ purpose: 'coins', to: stranger, data: '0x' as const, valueWei: wei })
const received = () => market.reader.tokenBalance(stranger)

async function setTokens(key: Uint8Array, amount: bigint) {
  const deployer = await market.sender(market.deployerKey)
  const data = tokenData.transfer(addressOf(key), amount)
  await deployer.wait((await deployer.submit({ purpose: 'tokens', to: market.token, data })).hash)
}

/** The same endpoint, where broadcasts are lost on the way. */
function withoutBroadcast(rpc: Rpc): Rpc {
  return {
    chainId: rpc.chainId,
    request(method, params, options) {
      if (method !== 'eth_sendRawTransaction') return rpc.request(method, params, options)
      return Promise.reject(new ChainError('lost', { code: 'RPC_UNAVAILABLE', endpoints: [] }))
    },
  }
}

/** The same endpoint, with a promise for the n-th call of a method. */
function counted(rpc: Rpc, watched: string) {
  let calls = 0
  const asked = async (n: number) => {
    while (calls < n) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const request: Rpc['request'] = (method, params, options) => {
    if (method === watched) calls += 1
    return rpc.request(method, params, options)
  }
  return { rpc: { chainId: rpc.chainId, request }, asked }
}

test('twenty submits at once get twenty nonces and are all mined', async () => {
  const sender = await market.sender(market.deployerKey)
  const before = await received()
  const sent = await Promise.all(Array.from({ length: 20 }, (_, i) => sender.submit(transfer(BigInt(i + 1)))))
  expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(20)
  const receipts = await Promise.all(sent.map(({ hash }) => sender.wait(hash)))
  expect(receipts.every(({ ok }) => ok)).toBe(true)
  expect((await received()) - before).toBe(210n)
})

test('what was journalled but never broadcast goes out once after a restart', async () => {
  const journal = createMemoryJournal()
  const before = await received()
  const rpc = withoutBroadcast(market.rpc)
  const crashed = await startTransactionSender({ journal, key: market.deployerKey, rpc, pollMs: POLL_MS })
  const first = await crashed.submit({ ...transfer(5n), id: 'pay once' })
  await crashed.stop()
  expect(await received()).toBe(before)

  const sender = await market.sender(market.deployerKey, { journal })
  const again = await sender.submit({ ...transfer(5n), id: 'pay once' })
  expect(again).toEqual(first)
  expect((await sender.wait('pay once')).ok).toBe(true)
  const third = await market.sender(market.deployerKey, { journal })
  expect(await third.submit({ ...transfer(5n), id: 'pay once' })).toEqual(first)
  expect((await received()) - before).toBe(5n)
})

test('a nonce that something else used up is replaced, and the call still happens once', async () => {
  const key = richKey(market.chain, 1)
  const journal = createMemoryJournal()
  const lost = await startTransactionSender({
    journal,
    key,
    rpc: withoutBroadcast(market.rpc),
    pollMs: POLL_MS,
  })
  const { hash, nonce } = await lost.submit(coins(7n))
  await lost.stop()
  const other = await market.sender(key)
  await other.wait((await other.submit(coins(1n))).hash)

  const { rpc, asked } = counted(market.rpc, 'eth_getTransactionCount')
  const sender = await market.sender(key, { journal, rpc })
  // As long as the foreign block may fall out, ours may be mined instead: it would happen twice.
  await asked(10)
  expect(sender.pending().map((row) => row.nonce)).toEqual([nonce])
  await market.chain.mine(12)
  const receipt = await sender.wait(hash)
  expect(receipt.ok).toBe(true)
  expect(receipt.hash).not.toBe(hash)
  expect(sender.pending().find(({ hashes }) => hashes.includes(hash))?.nonce).toBeGreaterThan(nonce)
})

test('a call whose nonce was used up and that would fail by now is given up with the reason', async () => {
  const key = richKey(market.chain, 6)
  const journal = createMemoryJournal()
  await setTokens(key, 10n)
  const lost = await startTransactionSender({
    ...{ journal, key, pollMs: POLL_MS },
    rpc: withoutBroadcast(market.rpc),
  })
  await lost.submit({ ...transfer(10n), id: 'all of it' })
  await lost.stop()
  const other = await market.sender(key)
  await other.wait((await other.submit(transfer(9n))).hash)
  await market.chain.mine(12)

  const sender = await market.sender(key, { journal })
  const refusal = { data: { code: 'CONTRACT_REVERTED', error: 'ERC20InsufficientBalance', hash: null } }
  await expect(sender.wait('all of it')).rejects.toMatchObject(refusal)
  await expect(sender.wait('all of it')).rejects.toMatchObject(refusal)
  expect(sender.pending()).toEqual([])
})

test('a transaction that fees left behind is replaced by a dearer one', async () => {
  const sender = await market.sender(richKey(market.chain, 2))
  await market.chain.setAutomine(false)
  try {
    const { hash } = await sender.submit(coins(3n))
    const waiting = sender.wait(hash)
    const offered = sender.pending().at(-1)?.maxFeePerGas ?? 0n
    for (let block = 0; sender.pending().at(-1)?.hashes.length === 1; block += 1) {
      await market.chain.request('anvil_setNextBlockBaseFeePerGas', [`0x${(offered * 3n).toString(16)}`])
      await market.chain.mine(1)
      await new Promise((resolve) => setTimeout(resolve, 3 * POLL_MS))
      expect(block).toBeLessThan(20)
    }
    await market.chain.mine(1)
    const receipt = await waiting
    expect(receipt.hash).not.toBe(hash)
    expect(receipt.gasPrice).toBeGreaterThan(offered)
  } finally {
    await market.chain.setAutomine(true)
  }
})

test('waits out an RPC that is gone, and goes on by itself when it is back', async () => {
  const line = await startLine(market.chain.rpcUrl)
  const rpc = createRpc({ urls: [line.url], chainId: market.chain.chainId })
  const sender = await market.sender(richKey(market.chain, 3), { rpc })
  await line.cut()
  const submitting = sender.submit(coins(1n))
  await expect(rpc.request('eth_blockNumber', [])).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  await expect(sender.submit(coins(1n), { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  await line.mend()
  const { hash } = await submitting
  expect((await sender.wait(hash)).ok).toBe(true)
  await line.cut()
})

test('a transaction that a reorganisation removed is sent again', async () => {
  const sender = await market.sender(richKey(market.chain, 5))
  const before = await market.reader.nativeBalance(stranger)
  const snapshot = await market.chain.request('evm_snapshot')
  const { hash } = await sender.submit(coins(11n))
  await sender.wait(hash)
  await market.chain.request('evm_revert', [snapshot])
  expect(await market.reader.nativeBalance(stranger)).toBe(before)
  while ((await market.reader.nativeBalance(stranger)) === before) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  expect((await market.reader.nativeBalance(stranger)) - before).toBe(11n)
})

test('a receipt that a node remembers of a block that fell out is not believed', async () => {
  const before = await received()
  const receipts = new Map<string, unknown>()
  const request: Rpc['request'] = async (method, params, options) => {
    const answer = await market.rpc.request(method, params, options)
    if (method !== 'eth_getTransactionReceipt') return answer
    if (answer !== null) receipts.set(`${params[0]}`, answer)
    return answer ?? ((receipts.get(`${params[0]}`) ?? null) as typeof answer)
  }
  const sender = await market.sender(market.deployerKey, { rpc: { chainId: market.rpc.chainId, request } })
  await sender.wait((await sender.submit(transfer(9n))).hash)
  await market.chain.request('anvil_reorg', [1, []])
  expect(await received()).toBe(before)
  while ((await received()) === before) {
    await market.chain.mine(1)
    await pause(POLL_MS)
  }
  expect((await received()) - before).toBe(9n)
  await sender.stop()
})

test('a reverting call costs no nonce, a poor account is told what it lacks', async () => {
  const sender = await market.sender(market.deployerKey)
  const tooMuch = transfer(2n ** 200n)
  await expect(sender.submit(tooMuch)).rejects.toMatchObject({
    data: { code: 'CONTRACT_REVERTED', error: 'ERC20InsufficientBalance', hash: null },
  })
  expect(sender.pending()).toEqual([])
  const poor = await market.sender(testKey(55))
  await expect(poor.submit({ ...transfer(0n), gas: 100_000n })).rejects.toMatchObject({
    data: { code: 'NO_GAS_MONEY', balanceWei: 0n },
  })
})

test('takes no more than its bound of unmined transactions', async () => {
  const sender: TransactionSender = await market.sender(richKey(market.chain, 4))
  await market.chain.setAutomine(false)
  try {
    const many = Array.from({ length: 300 }, () => sender.submit({ ...coins(1n), gas: 21_000n }))
    const outcomes = await Promise.allSettled(many)
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(300 - 256)
    expect(refused[0]).toMatchObject({ reason: { code: 'QUEUE_FULL' } })
  } finally {
    await market.chain.setAutomine(true)
    await market.chain.mine(1)
  }
})
