import { addressOf, type Hex, leaseOf, type Quote, signStruct } from '@souk/protocol'
import { encodeDeployData, encodeFunctionData } from 'viem/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fundAccounts } from './account-setup.ts'
import { escrowData } from './escrow-calls.ts'
import type { Receipt } from './receipt.ts'
import { ownedWalletAbi, ownedWalletBytecode } from './testing/generated/contracts.ts'
import {
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testKey,
  testQuote,
} from './testing/market.ts'
import { depositCalls } from './wallet-deposit.ts'
import { readAccountEvents } from './wallet-events.ts'
import { walletHistory } from './wallet-history.ts'
import { readWalletState } from './wallet-state.ts'

const LEDGER = 1_000_000n
const ownerKey = testKey(51)
const delegateKey = testKey(52)
const delegate = addressOf(delegateKey)
let market: TestMarket
let provider: TestParty
/** The contract account. */
let wallet: Hex
/** Its side of a quote. */
let requester: TestParty

beforeAll(async () => {
  market = await startTestMarket()
  const [first] = await setUpParties(market, [41], LEDGER)
  if (first === undefined) throw new Error('one party was asked for')
  provider = first
  const owner = await market.sender(ownerKey)
  const deployer = await market.sender(market.deployerKey)
  await fundAccounts(market.tools(deployer), [{ to: owner.address, wei: 10n ** 18n }])
  const args = [owner.address] as const
  const data = encodeDeployData({ abi: ownedWalletAbi, bytecode: ownedWalletBytecode, args })
  const { contractAddress } = await owner.wait((await owner.submit({ purpose: 'wallet', to: null, data })).id)
  wallet = (contractAddress ?? '0x').toLowerCase() as Hex
  requester = { key: ownerKey, account: wallet, delegateKey, delegate, sender: owner }
  await fundAccounts(market.tools(deployer), [{ to: wallet, tokens: LEDGER }])
  await batch([
    ...(await depositCalls({ ...market, rpc: market.rpc }, wallet, LEDGER)),
    { to: market.escrow, data: escrowData.setDelegate({ key: delegate, limit: LEDGER, expiry: 2 ** 39 }) },
  ])
})
afterAll(() => market?.stop())

/** Sends several calls as the contract account, in one transaction of its owner. */
async function batch(calls: readonly { to: Hex; data: Hex }[]): Promise<Receipt> {
  const data = encodeFunctionData({ abi: ownedWalletAbi, functionName: 'execute', args: [calls] })
  const { id } = await requester.sender.submit({ purpose: 'batch', to: wallet, data })
  return requester.sender.wait(id)
}

/** Opens a lease as the provider relays it, with the requester's consent signed by `signer`. */
async function open(quote: Quote, signer: Uint8Array): Promise<void> {
  const lease = leaseOf(market.network, quote)
  const providerSignature = signStruct(provider.delegateKey, market.network, 'Quote', quote)
  const requesterSignature = signStruct(signer, market.network, 'Open', { lease })
  await send(escrowData.open({ quote, providerSignature, requesterSignature }))
}

async function send(data: Hex): Promise<void> {
  const { id } = await provider.sender.submit({ purpose: 'call', to: market.escrow, data })
  await provider.sender.wait(id)
}

/** Pays `cumulative` by a voucher of the delegate and closes with both lease keys. */
async function payAndClose(quote: Quote, cumulative: bigint, paid: bigint): Promise<void> {
  const lease = leaseOf(market.network, quote)
  const voucher = { lease, cumulative, ackFrom: 1, ackUntil: 2 }
  const signature = signStruct(delegateKey, market.network, 'Voucher', voucher)
  await send(escrowData.redeem({ quote, voucher, signature }))
  const [ofProvider, ofRequester] = [provider.delegateKey, delegateKey].map((key) =>
    signStruct(key, market.network, 'Close', { lease, paid }),
  )
  await send(escrowData.closeCooperative(quote, paid, ofProvider ?? '0x', ofRequester ?? '0x'))
}

const events = async () =>
  readAccountEvents({
    ...{ rpc: market.rpc, escrow: market.escrow, account: wallet, signal: AbortSignal.timeout(10_000) },
    range: { fromBlock: market.block, toBlock: Number(await market.rpc.request('eth_blockNumber', [])) },
  })

test('a contract account deposits and authorises a delegate in one batch', async () => {
  expect(await market.reader.balance(wallet)).toBe(LEDGER)
  expect(await market.reader.delegate(wallet, delegate)).toMatchObject({ limit: LEDGER, inUse: 0n })
})

test('opens a lease by its owner’s signature, and its delegate’s vouchers pay', async () => {
  const quote = testQuote(provider, requester, 1)
  await open(quote, ownerKey)
  expect(await market.reader.leaseState(leaseOf(market.network, quote))).toMatchObject({
    ...{ status: 'open', requesterCharged: false },
  })
  expect(await market.reader.delegate(wallet, delegate)).toMatchObject({ inUse: 0n })
  await payAndClose(quote, 4_000n, 5_000n)
  expect(await market.reader.balance(wallet)).toBe(LEDGER - 5_000n)
})

test('opens a lease by its delegate, within the limit it set', async () => {
  const quote = testQuote(provider, requester, 2)
  await open(quote, delegateKey)
  expect(await market.reader.delegate(wallet, delegate)).toMatchObject({ inUse: quote.deposit })
  const state = await readWalletState({ ...market, account: wallet, events: await events() })
  expect(state).toMatchObject({ locked: quote.deposit, committed: quote.deposit, running: 1 })
  expect(state.rateE12).toBe(quote.rate)
  await payAndClose(quote, 1_000n, 1_000n)
  expect(await market.reader.balance(wallet)).toBe(LEDGER - 6_000n)
})

test('refuses what neither its owner nor its delegate signed', async () => {
  const quote = testQuote(provider, requester, 3)
  await expect(open(quote, testKey(99))).rejects.toMatchObject({ data: { error: 'BadSignature' } })
})

test('has a history that adds up to its balance, read by account', async () => {
  await batch([{ to: market.escrow, data: escrowData.withdraw(provider.account, 700n) }])
  const entries = walletHistory(wallet, await events())
  expect(entries.map(({ kind }) => kind)).toEqual([
    ...['deposit', 'delegate-set'],
    ...['lease-opened', 'payment', 'lease-closed', 'lease-opened', 'payment', 'lease-closed'],
    'withdrawal',
  ])
  const sum = entries.reduce((total, { change }) => total + (change ?? 0n), 0n)
  expect(sum).toBe(await market.reader.balance(wallet))
  const later = await readAccountEvents({
    ...{ rpc: market.rpc, escrow: market.escrow, account: provider.account },
    range: { fromBlock: market.block, toBlock: Number(await market.rpc.request('eth_blockNumber', [])) },
    signal: AbortSignal.timeout(10_000),
  })
  const earned = walletHistory(provider.account, later).reduce(
    (total, { change }) => total + (change ?? 0n),
    0n,
  )
  expect(earned).toBe(await market.reader.balance(provider.account))
})
