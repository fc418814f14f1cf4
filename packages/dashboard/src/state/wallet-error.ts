import type { NetworkConfig, Revert } from '@souk/settlement'
import { ChainError } from '@souk/settlement'
import { shownAmount, shownCoins } from './format.ts'

/** Why an action stopped, in a sentence; calm where the person wanted it so. */
export interface Stopped {
  readonly sentence: string
  readonly calm: boolean
}

/** EIP-1193 and MetaMask's codes: the person said no; a request is open already. */
const DECLINED = 4001
const ALREADY_OPEN = -32002
/** Causes followed below an error: wallets wrap theirs some levels deep. */
const DEPTH = 10
/** Characters shown of a sentence that a wallet made. */
const FOREIGN_LENGTH = 200

/** Explains whatever a wallet, the chain or our own check threw. */
export function explainStop(error: unknown, network: NetworkConfig): Stopped {
  const causes = chainOf(error)
  const codes = causes.map((cause) => fieldOf(cause, 'code'))
  if (codes.includes(DECLINED)) return calm('You declined it in the wallet. Nothing was sent.')
  if (codes.includes(ALREADY_OPEN)) {
    return calm('Your wallet has an open request already. Open the wallet and answer that one first.')
  }
  const ours = causes.find((cause) => cause instanceof ChainError)
  if (ours !== undefined) return alarm(explainChain(ours, network))
  const text = foreignText(causes)
  if (/insufficient funds/i.test(text)) return alarm('This account has too few native coins to pay for gas.')
  return alarm(`The wallet did not send it. It said: ${text}`)
}

/** Says in words why a contract refused a call. */
export function refusalSentence({ error, args }: Revert, network: NetworkConfig): string {
  const amount = (name: string) => shownAmount(BigInt(String(args[name] ?? 0)), network)
  switch (error) {
    case 'InsufficientBalance':
      return `the free balance is ${amount('balance')}, this needs ${amount('needed')}`
    case 'ERC20InsufficientBalance':
      return `the wallet holds ${amount('balance')}, this needs ${amount('needed')}`
    case 'ERC20InsufficientAllowance':
      return `the escrow may take ${amount('allowance')} of the wallet's tokens, this needs ${amount('needed')}`
    case 'BadRecipient':
      return 'the escrow cannot pay out to this address'
    case 'unknown':
      return 'the contract gave no reason'
    default: {
      const facts = Object.entries(args).map(([name, value]) => `${name} ${String(value)}`)
      return `the contract said ${error}(${facts.join(', ')})`
    }
  }
}

function explainChain({ data, message }: ChainError, network: NetworkConfig): string {
  switch (data.code) {
    case 'CONTRACT_REVERTED':
      return `Nothing was sent: ${refusalSentence(data, network)}.`
    case 'NO_GAS_MONEY':
      return `This account has ${shownCoins(data.balanceWei)} native coins, too few to pay for gas.`
    case 'WRONG_CHAIN':
      return `Nothing was sent: your wallet is on another chain than ${network.name}. Switch it and try again.`
    case 'RPC_UNAVAILABLE':
      return 'The chain does not answer right now. Nothing was sent; try again when it does.'
    case 'UNKNOWN_TRANSACTION':
      return 'The chain has not taken up the approval yet. Deposit again once it is done.'
    default:
      return `Nothing was sent. ${message.slice(0, FOREIGN_LENGTH)}`
  }
}

function chainOf(error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let at = error; at !== undefined && at !== null && causes.length < DEPTH; at = fieldOf(at, 'cause')) {
    causes.push(at)
  }
  return causes
}

function foreignText(causes: readonly unknown[]): string {
  for (const name of ['details', 'shortMessage', 'message']) {
    for (const cause of causes) {
      const text = fieldOf(cause, name)
      if (typeof text === 'string' && text !== '') return text.slice(0, FOREIGN_LENGTH)
    }
  }
  return 'nothing'
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function calm(sentence: string): Stopped {
  return { sentence, calm: true }
}

function alarm(sentence: string): Stopped {
  return { sentence, calm: false }
}
