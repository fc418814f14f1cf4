import type { Hex } from '@souk/protocol'
import { broadcast } from './broadcast.ts'
import { ChainError, isUnavailable } from './errors.ts'
import { bumpFees, outbids, suggestFees } from './fees.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { type Receipt, readReceipt } from './receipt.ts'
import type { Rpc } from './rpc.ts'
import { signTransaction } from './sign-transaction.ts'
import type { TransactionBook } from './transaction-book.ts'
import type { TransactionRow } from './transaction-row.ts'

/** What the tracker needs of its sender. */
export interface TrackedSender {
  readonly rpc: Rpc
  readonly key: Uint8Array
  readonly address: Hex
  readonly book: TransactionBook
  readonly mostFeePerGas: bigint
  /** Blocks on top of a receipt before it is reported, and before it is never looked at again. */
  readonly confirmations: number
  readonly reorgDepth: number
  /** Blocks that pass without including a transaction before its fee is raised. */
  readonly stuckBlocks: number
  readonly signal: AbortSignal
  /** Gives a row another nonce, because a foreign transaction used its own. */
  renumber(row: TransactionRow): Promise<void>
  /** A receipt is as deep as `confirmations`. */
  landed(row: TransactionRow, receipt: Receipt): void
  /** A receipt that was seen is gone: the chain was reorganised. */
  vanished(row: TransactionRow): void
  /** The node refuses a transaction for a reason that time may heal. */
  problem(row: TransactionRow, error: ChainError): void
}

/** Follows journalled transactions until they are final. */
export interface TransactionTracker {
  /** Sends a row to the pool now. */
  send(row: TransactionRow): Promise<void>
  /** Looks once at all rows that are not final: re-sends, raises fees, reports receipts. */
  step(): Promise<void>
}

interface Progress {
  /** It was offered to a pool that took it. */
  sent: boolean
  /** Head at the first look after that; null before. */
  sentAt: number | null
  /** Head from which on the current fee counts as tried; null before the first look. */
  pricedAt: number | null
  /** Looks in a row at which its nonce was used and none of its hashes mined, or the other way round. */
  misses: number
  mined: boolean
}

const UNSENT = { sent: false, sentAt: null, pricedAt: null, mined: false }

/** Blocks after which an unmined transaction is sent again: pools forget. */
const RESEND_BLOCKS = 8
/**
 * Looks before a used nonce without receipt counts as used by someone else, and a receipt with an unused nonce as that
 * of a block that fell out: endpoints lag behind each other, and some remember what is no longer on the chain.
 */
const MISSES = 5
/** Replacements of one transaction: 25 % each, 32 of them are a factor above a thousand. */
const MOST_REPLACEMENTS = 32

/** Makes the tracker of one sender. */
export function createTransactionTracker(sender: TrackedSender): TransactionTracker {
  const { rpc, book, signal } = sender
  const progress = new Map<number, Progress>()
  let head = 0

  const of = (row: TransactionRow): Progress => {
    const known = progress.get(row.nonce) ?? { ...UNSENT, misses: 0 }
    progress.set(row.nonce, known)
    return known
  }
  const send = async (row: TransactionRow) => {
    const now = of(row)
    const answer = await broadcast(rpc, row, signal)
    Object.assign(now, { sent: typeof answer === 'string', sentAt: null })
    if (answer === 'underpriced') now.pricedAt = Number.NEGATIVE_INFINITY
    if (typeof answer !== 'string') sender.problem(row, answer)
  }
  const mined = async (row: TransactionRow, receipt: Receipt) => {
    const now = of(row)
    now.mined = true
    now.misses = 0
    const depth = head - receipt.block
    if (depth >= sender.confirmations) sender.landed(row, receipt)
    if (depth < sender.reorgDepth) return
    await book.put({ ...row, final: true })
    progress.delete(row.nonce)
  }
  const missing = async (row: TransactionRow, minedCount: number) => {
    const now = of(row)
    if (now.mined) {
      Object.assign(now, UNSENT)
      sender.vanished(row)
    }
    if (minedCount > row.nonce) return taken(row, now)
    now.misses = 0
    now.pricedAt ??= head
    now.sentAt ??= head
    if (!now.sent || head - now.sentAt >= RESEND_BLOCKS) await send(row)
    if (row.nonce === minedCount && head - now.pricedAt >= sender.stuckBlocks) await raiseFee(row, now)
  }
  const look = (row: TransactionRow, receipt: Receipt | undefined, minedCount: number) => {
    if (receipt === undefined) return missing(row, minedCount)
    return minedCount > row.nonce ? mined(row, receipt) : doubtful(row, minedCount)
  }
  const doubtful = async (row: TransactionRow, minedCount: number) => {
    const now = of(row)
    now.misses += 1
    if (now.misses >= MISSES) await missing(row, minedCount)
  }
  const taken = async (row: TransactionRow, now: Progress) => {
    now.misses += 1
    if (now.misses < MISSES || !(await isTakenForGood(row))) return
    progress.delete(row.nonce)
    await sender.renumber(row)
  }
  /** Under another nonce too early, the call would happen twice: a receipt may be late, and a block fall out. */
  const isTakenForGood = async ({ nonce }: TransactionRow) => {
    const deep = Math.max(0, head - sender.reorgDepth).toString(16)
    const count = await rpc.request('eth_getTransactionCount', [sender.address, `0x${deep}`], { signal })
    return Number(count) > nonce
  }
  const raiseFee = async (row: TransactionRow, now: Progress) => {
    now.pricedAt = head
    const fees = bumpFees(row, await suggestFees(rpc, sender.mostFeePerGas, signal), sender.mostFeePerGas)
    if (row.hashes.length > MOST_REPLACEMENTS || !outbids(fees, row)) return
    const { raw, hash } = signTransaction(sender.key, rpc.chainId, row, fees)
    const raised: TransactionRow = { ...row, ...fees, raw, hashes: [...row.hashes, hash] as [Hex, ...Hex[]] }
    await book.put(raised)
    await send(raised)
  }
  /** Blocks that held final transactions fell out: all that comes after waits until their nonces are used again. */
  const reviveFrom = async (minedCount: number) => {
    const lowest = book.pending()[0]?.nonce ?? 0
    for (const row of book.between(minedCount, Math.min(lowest, minedCount + CHAIN_LIMITS.trackedPerStep)))
      await book.put({ ...row, final: false })
  }
  /**
   * One row that fails must not keep the others from being looked at. That an endpoint went away in the middle is
   * no reason to wait longer: the next step finds out by itself whether it is gone.
   */
  const reportOrThrow = (row: TransactionRow, error: unknown) => {
    if (isUnavailable(error)) return
    if (!(error instanceof ChainError)) throw error
    sender.problem(row, error)
  }
  return {
    send,
    async step() {
      const rows = watched(book.pending(), (row) => of(row).mined)
      const options = { signal }
      const [number, count, ...receipts] = await Promise.all([
        rpc.request('eth_blockNumber', [], options),
        rpc.request('eth_getTransactionCount', [sender.address, 'latest'], options),
        ...rows.map((row) => receiptOf(rpc, row, signal)),
      ])
      head = Number(number)
      await reviveFrom(Number(count))
      for (const [index, row] of rows.entries()) {
        const receipt = receipts[index]
        await look(row, receipt, Number(count)).catch((error) => reportOrThrow(row, error))
      }
    },
  }
}

/** Chooses the rows of one step: the mined ones must not starve those that still wait. */
function watched(
  rows: readonly TransactionRow[],
  isMined: (row: TransactionRow) => boolean,
): TransactionRow[] {
  const some = (mined: boolean) =>
    rows.filter((row) => isMined(row) === mined).slice(0, CHAIN_LIMITS.trackedPerStep)
  return [...some(true), ...some(false)]
}

async function receiptOf(rpc: Rpc, row: TransactionRow, signal: AbortSignal): Promise<Receipt | undefined> {
  const receipts = await Promise.all(row.hashes.map((hash) => readReceipt(rpc, hash, signal)))
  return receipts.find((receipt) => receipt !== null) ?? undefined
}
