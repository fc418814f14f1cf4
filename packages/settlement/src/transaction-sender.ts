import { addressOf, errorMessage, type Hex } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import { ChainError, isUnavailable } from './errors.ts'
import { CHAIN_LIMITS } from './limits.ts'
import { createMutex } from './mutex.ts'
import { longer, orAbort, pause, underEither, untilAvailable } from './pause.ts'
import { type Prepared, prepareTransaction } from './prepare-transaction.ts'
import { type Receipt, readReceipt } from './receipt.ts'
import { createReceiptDesk } from './receipt-desk.ts'
import { type Revert, revertedError } from './revert.ts'
import type { Rpc } from './rpc.ts'
import { signTransaction } from './sign-transaction.ts'
import { openTransactionBook } from './transaction-book.ts'
import { currentHash, type TransactionRequest, type TransactionRow } from './transaction-row.ts'
import { createTransactionTracker } from './transaction-tracker.ts'
import { whyReverted } from './why-reverted.ts'

export interface TransactionSenderOptions {
  readonly journal: Journal
  /** Private key of the sending account, 32 bytes. */
  readonly key: Uint8Array
  readonly rpc: Rpc
  /** Keeps the rows of different chains apart in one journal; see `networkScope`. The chain id by default. */
  readonly scope?: string
  /** Blocks on top of a receipt before `wait` resolves. */
  readonly confirmations?: number
  /** Blocks on top of a receipt before it is held for final. */
  readonly reorgDepth?: number
  readonly pollMs?: number
  /** Wei that a unit of gas may cost at most, bumps included. */
  readonly mostFeePerGas?: bigint
  /** Blocks that pass without including a transaction before its fee is raised by a quarter. */
  readonly stuckBlocks?: number
  /** Hears what keeps a transaction from going out; it is tried again by itself. */
  readonly onProblem?: (sentence: string, error: unknown) => void
}

/** A journalled transaction, as its caller remembers it. */
export interface Submitted {
  readonly id: string
  readonly hash: Hex
  readonly nonce: number
}

/** Sends the transactions of one key: journalled before they are broadcast, followed until they are final. */
export interface TransactionSender {
  readonly address: Hex
  /**
   * Signs, journals and broadcasts a call; resolves when it is journalled and was offered to the pool once.
   *
   * The same `id` again returns the first one's hash. Waits while no endpoint answers, until the signal.
   * Throws {@link ChainError} `CONTRACT_REVERTED`, `NO_GAS_MONEY` (nothing was sent), `QUEUE_FULL`, `STOPPED`.
   */
  submit(request: TransactionRequest, options?: { signal?: AbortSignal }): Promise<Submitted>
  /**
   * Resolves when the transaction of this hash or id is mined, whatever hash it was mined under.
   *
   * Throws {@link ChainError} `CONTRACT_REVERTED`, `UNKNOWN_TRANSACTION` or `STOPPED`.
   */
  wait(hashOrId: string, options?: { signal?: AbortSignal }): Promise<Receipt>
  /** Returns the rows that are not final, lowest nonce first. */
  pending(): readonly TransactionRow[]
  /**
   * Returns the parts of all transactions that were not mined at `block` yet: what need not be sent again, also
   * after a restart.
   */
  carried(block: number): ReadonlySet<string>
  /** Stops following; what is journalled goes on with the next sender over the same journal. */
  stop(): Promise<void>
}

const DEFAULTS = {
  confirmations: 0,
  reorgDepth: 12,
  pollMs: 1_000,
  stuckBlocks: 6,
  mostFeePerGas: 500_000_000_000n,
}

/** Opens the journalled transactions of `key` and goes on with those that are not final. */
export async function startTransactionSender(options: TransactionSenderOptions): Promise<TransactionSender> {
  const { rpc, key, pollMs, mostFeePerGas, ...settings } = { ...DEFAULTS, ...options }
  const address = addressOf(key)
  const book = await openTransactionBook(options.journal, `${options.scope ?? rpc.chainId}/${address}`)
  const stopping = new AbortController()
  const desk = createReceiptDesk()
  const exclusively = createMutex()
  let wake = () => {}
  let queued = 0

  const tracker = createTransactionTracker({
    ...{ rpc, key, address, book, mostFeePerGas, signal: stopping.signal },
    confirmations: settings.confirmations,
    reorgDepth: Math.max(settings.reorgDepth, settings.confirmations),
    stuckBlocks: settings.stuckBlocks,
    renumber: (row) => exclusively(() => renumber(row)),
    landed: (row, receipt) => desk.land(row.id, receipt),
    vanished: (row) => desk.vanish(row.id),
    problem: (row, error) => options.onProblem?.(`${row.purpose}: not accepted yet; trying again`, error),
  })

  const nextNonce = (minedCount: number) => Math.max(minedCount, book.nextNonce())
  const sign = (
    unsigned: Omit<TransactionRow, 'raw' | 'hashes' | 'final' | 'refused'>,
    before: readonly Hex[],
  ): TransactionRow => {
    const { raw, hash } = signTransaction(key, rpc.chainId, unsigned, unsigned)
    return { ...unsigned, raw, hashes: withHash(before, hash), final: false, refused: null }
  }
  const renumber = async (row: TransactionRow) => {
    const { purpose, to, data, valueWei } = row
    // Without the old gas limit: what happened meanwhile may have made the call fail, and estimating tells.
    const call = { purpose, to, data, valueWei }
    const preparing = prepareTransaction(rpc, address, call, mostFeePerGas, stopping.signal)
    const prepared = await preparing.catch((error) => {
      if (error instanceof ChainError && error.data.code === 'CONTRACT_REVERTED') return error.data
      throw error
    })
    if ('error' in prepared) return refuse(row, { error: prepared.error, args: prepared.args })
    const { gas, fees, minedCount } = prepared
    const moved = sign({ ...row, gas, ...fees, nonce: nextNonce(minedCount) }, row.hashes)
    await book.put(moved, row)
    await tracker.send(moved)
  }
  const refuse = async (row: TransactionRow, refused: Revert) => {
    await book.put({ ...row, refused, final: true })
    desk.refuse(row.id, revertedError(row.purpose, refused, null))
  }
  const journalled = async (request: TransactionRequest, id: string, prepared: Prepared) => {
    const { purpose, to, data, valueWei = 0n, parts = [] } = request
    const { gas, fees, minedCount } = prepared
    const row = sign(
      { id, parts, purpose, to, data, valueWei, gas, nonce: nextNonce(minedCount), ...fees },
      [],
    )
    await book.put(row)
    return row
  }
  const submitNow = async (request: TransactionRequest, id: string, signal: AbortSignal) => {
    const known = book.byId(id)
    if (known !== undefined) return submitted(known)
    signal.throwIfAborted()
    const prepare = () => prepareTransaction(rpc, address, request, mostFeePerGas, signal)
    const row = await journalled(request, id, await untilAvailable(prepare, signal))
    wake()
    // From here on the row is the tracker's duty: whatever the first broadcast meets, it is tried again.
    await tracker.send(row).catch((error) => options.onProblem?.(`${row.purpose}: not sent yet`, error))
    return submitted(row)
  }
  const follow = async () => {
    for (let waitMs = pollMs; !stopping.signal.aborted; ) {
      if (book.pending().length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      else await pause(waitMs, stopping.signal).catch(() => {})
      if (stopping.signal.aborted) return
      waitMs = await tracker.step().then(
        () => pollMs,
        (error) => {
          if (!stopping.signal.aborted && !isUnavailable(error))
            options.onProblem?.(errorMessage(error), error)
          return longer(waitMs)
        },
      )
    }
  }
  const finalReceipt = (row: TransactionRow, signal?: AbortSignal) =>
    untilAvailable(async () => {
      for (const hash of row.hashes.toReversed()) {
        const receipt = await readReceipt(rpc, hash, signal)
        if (receipt !== null) return receipt
      }
      throw unknownTransaction(currentHash(row))
    }, signal)
  const receiptOf = async (row: TransactionRow, signal?: AbortSignal) => {
    if (row.refused !== null) throw revertedError(row.purpose, row.refused, null)
    return desk.known(row.id) ?? (row.final ? finalReceipt(row, signal) : desk.wait(row.id, signal))
  }
  const following = follow()
  return {
    address,
    async submit(request, { signal } = {}) {
      if (stopping.signal.aborted) throw stoppedError()
      const known = request.id === undefined ? undefined : book.byId(request.id)
      if (known !== undefined) return submitted(known)
      const unmined = book.pending().filter((row) => desk.known(row.id) === undefined).length
      if (queued + unmined >= CHAIN_LIMITS.pendingTransactions) throw queueFull()
      queued += 1
      const id = request.id ?? crypto.randomUUID()
      const submitting = exclusively(() =>
        underEither(signal, stopping.signal, (either) => submitNow(request, id, either)),
      )
      const counted = submitting.finally(() => {
        queued -= 1
      })
      return orAbort(counted, signal)
    },
    async wait(hashOrId, { signal } = {}) {
      if (stopping.signal.aborted) throw stoppedError()
      const row = book.byId(hashOrId) ?? book.byHash(hashOrId as Hex)
      if (row === undefined) throw unknownTransaction(hashOrId)
      const receipt = await receiptOf(row, signal)
      if (receipt.ok) return receipt
      throw revertedError(row.purpose, await whyReverted(rpc, address, row, receipt, signal), receipt.hash)
    },
    pending: () => book.pending(),
    carried(block) {
      const waits = (row: TransactionRow) => (desk.known(row.id)?.block ?? Number.POSITIVE_INFINITY) > block
      return new Set(book.pending().flatMap((row) => (waits(row) ? row.parts : [])))
    },
    async stop() {
      stopping.abort(stoppedError())
      wake()
      desk.close(stoppedError())
      await following
      await exclusively(async () => {})
    },
  }
}

function submitted(row: TransactionRow): Submitted {
  return { id: row.id, hash: currentHash(row), nonce: row.nonce }
}

function withHash(before: readonly Hex[], hash: Hex): [Hex, ...Hex[]] {
  const [first, ...rest] = before
  return first === undefined ? [hash] : [first, ...rest, hash]
}

function unknownTransaction(hash: string): ChainError {
  return new ChainError(
    `expected a transaction submitted with this journal, got ${hash}; check key and folder`,
    {
      code: 'UNKNOWN_TRANSACTION',
      hash,
    },
  )
}

function queueFull(): ChainError {
  const limit = CHAIN_LIMITS.pendingTransactions
  return new ChainError(
    `expected at most ${limit} transactions waiting to be mined; wait for some, then submit again`,
    {
      code: 'QUEUE_FULL',
      limit,
    },
  )
}

function stoppedError(): ChainError {
  return new ChainError(
    'expected a running transaction sender, it was stopped; start one over the same journal',
    {
      code: 'STOPPED',
      what: 'transaction sender',
    },
  )
}
