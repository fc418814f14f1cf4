import type { Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { type Receipt, readReceipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { durationWords } from './runway.ts'
import { currentHash, decodeRow, type TransactionRow } from './transaction-row.ts'

/** Where a transaction of ours stands. */
export type OwnTransactionStatus =
  /** Offered, not mined. */
  | 'waiting'
  /** Not mined, and it offers less than blocks ask now. */
  | 'underpriced'
  /** Its nonce went to another transaction; it is sent again under the next one. */
  | 'displaced'
  | 'mined'
  /** Mined, and the contract refused it. */
  | 'failed'
  /** Given up: its nonce was used, and the call would fail by now. */
  | 'given-up'

/** A journalled transaction and what became of it. */
export interface OwnTransaction {
  readonly id: string
  readonly purpose: string
  readonly nonce: number
  /** The hash under which it was mined, or was sent last. */
  readonly hash: Hex
  /** Hashes before that one: the same call at a lower fee. */
  readonly replaced: readonly Hex[]
  readonly status: OwnTransactionStatus
  readonly block: number | null
  /** Unix milliseconds of its first signing; null where its name does not tell. */
  readonly sinceMs: number | null
  readonly maxFeePerGas: bigint
  /** The contract's error of one that was given up. */
  readonly reason: string | null
}

/** Transactions looked at, the newest: each costs a question per hash. */
const NEWEST = 32

/** Names a transaction for the journal, so that its time can be told from its name. */
export function nameTransaction(verb: string, nowMs: number, random: string): string {
  return `${verb} ${new Date(nowMs).toISOString()} ${random}`
}

/** Reads the journalled transactions of `account`, newest last; at most the newest 32. */
export async function readTransactionRows(
  journal: Pick<Journal, 'scan'>,
  scope: string,
  account: Hex,
): Promise<TransactionRow[]> {
  const rows = await journal.scan('transactions', `${scope}/${account}/`)
  const byNonce = rows.map(({ value }) => decodeRow(value)).sort((a, b) => a.nonce - b.nonce)
  return byNonce.slice(-NEWEST)
}

/** Asks the chain where journalled transactions stand; throws {@link ChainError} `RPC_UNAVAILABLE`. */
export async function followTransactions(
  rpc: Rpc,
  account: Hex,
  rows: readonly TransactionRow[],
  signal: AbortSignal,
): Promise<OwnTransaction[]> {
  const [head, count, ...receipts] = await Promise.all([
    rpc.request('eth_getBlockByNumber', ['latest', false], { signal }),
    rpc.request('eth_getTransactionCount', [account, 'latest'], { signal }),
    ...rows.map((row) => findReceipt(rpc, row, signal)),
  ])
  const baseFee = BigInt((head as { baseFeePerGas?: Hex }).baseFeePerGas ?? 0)
  return rows.map((row, i) =>
    ownTransaction(row, receipts[i] ?? null, { baseFee, minedCount: Number(count) }),
  )
}

/** Says in one sentence where a transaction stands. */
export function transactionWords(transaction: OwnTransaction, nowMs: number): string {
  const { purpose, hash, replaced, status, sinceMs, block, reason } = transaction
  const bumps = replaced.length === 1 ? 'once' : `${replaced.length} times`
  const bumped = replaced.length === 0 ? '' : `; fee raised ${bumps}, the newest is ${hash}`
  const since = sinceMs === null ? '' : ` for ${durationWords(Math.max(0, (nowMs - sinceMs) / 1000))}`
  switch (status) {
    case 'waiting':
      return `${purpose}: waiting${since} to be mined${bumped}`
    case 'underpriced':
      return `${purpose}: stuck${since}, it offers less than blocks cost now${bumped}; the next command that sends raises its fee`
    case 'displaced':
      return `${purpose}: something else used its nonce ${transaction.nonce}; the next command that sends sends it again`
    case 'mined':
      return `${purpose}: mined in block ${block}${replaced.length === 0 ? '' : `, replacing ${replaced.join(', ')}`}`
    case 'failed':
      return `${purpose}: failed in block ${block}, the contract refused it; its gas was paid`
    case 'given-up':
      return `${purpose}: given up, the contract would refuse it${reason === null ? '' : ` with ${reason}`}`
  }
}

function ownTransaction(
  row: TransactionRow,
  receipt: Receipt | null,
  chain: { baseFee: bigint; minedCount: number },
): OwnTransaction {
  const { id, purpose, nonce, maxFeePerGas, refused } = row
  const hash = receipt?.hash ?? currentHash(row)
  return {
    ...{ id, purpose, nonce, hash, maxFeePerGas },
    replaced: row.hashes.filter((each) => each !== hash),
    status: statusOf(row, receipt, chain),
    block: receipt?.block ?? null,
    sinceMs: sinceOf(id),
    reason: refused?.error ?? null,
  }
}

function statusOf(
  row: TransactionRow,
  receipt: Receipt | null,
  { baseFee, minedCount }: { baseFee: bigint; minedCount: number },
): OwnTransactionStatus {
  if (receipt !== null) return receipt.ok ? 'mined' : 'failed'
  if (row.refused !== null) return 'given-up'
  if (row.nonce < minedCount) return 'displaced'
  return row.maxFeePerGas < baseFee ? 'underpriced' : 'waiting'
}

function sinceOf(id: string): number | null {
  const at = Date.parse(id.split(' ').at(-2) ?? '')
  return Number.isNaN(at) ? null : at
}

async function findReceipt(rpc: Rpc, row: TransactionRow, signal: AbortSignal): Promise<Receipt | null> {
  const receipts = await Promise.all(row.hashes.map((hash) => readReceipt(rpc, hash, signal)))
  return receipts.find((receipt) => receipt !== null) ?? null
}
