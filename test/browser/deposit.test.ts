import { type Hex, toHex } from '@souk/protocol'
import {
  createEscrowReader,
  devTokenBytecode,
  escrowAbi,
  escrowBytecode,
  fundAccounts,
  NO_COURT,
  tokenData,
} from '@souk/settlement'
import { createWalletClient, encodeDeployData, http, type LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { waitForTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAndSend, deposit } from '../../packages/dashboard/src/chain/deposit.ts'
import type { AccountTools } from '../../packages/dashboard/src/chain/tools.ts'
import {
  hollowPermitTokenBytecode,
  oldPermitTokenBytecode,
  plainTokenBytecode,
} from '../../packages/settlement/src/testing/generated/contracts.ts'
import {
  SETTLE_BLOCKS,
  startTestMarket,
  type TestMarket,
  testKey,
} from '../../packages/settlement/src/testing/market.ts'
import { networkOf } from './support/page-stage.ts'

const AMOUNT = 5_000n
let market: TestMarket
let account: LocalAccount

beforeAll(async () => {
  market = await startTestMarket()
  account = privateKeyToAccount(toHex(testKey(1)))
  const deployer = await market.sender(market.deployerKey)
  await fundAccounts(market.tools(deployer), [{ to: account.address, wei: 10n ** 18n }])
})
afterAll(() => market?.stop())

/** An account with tokens of one kind, an escrow for them, and a wallet that counts what it is asked. */
async function stageOf(bytecode: Hex): Promise<AccountTools & { asked: string[] }> {
  const token = await deploy(bytecode)
  const args = [token, NO_COURT, SETTLE_BLOCKS] as const
  const escrow = await deploy(encodeDeployData({ abi: escrowAbi, bytecode: escrowBytecode, args }))
  await run({ to: token, data: tokenData.transfer(account.address, 4n * AMOUNT) })
  const { chain, rpc } = market
  const wallet = createWalletClient({ account, transport: http(chain.rpcUrl) })
  const asked: string[] = []
  return {
    ...{ asked, rpc, network: { ...networkOf(market), escrow, token, tokenDecimals: 3 } },
    reader: createEscrowReader(rpc, { escrow, token }),
    account: account.address.toLowerCase() as Hex,
    signTypedData(data) {
      asked.push('signature')
      return account.signTypedData(data as Parameters<typeof account.signTypedData>[0])
    },
    async send({ purpose, to, data }) {
      asked.push(purpose)
      const hash = await wallet.sendTransaction({ chain: null, to, data })
      await waitForTransactionReceipt(wallet, { hash, pollingInterval: 20 })
      return hash
    },
  }
}

const deploy = async (data: Hex) => {
  const { contractAddress } = await run({ to: null, data })
  if (contractAddress === null) throw new Error('a deployment has an address')
  return contractAddress
}

async function run(call: { to: Hex | null; data: Hex }) {
  const deployer = await market.sender(market.deployerKey)
  const { id } = await deployer.submit({ purpose: 'set up', ...call })
  return deployer.wait(id)
}

async function depositNow(tools: AccountTools, amount = AMOUNT): Promise<bigint> {
  const { timestamp } = (await market.rpc.request('eth_getBlockByNumber', ['latest', false])) as {
    timestamp: Hex
  }
  await deposit(tools, amount, Number(timestamp), () => {}, new AbortController().signal)
  return tools.reader.balance(tools.account)
}

describe('a deposit', () => {
  test.each([
    ['tells its domain', devTokenBytecode],
    ['tells only the hash of its domain', oldPermitTokenBytecode],
  ])('takes one signature and one transaction where the token %s', async (_what, bytecode) => {
    const tools = await stageOf(bytecode)
    expect(await depositNow(tools)).toBe(AMOUNT)
    expect(tools.asked).toEqual(['signature', 'Deposit of 5\u00a0devSOUK'])
  })

  test.each([
    ['has no permit', plainTokenBytecode, []],
    ['only claims to have permits', hollowPermitTokenBytecode, ['signature']],
  ])('is approved first where the token %s', async (_what, bytecode, before) => {
    const tools = await stageOf(bytecode)
    expect(await depositNow(tools)).toBe(AMOUNT)
    const both = ['Approval of 5\u00a0devSOUK for the escrow', 'Deposit of 5\u00a0devSOUK']
    expect(tools.asked).toEqual([...before, ...both])
  })

  test('asks for no signature where the allowance is there, and first takes back one that is too small', async () => {
    const tools = await stageOf(plainTokenBytecode)
    const approve = (amount: bigint) =>
      checkAndSend(
        tools,
        { purpose: 'set up', to: tools.network.token, data: tokenData.approve(tools.network.escrow, amount) },
        () => {},
      )
    await approve(AMOUNT)
    expect(await depositNow(tools)).toBe(AMOUNT)
    expect(tools.asked).toEqual(['set up', 'Deposit of 5\u00a0devSOUK'])
    await approve(1n)
    expect(await depositNow(tools)).toBe(2n * AMOUNT)
    expect(tools.asked.slice(3, 5)).toEqual([
      'Approval taken back',
      'Approval of 5\u00a0devSOUK for the escrow',
    ])
  })

  test('of more than there is sends nothing', async () => {
    const tools = await stageOf(devTokenBytecode)
    await expect(depositNow(tools, 5n * AMOUNT)).rejects.toMatchObject({
      data: { code: 'CONTRACT_REVERTED', error: 'ERC20InsufficientBalance' },
    })
    expect(tools.asked).toEqual(['signature'])
  })
})
