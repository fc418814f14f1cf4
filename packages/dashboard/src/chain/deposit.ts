import type { Hex } from '@souk/protocol'
import { ChainError, devTokenAbi, escrowData, readPermitFacts, tokenData } from '@souk/settlement'
import { decodeFunctionResult, encodeFunctionData, parseSignature } from 'viem'
import { shownAmount } from '../state/format.ts'
import type { Progress } from '../state/transaction-words.ts'
import { checkCall } from './check-call.ts'
import { type AccountTools, type EscrowCall, pause, pollMs, type TypedData } from './tools.ts'

/** Hears how far a deposit has come. */
export type Say = (progress: Progress) => void

/** Seconds that a permit stays good for: it is used at once, but wallets are slow to be found. */
const PERMIT_SECONDS = 3_600

const PERMIT = [
  { name: 'owner', type: 'address' },
  { name: 'spender', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint256' },
] as const

/**
 * Deposits `amount` base units: by a permit, with one signature and one transaction, where token and account
 * can; else by an approval and a deposit. Returns the deposit's hash.
 *
 * Throws {@link ChainError} `CONTRACT_REVERTED` before anything is sent that would fail, and what the wallet throws.
 */
export async function deposit(
  tools: AccountTools,
  amount: bigint,
  headSeconds: number,
  say: Say,
  signal: AbortSignal,
): Promise<Hex> {
  say({ stage: 'checking' })
  const call = (data: Hex): EscrowCall => ({
    purpose: `Deposit of ${shownAmount(amount, tools.network)}`,
    to: tools.network.escrow,
    data,
  })
  const permit = await permitFor(tools, amount, headSeconds)
  if (permit !== null) {
    say({ stage: 'permit' })
    const data = await signedDeposit(tools, amount, permit)
    if (data !== null && (await wouldPass(tools, call(data)))) return sendCall(tools, call(data), say)
  }
  await approve(tools, amount, say, signal)
  const plain = call(escrowData.deposit(amount))
  await checkCall(tools, tools.account, plain)
  return sendCall(tools, plain, say)
}

/** Checks a call, asks the wallet to send it, and returns the hash. */
export async function checkAndSend(tools: AccountTools, call: EscrowCall, say: Say): Promise<Hex> {
  say({ stage: 'checking' })
  await checkCall(tools, tools.account, call)
  return sendCall(tools, call, say)
}

async function sendCall(tools: AccountTools, call: EscrowCall, say: Say): Promise<Hex> {
  say({ stage: 'confirming' })
  const hash = await tools.send(call)
  say({ stage: 'sent', hash })
  return hash
}

/** Returns the permit to sign, `null` where an approval stands already or the token knows no permits. */
async function permitFor(
  tools: AccountTools,
  amount: bigint,
  headSeconds: number,
): Promise<TypedData | null> {
  const { account, network, rpc } = tools
  if ((await allowanceOf(tools)) >= amount) return null
  const facts = await readPermitFacts({ rpc, token: network.token, owner: account })
  if (facts === null) return null
  const { domain, nonce } = facts
  const deadline = BigInt(headSeconds + PERMIT_SECONDS)
  const message = { owner: account, spender: network.escrow, value: amount, nonce, deadline }
  return { domain, types: { Permit: PERMIT }, primaryType: 'Permit', message }
}

/** Returns the deposit with its signed permit, `null` where the signature is a contract account's: no key's. */
async function signedDeposit(tools: AccountTools, amount: bigint, permit: TypedData): Promise<Hex | null> {
  const signature = await tools.signTypedData(permit)
  const deadline = BigInt(String(permit.message.deadline))
  try {
    const { r, s, yParity } = parseSignature(signature)
    return escrowData.depositWithPermit({ amount, deadline, v: 27 + yParity, r, s })
  } catch {
    return null
  }
}

/** Where the token does not take the signature, the deposit would fail for want of an allowance. */
async function wouldPass(tools: AccountTools, call: EscrowCall): Promise<boolean> {
  try {
    await checkCall(tools, tools.account, call)
    return true
  } catch (error) {
    if (error instanceof ChainError && error.data.code === 'CONTRACT_REVERTED') {
      if (error.data.error === 'ERC20InsufficientAllowance') return false
    }
    throw error
  }
}

async function approve(tools: AccountTools, amount: bigint, say: Say, signal: AbortSignal): Promise<void> {
  if ((await allowanceOf(tools)) >= amount) return
  const { escrow, token } = tools.network
  const purpose = `Approval of ${shownAmount(amount, tools.network)} for the escrow`
  say({ stage: 'approving' })
  await tools.send({ purpose, to: token, data: tokenData.approve(escrow, amount) })
  while ((await allowanceOf(tools)) < amount) await pause(pollMs(tools.network), signal)
}

async function allowanceOf({ account, network, rpc }: AccountTools): Promise<bigint> {
  const abi = devTokenAbi
  const data = encodeFunctionData({ abi, functionName: 'allowance', args: [account, network.escrow] })
  const answer = await rpc.request('eth_call', [{ to: network.token, data }, 'latest'])
  return decodeFunctionResult({ abi, functionName: 'allowance', data: answer as Hex })
}
