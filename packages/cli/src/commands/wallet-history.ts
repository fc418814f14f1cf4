import type { Hex } from '@souk/protocol'
import {
  explorerLink,
  type OwnTransaction,
  openCourtLink,
  stakeHistory,
  transactionWords,
  type WalletEntry,
  walletHistory,
} from '@souk/settlement'
import type { Command } from 'commander'
import { type FoundEvents, findEvents } from '../wallet/events.ts'
import { readCount, readLimit } from '../wallet/read-input.ts'
import { ownTransactions } from '../wallet/sending.ts'
import { addWalletOptions, type WalletOptions, type WalletSession, withWallet } from '../wallet/session.ts'
import { shortAmount } from '../wallet/short-amount.ts'
import { printJson, printTable, short } from './shared.ts'
import { say } from './wallet-move.ts'

interface HistoryOptions extends WalletOptions {
  readonly limit: string
  readonly since?: string
}

/** Adds `souk wallet history`. */
export function addWalletHistory(wallet: Command): void {
  addWalletOptions(wallet.command('history'))
    .description(
      'what happened to the account on the chain, and what became of its own transactions; newest last',
    )
    .option('--limit <count>', 'newest entries to show', '20')
    .option('--since <block>', 'only from this block on')
    .action((options: HistoryOptions) => withWallet(options, (session) => history(session, options)))
}

async function history(session: WalletSession, options: HistoryOptions): Promise<void> {
  const limit = readLimit(options.limit)
  const since = options.since === undefined ? undefined : readCount('--since', options.since)
  const found = await findEvents(session, since)
  const all = inOrder([...walletHistory(session.account, found.events), ...(await stakes(session, found))])
  const entries = limit === 0 ? [] : all.slice(-limit)
  const [times, transactions] = await Promise.all([readTimes(session, entries), ownTransactions(session)])
  const odd = (transactions ?? []).filter(({ status }) => status !== 'mined')
  if (session.json)
    printJson({ ...ranged(found), entries: entries.map((one) => facts(session, one, times)), odd })
  else {
    if (entries.length === 0) say([`nothing happened to ${session.account} since block ${found.fromBlock}`])
    else table(session, entries, times)
    if (all.length > entries.length)
      say([`${all.length - entries.length} older entries: --limit ${all.length}`])
    if (found.cut) say([`blocks before ${found.fromBlock} were not looked at: --since BLOCK`])
    if (transactions === undefined) say(['another souk wallet command is sending for this account right now'])
    if (odd.length > 0) say(odd.map((one) => oddWords(session, one)))
  }
}

/** What the court says of the account's stakes; nothing where the network has none. */
async function stakes(session: WalletSession, found: FoundEvents): Promise<WalletEntry[]> {
  const { rpc, config, reader, account, signal } = session
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader })
  return court === null ? [] : stakeHistory({ rpc, court, account, range: found, signal })
}

function inOrder(entries: readonly WalletEntry[]): WalletEntry[] {
  return entries.toSorted((a, b) => a.at.block - b.at.block || a.at.index - b.at.index)
}

function ranged({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) {
  return { fromBlock, toBlock }
}

function facts({ config }: WalletSession, entry: WalletEntry, times: ReadonlyMap<number, number>) {
  const { at, with: other, ...rest } = entry
  const link = explorerLink(config, 'tx', at.transaction)
  const atSeconds = times.get(at.block) ?? null
  return {
    ...rest,
    with: other,
    block: at.block,
    atSeconds,
    transaction: at.transaction,
    ...(link && { link }),
  }
}

function table(
  session: WalletSession,
  entries: readonly WalletEntry[],
  times: ReadonlyMap<number, number>,
): void {
  const { config } = session
  printTable(
    ['block', 'when', 'what', config.tokenSymbol, 'transaction'],
    entries.map((entry) => [
      String(entry.at.block),
      timeWords(times.get(entry.at.block)),
      entryWords(session, entry),
      changeWords(session, entry.change),
      explorerLink(config, 'tx', entry.at.transaction) ?? short(entry.at.transaction),
    ]),
  )
}

/** Says in a few words what an entry is. */
function entryWords({ config, account }: WalletSession, entry: WalletEntry): string {
  const units = `${shortAmount(entry.amount ?? 0n, config.tokenDecimals)} ${config.tokenSymbol}`
  const other = entry.with === null ? 'somebody' : short(entry.with)
  const lease = entry.lease === null ? '' : `lease ${short(entry.lease)}`
  const penalty =
    entry.penalty === 0n
      ? ''
      : `, penalty ${shortAmount(entry.penalty, config.tokenDecimals)} ${config.tokenSymbol}`
  switch (entry.kind) {
    case 'deposit':
      return 'deposited'
    case 'withdrawal':
      return entry.with === account ? 'withdrawn' : `withdrawn to ${other}`
    case 'sent':
      return `sent to ${other}`
    case 'received':
      return `received from ${other}`
    case 'delegate-set':
      return `${other} may lock ${units}`
    case 'delegate-revoked':
      return `${other} revoked`
    case 'lease-opened':
      return `${lease} ${entry.side === 'requester' ? 'from' : 'for'} ${other}: ${units} locked`
    case 'payment':
      return `${lease}: ${units} ${entry.side === 'requester' ? `paid to ${other}` : 'earned'}`
    case 'lease-ending':
      return `${lease} ends`
    case 'lease-closed':
      return `${lease} closed: ${units} paid in all${penalty}`
    case 'downtime':
      return `${lease}: down for ${entry.amount} slots`
    case 'result-bond-lost':
      return `${lease}: result bond of ${units} taken by the court`
    case 'watching':
      return `${other} watches in term ${entry.amount}`
    case 'stake-returned':
      return `${other} watches no longer: its stake of ${units} came back to a wallet`
    case 'stake-lost':
      return `${other} signed two votes on one subject: its stake of ${units} is lost`
  }
}

function changeWords({ config }: WalletSession, change: bigint | null): string {
  if (change === null) return '?'
  if (change === 0n) return ''
  return `${change > 0n ? '+' : ''}${shortAmount(change, config.tokenDecimals)}`
}

function timeWords(seconds: number | undefined): string {
  return seconds === undefined ? '' : new Date(seconds * 1000).toLocaleString()
}

function oddWords({ config }: WalletSession, transaction: OwnTransaction): string {
  const link = explorerLink(config, 'tx', transaction.hash) ?? transaction.hash
  return `${transactionWords(transaction, Date.now())} (${link})`
}

/** Returns the chain time of each entry's block in unix seconds. */
async function readTimes(
  { rpc, signal }: WalletSession,
  entries: readonly WalletEntry[],
): Promise<Map<number, number>> {
  const blocks = [...new Set(entries.map(({ at }) => at.block))]
  const headers = await Promise.all(
    blocks.map((block) =>
      rpc.request('eth_getBlockByNumber', [`0x${block.toString(16)}`, false], { signal }),
    ),
  )
  return new Map(
    headers.flatMap((header, i) => {
      const found = header as { timestamp: Hex } | null
      return found === null ? [] : [[blocks[i] ?? 0, Number(found.timestamp)] as const]
    }),
  )
}
