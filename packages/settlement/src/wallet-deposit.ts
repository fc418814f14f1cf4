import type { Hex } from '@souk/protocol'
import type { AccountTools } from './account-setup.ts'
import { ChainError } from './errors.ts'
import { escrowData } from './escrow-calls.ts'
import { decodeEscrowLog } from './escrow-events.ts'
import { tokenReads } from './escrow-reads.ts'
import { readPermitFacts } from './permit.ts'
import { callObject, isRevert } from './prepare-transaction.ts'
import type { Receipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { signPermit, tokenData } from './token-calls.ts'
import type { TransactionRequest } from './transaction-row.ts'
import { WalletError } from './wallet-error.ts'

/** What deposits, withdrawals and delegates of one account work on. */
export interface WalletTools extends AccountTools {
  readonly rpc: Rpc
  /** Returns the journal name of the next transaction; random ones by default. */
  readonly nameTransaction?: () => string
}

/** How a token's allowance comes: with the deposit, in transactions before it, or it is there already. */
export type DepositWay = 'permit' | 'approve' | 'allowed'

/** A deposit that is mined. */
export interface MadeDeposit {
  readonly receipt: Receipt
  readonly way: DepositWay
  /** Base units that really arrived: some tokens keep a part. */
  readonly credited: bigint
}

/** A call that a contract account sends by itself. */
export interface PlainCall {
  readonly to: Hex
  readonly data: Hex
}

/** Seconds for a permit to be mined; the account's counter at the token ends it earlier. */
const PERMIT_SECONDS = 86_400

/**
 * Deposits `amount` base units of the account's tokens with as few transactions as the token allows.
 *
 * One, where it takes permits or the allowance is there; an approval before it elsewhere. `also` are calls of the
 * escrow that are made in the same transaction. `key` is the private key of the account that `tools.sender` sends
 * as. Throws {@link WalletError} `NOT_ENOUGH_TOKENS`, and what
 * `TransactionSender.wait` throws.
 */
export async function depositTokens(
  tools: WalletTools,
  key: Uint8Array,
  amount: bigint,
  also: readonly Hex[] = [],
): Promise<MadeDeposit> {
  const account = tools.sender.address
  await requireTokens(tools, account, amount)
  const allowed = await readAllowance(tools, account)
  if (allowed >= amount) return finish(tools, 'allowed', escrowData.deposit(amount), also)
  const permitted = await permittedDeposit(tools, key, amount)
  if (permitted !== null) return finish(tools, 'permit', permitted, also)
  await approve(tools, amount, allowed)
  return finish(tools, 'approve', escrowData.deposit(amount), also)
}

/**
 * Returns the calls that deposit `amount` base units from `account`, for a contract account to send as one batch.
 *
 * Throws {@link WalletError} `NOT_ENOUGH_TOKENS`.
 */
export async function depositCalls(
  tools: Pick<WalletTools, 'rpc' | 'reader' | 'escrow' | 'token' | 'signal'>,
  account: Hex,
  amount: bigint,
): Promise<PlainCall[]> {
  await requireTokens(tools, account, amount)
  const allowed = await readAllowance(tools, account)
  const approval = (units: bigint) => ({
    to: tools.token,
    data: tokenData.approve(tools.escrow, units),
  })
  const deposit = { to: tools.escrow, data: escrowData.deposit(amount) }
  if (allowed >= amount) return [deposit]
  return allowed === 0n ? [approval(amount), deposit] : [approval(0n), approval(amount), deposit]
}

async function requireTokens(
  { reader, signal }: Pick<WalletTools, 'reader' | 'signal'>,
  account: Hex,
  needed: bigint,
): Promise<void> {
  const held = await reader.tokenBalance(account, signal === undefined ? {} : { signal })
  if (held >= needed) return
  throw new WalletError(
    `expected at least ${needed} base units of the token at ${account}, found ${held}; deposit less or send tokens there`,
    { code: 'NOT_ENOUGH_TOKENS', account, needed, held },
  )
}

async function readAllowance(
  { rpc, token, escrow, signal }: Pick<WalletTools, 'rpc' | 'token' | 'escrow' | 'signal'>,
  owner: Hex,
): Promise<bigint> {
  const { data, decode } = tokenReads.allowance(owner, escrow)
  const options = signal === undefined ? {} : { signal }
  return decode((await rpc.request('eth_call', [{ to: token, data }, 'pending'], options)) as Hex)
}

/** Returns the calldata of a deposit by permit; null where the token does not take one, found out by trying. */
async function permittedDeposit(tools: WalletTools, key: Uint8Array, amount: bigint): Promise<Hex | null> {
  const { rpc, token, escrow, signal } = tools
  const owner = tools.sender.address
  const options = signal === undefined ? {} : { signal }
  const facts = await readPermitFacts({ rpc, token, owner, ...options })
  if (facts === null) return null
  const block = (await rpc.request('eth_getBlockByNumber', ['latest', false], options)) as { timestamp: Hex }
  const deadline = BigInt(block.timestamp) + BigInt(PERMIT_SECONDS)
  const permit = signPermit(key, { ...facts, owner, spender: escrow, amount, deadline })
  const data = escrowData.depositWithPermit(permit)
  try {
    await rpc.request(
      'eth_call',
      [callObject(owner, { purpose: 'deposit', to: escrow, data }), 'pending'],
      options,
    )
    return data
  } catch (error) {
    if (isRevert(error)) return null
    throw error
  }
}

async function approve(tools: WalletTools, amount: bigint, allowed: bigint): Promise<void> {
  try {
    await send(tools, 'approval', tools.token, tokenData.approve(tools.escrow, amount))
  } catch (error) {
    if (allowed === 0n || !(error instanceof ChainError) || error.data.code !== 'CONTRACT_REVERTED')
      throw error
    // Some tokens change an allowance only from or to zero.
    await send(tools, 'approval taken back', tools.token, tokenData.approve(tools.escrow, 0n))
    await send(tools, 'approval', tools.token, tokenData.approve(tools.escrow, amount))
  }
}

async function finish(
  tools: WalletTools,
  way: DepositWay,
  deposit: Hex,
  also: readonly Hex[],
): Promise<MadeDeposit> {
  const data = also.length === 0 ? deposit : escrowData.multicall([deposit, ...also])
  const receipt = await send(tools, 'deposit', tools.escrow, data)
  const account = tools.sender.address
  const credited = receipt.logs
    .filter(({ address }) => address.toLowerCase() === tools.escrow)
    .map((log) => decodeEscrowLog(log))
    .reduce(
      (sum, event) => (event?.kind === 'deposited' && event.account === account ? sum + event.amount : sum),
      0n,
    )
  return { receipt, way, credited }
}

async function send(tools: WalletTools, purpose: string, to: Hex, data: Hex): Promise<Receipt> {
  return sendNamed(tools, { purpose, to, data })
}

/** Sends one call under the next journal name, and waits until it is mined. Throws like `TransactionSender.wait`. */
export async function sendNamed(tools: WalletTools, request: TransactionRequest): Promise<Receipt> {
  const options = tools.signal === undefined ? {} : { signal: tools.signal }
  const named = tools.nameTransaction === undefined ? request : { ...request, id: tools.nameTransaction() }
  const { id } = await tools.sender.submit(named, options)
  return tools.sender.wait(id, options)
}
