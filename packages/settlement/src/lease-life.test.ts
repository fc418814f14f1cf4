import { leaseOf, type Quote, signStruct, structDigest } from '@souk/protocol'
import { encodeFunctionData } from 'viem/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withdraw } from './account-setup.ts'
import { readMoney } from './conservation.ts'
import { escrowData, type Opening } from './escrow-calls.ts'
import { decodeEscrowLog } from './escrow-events.ts'
import { gasOfLeases } from './gas-report.ts'
import { escrowAbi } from './generated/escrow.ts'
import type { Receipt } from './receipt.ts'
import {
  SETTLE_BLOCKS,
  setUpParties,
  startTestMarket,
  type TestMarket,
  type TestParty,
  testQuote,
} from './testing/market.ts'

const LEDGER = 10_000_000n
let market: TestMarket
let provider: TestParty
let requester: TestParty

beforeAll(async () => {
  market = await startTestMarket()
  const [first, second] = await setUpParties(market, [1, 2], LEDGER)
  if (first === undefined || second === undefined) throw new Error('two parties were asked for')
  provider = first
  requester = second
})
afterAll(() => market?.stop())

const opening = (quote: Quote): Opening => ({
  quote,
  providerSignature: signStruct(provider.delegateKey, market.network, 'Quote', quote),
  requesterSignature: signStruct(requester.delegateKey, market.network, 'Open', {
    lease: leaseOf(market.network, quote),
  }),
})
const voucherFor = (quote: Quote, cumulative: bigint) => {
  const voucher = { lease: leaseOf(market.network, quote), cumulative, ackFrom: 1, ackUntil: 2 }
  return { quote, voucher, signature: signStruct(requester.delegateKey, market.network, 'Voucher', voucher) }
}
const send = async (party: TestParty, purpose: string, data: `0x${string}`): Promise<Receipt> => {
  const { hash } = await party.sender.submit({ purpose, to: market.escrow, data })
  return party.sender.wait(hash)
}
const kinds = (receipt: Receipt) => receipt.logs.map((log) => decodeEscrowLog(log)?.kind)
const stateOf = (quote: Quote) => market.reader.leaseState(leaseOf(market.network, quote))

describe('the life of a lease', () => {
  test('opens relayed, pays by voucher, closes cooperatively', async () => {
    const quote = testQuote(provider, requester, 1)
    expect(kinds(await send(provider, 'relayed open', escrowData.open(opening(quote))))).toEqual(['opened'])
    expect(await stateOf(quote)).toMatchObject({
      status: 'open',
      paid: 0n,
      providerCharged: true,
      requesterCharged: true,
    })
    expect(await market.reader.delegate(requester.account, requester.delegate)).toMatchObject({
      inUse: quote.deposit,
    })

    const paid = await send(provider, 'redeem', escrowData.redeem(voucherFor(quote, 4_000n)))
    expect(paid.logs.map((log) => decodeEscrowLog(log))).toMatchObject([{ kind: 'redeemed', amount: 4_000n }])

    const close = { lease: leaseOf(market.network, quote), paid: 5_000n }
    const signatures = [provider, requester].map(({ delegateKey }) =>
      signStruct(delegateKey, market.network, 'Close', close),
    )
    const [byProvider = '0x', byRequester = '0x'] = signatures
    await send(provider, 'close', escrowData.closeCooperative(quote, 5_000n, byProvider, byRequester))
    expect(await stateOf(quote)).toMatchObject({ status: 'closed', paid: 5_000n })
    expect(await market.reader.balance(provider.account)).toBe(LEDGER + 5_000n)
    expect(await market.reader.balance(requester.account)).toBe(LEDGER - 5_000n)
  })

  test('ends by startClose and finalize once SETTLE blocks have passed', async () => {
    const quote = testQuote(provider, requester, 2)
    await send(requester, 'open', escrowData.open({ ...opening(quote), requesterSignature: '0x' }))
    const receipt = await send(requester, 'start close', escrowData.startClose(quote))
    expect(kinds(receipt)).toEqual(['ending'])
    await expect(send(provider, 'finalize', escrowData.finalize(quote))).rejects.toMatchObject({
      code: 'CONTRACT_REVERTED',
      data: { error: 'TooEarly', args: { atBlock: BigInt(receipt.block + SETTLE_BLOCKS) } },
    })
    await market.chain.mine(SETTLE_BLOCKS)
    await send(provider, 'finalize', escrowData.finalize(quote))
    expect(await stateOf(quote)).toMatchObject({ status: 'closed', paid: 0n })
  })

  test('opens what can be opened of several, and redeems several', async () => {
    const good = [testQuote(provider, requester, 3), testQuote(provider, requester, 4)]
    const tooDear = testQuote(provider, requester, 5, { deposit: 2n * LEDGER })
    const receipt = await send(provider, 'open many', escrowData.openMany([...good, tooDear].map(opening)))
    expect(kinds(receipt)).toEqual(['opened', 'opened', 'openSkipped'])
    const skipped = receipt.logs.map((log) => decodeEscrowLog(log)).at(-1)
    expect(skipped).toMatchObject({
      reason: { error: 'InsufficientBalance', args: { account: requester.account } },
    })
    const redeemed = await send(
      provider,
      'redeem',
      escrowData.redeemMany(good.map((quote) => voucherFor(quote, 700n))),
    )
    expect(kinds(redeemed)).toEqual(['redeemed', 'redeemed'])

    const gas = await gasOfLeases(
      market.rpc,
      market.escrow,
      { fromBlock: receipt.block, toBlock: redeemed.block },
      AbortSignal.timeout(5_000),
    )
    const total = [...gas.values()].reduce((sum, lease) => sum + lease.gas, 0n)
    expect(total).toBe(receipt.gasUsed + redeemed.gasUsed)
    expect(gas.size).toBe(3)
  })

  test('refuses a second open with the contract error, before anything is sent', async () => {
    const quote = testQuote(provider, requester, 6)
    await send(provider, 'open', escrowData.open(opening(quote)))
    await expect(send(provider, 'open again', escrowData.open(opening(quote)))).rejects.toMatchObject({
      data: {
        code: 'CONTRACT_REVERTED',
        error: 'AlreadyOpened',
        args: { lease: leaseOf(market.network, quote) },
        hash: null,
      },
    })
  })

  test('tells why a transaction failed that was mined', async () => {
    const quote = testQuote(provider, requester, 7)
    const data = escrowData.finalize(quote)
    const { id } = await provider.sender.submit({ purpose: 'blind', to: market.escrow, data, gas: 200_000n })
    await expect(provider.sender.wait(id)).rejects.toMatchObject({
      data: { error: 'NotOpened', purpose: 'blind' },
    })
  })
})

describe('the whole market', () => {
  test('conserves the supply, with open leases and after a withdrawal', async () => {
    await withdraw(market.tools(await market.sender(provider.key)), provider.account, 123n)
    const money = await readMoney(
      market.rpc,
      { ...market, deployedAt: market.tokenBlock },
      AbortSignal.timeout(5_000),
    )
    expect(money.conserved).toBe(true)
    expect(money.accounts.map(({ account }) => account)).toEqual(
      expect.arrayContaining([provider.account, requester.account]),
    )
    expect(money.accounts.find(({ account }) => account === provider.account)?.locked).toBe(3n * 60_000n)
  })

  test('hashes every struct as the contract does', async () => {
    const quote = testQuote(provider, requester, 8)
    const lease = leaseOf(market.network, quote)
    const voucher = voucherFor(quote, 9n).voucher
    const ask = (data: `0x${string}`) =>
      market.rpc.request('eth_call', [{ to: market.escrow, data }, 'latest'])
    const view = <N extends 'hashQuote' | 'hashOpen' | 'hashVoucher' | 'hashClose' | 'hashResultBatch'>(
      functionName: N,
      args: readonly unknown[],
    ) =>
      ask(
        encodeFunctionData({ abi: escrowAbi, functionName, args } as Parameters<
          typeof encodeFunctionData
        >[0]),
      )
    expect(await view('hashQuote', [quote])).toBe(lease)
    expect(await view('hashOpen', [lease])).toBe(structDigest(market.network, 'Open', { lease }))
    expect(await view('hashVoucher', [voucher])).toBe(structDigest(market.network, 'Voucher', voucher))
    expect(await view('hashClose', [lease, 5n])).toBe(
      structDigest(market.network, 'Close', { lease, paid: 5n }),
    )
    expect(await view('hashResultBatch', [lease, lease])).toBe(
      structDigest(market.network, 'ResultBatch', { lease, root: lease }),
    )
  })

  test('says so when the chain or the escrow is another one', async () => {
    const { createRpc } = await import('./rpc.ts')
    const { createEscrowReader } = await import('./escrow-reader.ts')
    const elsewhere = createEscrowReader(createRpc({ urls: [market.chain.rpcUrl], chainId: 1 }), market)
    await expect(elsewhere.checkChain()).rejects.toMatchObject({
      data: { code: 'WRONG_CHAIN', expected: 1, actual: 31_337 },
    })
    const empty = createEscrowReader(market.rpc, { escrow: provider.account, token: market.token })
    await expect(empty.checkChain()).rejects.toMatchObject({ code: 'NO_ESCROW' })
    await expect(market.reader.checkChain()).resolves.toBeUndefined()
  })
})
