import { type Hex, toHex } from '@souk/protocol'
import { escrowData, networkScope } from '@souk/settlement'
import { type Account, createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lookAtTransaction } from '../../packages/dashboard/src/chain/transaction-look.ts'
import type { StoredTransaction } from '../../packages/dashboard/src/state/stored-transaction.ts'
import { richKey, startTestMarket, type TestMarket } from '../../packages/settlement/src/testing/market.ts'
import { networkOf } from './support/page-stage.ts'

let market: TestMarket
let account: Account

beforeAll(async () => {
  market = await startTestMarket()
  account = privateKeyToAccount(toHex(richKey(market.chain, 3)))
})
beforeEach(() => market.chain.setAutomine(false))
afterAll(() => market?.stop())

/** Sends a withdrawal that cannot succeed: nothing is deposited. */
async function send(): Promise<StoredTransaction> {
  const wallet = createWalletClient({ account, transport: http(market.chain.rpcUrl) })
  const owner = account.address.toLowerCase() as Hex
  const call = { to: market.escrow, data: escrowData.withdraw(owner, 5n), gas: 200_000n, chain: null }
  const hash = await wallet.sendTransaction({ ...call, account })
  const scope = networkScope(networkOf(market))
  return { hash, scope, account: owner, purpose: 'x', sentAtMs: 0, nonce: null, outcome: { state: 'sent' } }
}

const look = (known: StoredTransaction) =>
  lookAtTransaction(market.rpc, known, networkOf(market), new AbortController().signal)

describe('a transaction', () => {
  test("waits with its number, then fails with the contract's reason", async () => {
    const waiting = await look(await send())
    expect(waiting).toMatchObject({ nonce: 0, outcome: { state: 'sent' } })
    await market.chain.mine(1)
    expect((await look(waiting)).outcome).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^the free balance is 0.*this needs 0\.000000000000000005/),
    })
  })

  test('is told as replaced when another one used its number', async () => {
    const waiting = await look(await send())
    await market.chain.request('anvil_dropTransaction', [waiting.hash])
    expect((await look(waiting)).outcome).toEqual({ state: 'sent' })
    const wallet = createWalletClient({ account, transport: http(market.chain.rpcUrl) })
    await wallet.sendTransaction({ account, chain: null, to: account.address, nonce: waiting.nonce ?? 0 })
    await market.chain.mine(1)
    expect((await look(waiting)).outcome).toEqual({ state: 'replaced' })
  })

  test('that no node has seen is still waited for', async () => {
    const unknown = { ...(await send()), hash: toHex(new Uint8Array(32).fill(1)) }
    expect((await look(unknown)).outcome).toEqual({ state: 'sent' })
  })
})
