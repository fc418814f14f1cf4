import type { Hex } from '@souk/protocol'
import { ChainError, devTokenAbi, escrowData, readPermitFacts, tokenData } from '@souk/settlement'
import { decodeFunctionResult, encodeFunctionData, parseSignature } from 'viem'
import { shownAmount } from '../state/format.ts'
import type { Progress } from '../state/transaction-words.ts'
import { checkCall, refusalOf } from './check-call.ts'
import { type AccountTools, type EscrowCall, pause, pollMs, type TypedData } from './tools.ts'

/** Hears how far a deposit has come. */
export type Say = (progress: Progress) => void

/** Seconds that a permit stays good for: it is used at once, but wallets are slow to be found. */
const PERMIT_SECONDS = 3_600
/** Milliseconds for an approval to be mined; one that is replaced or dropped never is. */
const APPROVAL_MS = 600_000

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

/** Tokens that do not take the signature have the deposit refused, each with an error of its own. */
async function wouldPass(tools: AccountTools, call: EscrowCall): Promise<boolean> {
  try {
    await checkCall(tools, tools.account, call)
    return true
  } catch (error) {
    const isRefused = error instanceof ChainError && error.data.code === 'CONTRACT_REVERTED'
    if (isRefused && error.data.error !== 'ERC20InsufficientBalance') return false
    throw error
  }
}

async function approve(tools: AccountTools, amount: bigint, say: Say, signal: AbortSignal): Promise<void> {
  const allowed = await allowanceOf(tools)
  if (allowed >= amount) return
  say({ stage: 'approving' })
  const shown = shownAmount(amount, tools.network)
  const approval = approvalOf(tools, amount, `Approval of ${shown} for the escrow`)
  // Some tokens change an allowance only from or to zero.
  if (allowed > 0n && (await refusalOf(tools.rpc, { from: tools.account, ...approval }, 'latest')) !== null) {
    const hash = await tools.send(approvalOf(tools, 0n, 'Approval taken back'))
    await untilAllowed(tools, hash, (now) => now === 0n, signal)
  }
  await checkCall(tools, tools.account, approval)
  const hash = await tools.send(approval)
  await untilAllowed(tools, hash, (now) => now >= amount, signal)
}

async function untilAllowed(
  tools: AccountTools,
  hash: Hex,
  holds: (allowed: bigint) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + APPROVAL_MS
  while (!holds(await allowanceOf(tools))) {
    if (performance.now() > end) throw slowApproval(hash)
    await pause(pollMs(tools.network), signal)
  }
}

function slowApproval(hash: Hex): ChainError {
  const sentence = 'expected the approval on the chain by now, it is not; deposit again once it is'
  return new ChainError(sentence, { code: 'UNKNOWN_TRANSACTION', hash })
}

function approvalOf({ network }: AccountTools, amount: bigint, purpose: string): EscrowCall {
  return { purpose, to: network.token, data: tokenData.approve(network.escrow, amount) }
}

async function allowanceOf({ account, network, rpc }: AccountTools): Promise<bigint> {
  const abi = devTokenAbi
  const data = encodeFunctionData({ abi, functionName: 'allowance', args: [account, network.escrow] })
  const answer = await rpc.request('eth_call', [{ to: network.token, data }, 'latest'])
  return decodeFunctionResult({ abi, functionName: 'allowance', data: answer as Hex })
}
