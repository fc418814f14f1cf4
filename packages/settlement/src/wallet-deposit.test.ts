import { addressOf, type Hex } from '@souk/protocol'
import { encodeDeployData, encodeFunctionData } from 'viem/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fundAccounts } from './account-setup.ts'
import { createEscrowReader } from './escrow-reader.ts'
import { escrowAbi, escrowBytecode } from './generated/escrow.ts'
import { readPermitFacts } from './permit.ts'
import {
  hollowPermitTokenBytecode,
  oldPermitTokenBytecode,
  ownedWalletAbi,
  ownedWalletBytecode,
  plainTokenBytecode,
} from './testing/generated/contracts.ts'
import { startTestMarket, type TestMarket, testKey } from './testing/market.ts'
import { tokenData } from './token-calls.ts'
import { depositCalls, depositTokens, type WalletTools } from './wallet-deposit.ts'

const key = testKey(31)
const account = addressOf(key)
const AMOUNT = 5_000n
let market: TestMarket

beforeAll(async () => {
  market = await startTestMarket()
  const deployer = await market.sender(market.deployerKey)
  await fundAccounts(market.tools(deployer), [{ to: account, tokens: 100_000n, wei: 10n ** 19n }])
})
afterAll(() => market?.stop())

async function deploy(data: Hex): Promise<Hex> {
  const deployer = await market.sender(market.deployerKey)
  const { id } = await deployer.submit({ purpose: 'deployment', to: null, data })
  const { contractAddress } = await deployer.wait(id)
  if (contractAddress === null) throw new Error('a deployment has an address')
  return contractAddress.toLowerCase() as Hex
}

/** Deploys a token and an escrow for it, and gives the account some. */
async function marketOf(bytecode: Hex): Promise<WalletTools> {
  const token = await deploy(bytecode)
  const args = [token, '0x0000000000000000000000000000000000000000', 8] as const
  const escrow = await deploy(encodeDeployData({ abi: escrowAbi, bytecode: escrowBytecode, args }))
  const reader = createEscrowReader(market.rpc, { escrow, token })
  const deployer = await market.sender(market.deployerKey)
  const data = tokenData.transfer(account, 100_000n)
  await deployer.wait((await deployer.submit({ purpose: 'tokens', to: token, data })).id)
  return { sender: await market.sender(key), rpc: market.rpc, reader, escrow, token }
}

const sent = async () => Number(await market.rpc.request('eth_getTransactionCount', [account, 'latest']))

describe('a deposit', () => {
  test('takes one transaction with a permit', async () => {
    const tools = { ...market.tools(await market.sender(key)), rpc: market.rpc }
    const before = await sent()
    expect(await depositTokens(tools, key, AMOUNT)).toMatchObject({ way: 'permit', credited: AMOUNT })
    expect((await sent()) - before).toBe(1)
    expect(await market.reader.balance(account)).toBe(AMOUNT)
  })

  test('takes one with the permit of a token that tells only the hash of its domain', async () => {
    const tools = await marketOf(oldPermitTokenBytecode)
    const facts = await readPermitFacts({ rpc: market.rpc, token: tools.token, owner: account })
    expect(facts).toMatchObject({ nonce: 0n, domain: { name: 'Old Permit', version: '2' } })
    const before = await sent()
    expect(await depositTokens(tools, key, AMOUNT)).toMatchObject({ way: 'permit', credited: AMOUNT })
    expect((await sent()) - before).toBe(1)
  })

  test.each([
    ['has no permit', plainTokenBytecode],
    ['only claims to have permits', hollowPermitTokenBytecode],
  ])('approves first where the token %s, and not where the allowance is there', async (_what, bytecode) => {
    const tools = await marketOf(bytecode)
    const before = await sent()
    expect(await depositTokens(tools, key, AMOUNT)).toMatchObject({ way: 'approve', credited: AMOUNT })
    expect((await sent()) - before).toBe(2)
    const data = tokenData.approve(tools.escrow, AMOUNT)
    await tools.sender.wait((await tools.sender.submit({ purpose: 'approval', to: tools.token, data })).id)
    expect(await depositTokens(tools, key, AMOUNT)).toMatchObject({ way: 'allowed' })
    expect(await tools.reader.balance(account)).toBe(2n * AMOUNT)
  })

  test('replaces an allowance that is too small, also by way of zero', async () => {
    const tools = await marketOf(plainTokenBytecode)
    const data = tokenData.approve(tools.escrow, 1n)
    await tools.sender.wait((await tools.sender.submit({ purpose: 'approval', to: tools.token, data })).id)
    expect(await depositTokens(tools, key, AMOUNT)).toMatchObject({ way: 'approve', credited: AMOUNT })
  })

  test('of more than there is says so and sends nothing', async () => {
    const tools = { ...market.tools(await market.sender(key)), rpc: market.rpc }
    const before = await sent()
    await expect(depositTokens(tools, key, 10n ** 9n)).rejects.toMatchObject({
      data: { code: 'NOT_ENOUGH_TOKENS', needed: 10n ** 9n },
    })
    expect(await sent()).toBe(before)
  })

  test('by a contract account is one batch of plain calls', async () => {
    const tools = await marketOf(plainTokenBytecode)
    const wallet = await deploy(
      encodeDeployData({ abi: ownedWalletAbi, bytecode: ownedWalletBytecode, args: [account] }),
    )
    const give = { purpose: 'tokens', to: tools.token, data: tokenData.transfer(wallet, AMOUNT) }
    await tools.sender.wait((await tools.sender.submit(give)).id)
    const calls = await depositCalls(tools, wallet, AMOUNT)
    expect(calls.map(({ to }) => to)).toEqual([tools.token, tools.escrow])
    const data = encodeFunctionData({ abi: ownedWalletAbi, functionName: 'execute', args: [calls] })
    await tools.sender.wait((await tools.sender.submit({ purpose: 'batch', to: wallet, data })).id)
    expect(await tools.reader.balance(wallet)).toBe(AMOUNT)
    await expect(depositCalls(tools, wallet, 1n)).rejects.toMatchObject({ code: 'NOT_ENOUGH_TOKENS' })
  })
})
