import type { Hex } from '@souk/protocol'
import { ChainError } from './errors.ts'
import { type Fees, suggestFees } from './fees.ts'
import { decodeRevert, revertedError } from './revert.ts'
import type { Rpc } from './rpc.ts'
import type { TransactionRequest } from './transaction-row.ts'

/** What the chain must tell before a transaction can be signed. */
export interface Prepared {
  readonly gas: bigint
  readonly fees: Fees
  /** Transactions of the sender that are mined. */
  readonly minedCount: number
}

/** Per cent of the estimate: state may change between estimate and inclusion. */
const GAS_PERCENT = 125n

/**
 * Estimates gas and fees of a call upon the pending state, in one request.
 *
 * Throws {@link ChainError} `CONTRACT_REVERTED` where the call would fail, `NO_GAS_MONEY` where the sender
 * could not pay for it.
 */
export async function prepareTransaction(
  rpc: Rpc,
  from: Hex,
  request: TransactionRequest,
  mostFeePerGas: bigint,
  signal?: AbortSignal,
): Promise<Prepared> {
  const options = signal === undefined ? {} : { signal }
  const [gas, fees, count, balance] = await Promise.all([
    request.gas ?? estimateGas(rpc, from, request, options),
    suggestFees(rpc, mostFeePerGas, signal),
    rpc.request('eth_getTransactionCount', [from, 'latest'], options),
    rpc.request('eth_getBalance', [from, 'latest'], options),
  ])
  const neededWei = gas * fees.maxFeePerGas + (request.valueWei ?? 0n)
  if (BigInt(balance as Hex) < neededWei) await requireComing(rpc, from, neededWei, options)
  return { gas, fees, minedCount: Number(count) }
}

/** Returns a call as JSON-RPC takes it. */
export function callObject(from: Hex, { to, data, valueWei = 0n }: TransactionRequest) {
  return { from, data, value: `0x${valueWei.toString(16)}`, ...(to === null ? {} : { to }) }
}

async function estimateGas(
  rpc: Rpc,
  from: Hex,
  request: TransactionRequest,
  options: { signal?: AbortSignal },
) {
  try {
    const estimate = await rpc.request('eth_estimateGas', [callObject(from, request), 'pending'], options)
    return (BigInt(estimate as Hex) * GAS_PERCENT) / 100n
  } catch (error) {
    if (!isRevert(error)) throw error
    throw revertedError(request.purpose, decodeRevert(error.data.revertData), null)
  }
}

/** Tells whether a node's error means that the contract refused the call. */
export function isRevert(
  error: unknown,
): error is ChainError & { data: Extract<ChainError['data'], { code: 'RPC_ERROR' }> } {
  if (!(error instanceof ChainError) || error.data.code !== 'RPC_ERROR') return false
  return error.data.revertData !== null || /revert/i.test(error.data.reason)
}

/** Throws `NO_GAS_MONEY` unless coins that are on their way make up for what is missing. */
async function requireComing(rpc: Rpc, account: Hex, neededWei: bigint, options: { signal?: AbortSignal }) {
  const balanceWei = BigInt((await rpc.request('eth_getBalance', [account, 'pending'], options)) as Hex)
  if (balanceWei >= neededWei) return
  throw new ChainError(
    `expected at least ${neededWei} wei at ${account} for gas, found ${balanceWei}; send native coins there`,
    { code: 'NO_GAS_MONEY', account, balanceWei, neededWei },
  )
}
