import type { Hex } from '@souk/protocol'
import {
  checksumAddress,
  depositCalls,
  depositTokens,
  escrowData,
  type PlainCall,
  sendNamed,
  WalletError,
} from '@souk/settlement'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { readAddress, readAmount } from '../wallet/read-input.ts'
import { receiptFacts, sendAs } from '../wallet/sending.ts'
import { addWalletOptions, type WalletOptions, type WalletSession, withWallet } from '../wallet/session.ts'
import { amount, printJson } from './shared.ts'

interface MoveOptions extends WalletOptions {
  readonly calls: boolean
}

/** The option of contract accounts, which send by themselves. */
export const CALLS_OPTION = [
  '--calls',
  'print the calls for a contract account to send as one batch, and send nothing',
  false,
] as const

/** Adds `souk wallet deposit` and `souk wallet withdraw`. */
export function addWalletMove(wallet: Command): void {
  addWalletOptions(wallet.command('deposit'))
    .description(
      'move tokens into the escrow, from which leases are paid; one transaction where the token has permits',
    )
    .argument('<amount>', 'in token units, or all')
    .option(...CALLS_OPTION)
    .action((text: string, options: MoveOptions) =>
      withWallet(options, (session) => deposit(session, text, options)),
    )
  addWalletOptions(wallet.command('withdraw'))
    .description('move free balance out of the escrow; what leases have locked comes back when they close')
    .argument('<amount>', 'in token units, or all')
    .option('--to <address>', 'who gets it; the account itself by default')
    .option(...CALLS_OPTION)
    .action((text: string, options: MoveOptions & { to?: string }) =>
      withWallet(options, (session) => withdraw(session, text, options)),
    )
}

async function deposit(session: WalletSession, text: string, options: MoveOptions): Promise<void> {
  const { config, reader, account } = session
  const asked = readAmount(text, config.tokenDecimals)
  const held = await reader.tokenBalance(account)
  const needed = asked === 'all' ? held : asked
  if (needed > held || needed === 0n) throw notEnoughTokens(session, needed, held)
  if (options.calls) return printCalls(await depositCalls({ ...session, ...config }, account, needed))
  const made = await sendAs(session, 'deposit', (tools, key) => depositTokens(tools, key, needed))
  const { way, credited, receipt } = made
  const ledger = await reader.balance(account)
  if (session.json) {
    printJson({ account, amount: needed, credited, ledger, way, ...receiptFacts(session, receipt) })
    return
  }
  const short = credited === needed ? '' : ` of ${amount(config, needed)}: the token kept the rest`
  const how = way === 'permit' ? 'in one transaction, by permit' : 'by an approval and a deposit'
  say([
    `deposited ${amount(config, credited)}${short} ${way === 'allowed' ? 'within the allowance' : how}`,
    `the escrow holds ${amount(config, ledger)} free for leases`,
    ...receiptLines(session, receipt),
  ])
}

async function withdraw(
  session: WalletSession,
  text: string,
  options: MoveOptions & { to?: string },
): Promise<void> {
  const { config, reader, account } = session
  const to = options.to === undefined ? account : readAddress(options.to)
  refuseSink(to, config.escrow)
  const asked = readAmount(text, config.tokenDecimals)
  const free = await reader.balance(account)
  const wanted = asked === 'all' ? free : asked
  if (wanted > free || wanted === 0n) throw notEnoughFree(session, wanted, free)
  const call = { purpose: 'withdrawal', to: config.escrow, data: escrowData.withdraw(to, wanted) }
  if (options.calls) return printCalls([{ to: call.to, data: call.data }])
  const receipt = await sendAs(session, 'withdraw', (tools) => sendNamed(tools, call))
  const ledger = await reader.balance(account)
  if (session.json) {
    printJson({ account, to, amount: wanted, ledger, ...receiptFacts(session, receipt) })
    return
  }
  const whom = to === account ? 'the wallet' : checksumAddress(to)
  say([
    `withdrew ${amount(config, wanted)} to ${whom}`,
    `the escrow holds ${amount(config, ledger)} free for leases`,
    ...receiptLines(session, receipt),
  ])
}

/** Prints calls for a contract account. */
export function printCalls(calls: readonly PlainCall[]): void {
  printJson(calls.map(({ to, data }) => ({ to: checksumAddress(to), value: '0', data })))
}

/** Says where a transaction stands and what it cost. */
export function receiptLines(session: WalletSession, receipt: Parameters<typeof receiptFacts>[1]): string[] {
  const { transaction, block, link } = receiptFacts(session, receipt)
  return [`transaction ${transaction} in block ${block}`, ...(link === undefined ? [] : [link])]
}

/** Prints lines for people. */
export function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

function refuseSink(to: Hex, escrow: Hex): void {
  if (to !== escrow && !/^0x0{40}$/.test(to)) return
  throw new CliError('--to: expected an account, got the escrow itself or the zero address', {
    code: 'BAD_OPTION',
    option: '--to',
  })
}

function notEnoughTokens({ config, account }: WalletSession, needed: bigint, held: bigint): WalletError {
  const asked = needed === 0n ? 'some tokens' : `${amount(config, needed)}`
  return new WalletError(
    `expected ${asked} in the wallet of ${account}, it holds ${amount(config, held)}; ` +
      'deposit less or send tokens there',
    { code: 'NOT_ENOUGH_TOKENS', account, needed, held },
  )
}

function notEnoughFree({ config, account }: WalletSession, needed: bigint, free: bigint): WalletError {
  const asked = needed === 0n ? 'some free balance' : `a free balance of ${amount(config, needed)}`
  return new WalletError(
    `expected ${asked} in the escrow, ${account} has ${amount(config, free)}; ` +
      'withdraw less, or wait for leases to close',
    { code: 'NOT_ENOUGH_FREE', account, needed, free },
  )
}
