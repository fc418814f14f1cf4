import { join } from 'node:path'
import { toHex } from '@souk/protocol'
import type { Page } from 'playwright-core'
import { createWalletClient, http, numberToHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** A browser wallet whose owner is the test. */
export interface TestWallet {
  readonly account: PrivateKeyAccount
  /** What its owner was asked for and agreed to. */
  readonly agreed: { signatures: number; transactions: number }
  /** The owner says no to everything until this is taken back. */
  declines: boolean
  /** It stands for a contract account, whose signatures no key made. */
  isContract: boolean
  /** The chain it is set to, and those it knows. */
  chainId: number
  readonly knownChains: Set<number>
}

interface Request {
  readonly method: string
  readonly params?: readonly unknown[]
}

type Answer = { readonly result: unknown } | { readonly error: { code: number; message: string } }

/** Puts a wallet that announces itself by EIP-6963 into every document that `page` loads from now on. */
export async function installWallet(
  page: Page,
  options: { key: Uint8Array; rpcUrl: string; chainId: number },
): Promise<TestWallet> {
  const { key, rpcUrl, chainId } = options
  const wallet: TestWallet = {
    account: privateKeyToAccount(toHex(key)),
    agreed: { signatures: 0, transactions: 0 },
    declines: false,
    isContract: false,
    chainId,
    knownChains: new Set([chainId]),
  }
  const answer = createAnswers(wallet, rpcUrl)
  await page.exposeFunction('askTestWallet', async (request: Request): Promise<Answer> => {
    try {
      return { result: await answer(request) }
    } catch (error) {
      const { code = -32603, message } = error as { code?: number; message: string }
      return { error: { code, message } }
    }
  })
  await page.addInitScript({ path: join(import.meta.dirname, 'announce-wallet.js') })
  return wallet
}

function createAnswers(wallet: TestWallet, rpcUrl: string) {
  const { account, agreed } = wallet
  const client = createWalletClient({ account, transport: http(rpcUrl) })
  let connected = false
  const askOwner = () => {
    if (wallet.declines) throw refusal(4001, 'User rejected the request.')
  }
  return async ({ method, params = [] }: Request): Promise<unknown> => {
    switch (method) {
      case 'eth_requestAccounts':
        askOwner()
        connected = true
        return [account.address]
      case 'eth_accounts':
        return connected ? [account.address] : []
      case 'eth_chainId':
        return numberToHex(wallet.chainId)
      case 'wallet_switchEthereumChain':
      case 'wallet_addEthereumChain':
        askOwner()
        return setChain(wallet, method, Number((params[0] as { chainId: string }).chainId))
      case 'eth_signTypedData_v4': {
        askOwner()
        agreed.signatures += 1
        if (wallet.isContract) return `0x${'5a'.repeat(96)}`
        return account.signTypedData(JSON.parse(String(params[1])))
      }
      case 'eth_sendTransaction': {
        askOwner()
        agreed.transactions += 1
        const { to, data } = params[0] as { to: `0x${string}`; data: `0x${string}` }
        // A gas limit of its own: it sends also what is going to fail.
        return client.sendTransaction({ chain: null, to, data, gas: 300_000n })
      }
      case 'wallet_requestPermissions':
      case 'wallet_revokePermissions':
        throw refusal(4200, 'not supported')
      default:
        return client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }
}

function setChain(wallet: TestWallet, method: string, chainId: number): null {
  if (method === 'wallet_addEthereumChain') wallet.knownChains.add(chainId)
  if (!wallet.knownChains.has(chainId)) throw refusal(4902, 'Unrecognized chain ID.')
  wallet.chainId = chainId
  return null
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { code })
}
