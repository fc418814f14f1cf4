import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { errorCode } from '@souk/protocol'
import {
  ChainError,
  followTransactions,
  nameTransaction,
  networkScope,
  type OwnTransaction,
  type Receipt,
  readTransactionRows,
  startTransactionSender,
  type TransactionSender,
  type WalletTools,
} from '@souk/settlement'
import type { Journal } from '@souk/storage'
import { openDataFolder, openJournalReadOnly } from '@souk/storage/node'
import { coins } from './coins.ts'
import { WalletCommandError } from './errors.ts'
import type { WalletSession } from './session.ts'

const JOURNALLED =
  'what was sent stays sent, and is followed by the next command that sends; souk wallet history tells what became of it\n'
/** Milliseconds between looks at whether a fee was raised. */
const LOOK_MS = 250

/**
 * Unlocks the account, sends as it, and locks it again: from a journal of its own, so that an agent may hold the
 * market's data folder meanwhile.
 *
 * Transactions that an earlier command left waiting go on first; `work` may keep rows beside them. Throws {@link WalletCommandError} `CANNOT_SIGN`
 * and `WALLET_BUSY`, `KeystoreError`, and what `work` throws.
 */
export async function sendAs<T>(
  session: WalletSession,
  verb: string,
  work: (tools: WalletTools, key: Uint8Array, journal: Journal) => Promise<T>,
): Promise<T> {
  const { account, config, rpc, reader, signal } = session
  if (session.wallet === undefined) throw cannotSign(account)
  const key = await session.unlock()
  const folder = await openDataFolder(folderOf(session)).catch((error) => {
    throw errorCode(error) === 'FOLDER_LOCKED' ? busy(account) : error
  })
  try {
    const sender = await startTransactionSender({
      ...{ journal: folder.journal, key, rpc, scope: networkScope(config) },
      pollMs: Math.min(1_000, config.blockSeconds * 250),
    })
    const stopTelling = session.json ? () => {} : tellProgress(sender)
    const { escrow, token } = config
    const name = () => nameTransaction(verb, Date.now(), randomBytes(4).toString('hex'))
    try {
      return await work(
        { sender, rpc, reader, escrow, token, signal, nameTransaction: name },
        key,
        folder.journal,
      )
    } catch (error) {
      throw inCoins(error)
    } finally {
      stopTelling()
      if (signal.aborted && sender.pending().length > 0) process.stderr.write(JOURNALLED)
      await sender.stop()
    }
  } finally {
    await folder.close()
  }
}

/** Returns what became of the transactions that this machine sent as the account; undefined while a command sends. */
export async function ownTransactions(session: WalletSession): Promise<OwnTransaction[] | undefined> {
  const { config, rpc, account, signal } = session
  const opened = await openJournalReadOnly(folderOf(session)).catch((error) => {
    if (['NOT_FOUND', 'FOLDER_LOCKED'].includes(errorCode(error))) return errorCode(error)
    throw error
  })
  if (typeof opened === 'string') return opened === 'NOT_FOUND' ? [] : undefined
  try {
    const rows = await readTransactionRows(opened, networkScope(config), account)
    return await followTransactions(rpc, account, rows, signal)
  } finally {
    await opened.close()
  }
}

/** What a mined transaction was and cost, for `--json`. */
export function receiptFacts({ config }: WalletSession, receipt: Receipt) {
  const { hash, block, gasUsed, gasPrice } = receipt
  const { explorer } = config
  const link = explorer === undefined ? {} : { link: `${explorer.replace(/\/+$/, '')}/tx/${hash}` }
  return { transaction: hash, block, gasUsed, feeWei: gasUsed * gasPrice, ...link }
}

function folderOf({ home, account }: WalletSession): string {
  return join(home.path, 'wallets', account)
}

/** Says on standard error what is sent, and when a fee is raised. */
function tellProgress(sender: TransactionSender): () => void {
  const told = new Map<string, number>()
  const earlier = new Set(sender.pending().map(({ id }) => id))
  const look = () => {
    for (const { id, purpose, hashes } of sender.pending()) {
      const before = told.get(id) ?? 0
      if (before === hashes.length || (before === 0 && earlier.has(id))) continue
      told.set(id, hashes.length)
      const hash = hashes.at(-1)
      const words = before === 0 ? 'sent, waiting to be mined' : 'the fee was too low and is raised'
      process.stderr.write(`${purpose}: ${words} (${hash})\n`)
    }
  }
  const timer = setInterval(look, LOOK_MS)
  return () => {
    clearInterval(timer)
    look()
  }
}

/** Says in whole native coins what is missing for gas. */
function inCoins(error: unknown): unknown {
  if (!(error instanceof ChainError) || error.data.code !== 'NO_GAS_MONEY') return error
  const { account, neededWei, balanceWei } = error.data
  return new ChainError(
    `expected up to ${coins(neededWei)} native coins at ${account} for the gas of this transaction, ` +
      `found ${coins(balanceWei)}; send some there`,
    error.data,
  )
}

function cannotSign(account: string): WalletCommandError {
  return new WalletCommandError(
    `expected a wallet file to sign for ${account}, an address was named alone; name its file with --keystore, ` +
      'or let a contract account send the calls that --calls prints',
    { code: 'CANNOT_SIGN', account },
  )
}

function busy(account: string): WalletCommandError {
  return new WalletCommandError(
    `expected to be the only command that sends for ${account}, another one does; wait until it is done`,
    { code: 'WALLET_BUSY', account },
  )
}
