import type { Hex } from '@souk/protocol'
import {
  type CourtLink,
  checksumAddress,
  openCourtLink,
  type Receipt,
  sendNamed,
  stakeCalls,
  stakeForKey,
  unstakeCall,
} from '@souk/settlement'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { readAddress } from '../wallet/read-input.ts'
import { receiptFacts, sendAs } from '../wallet/sending.ts'
import { addWalletOptions, type WalletOptions, type WalletSession, withWallet } from '../wallet/session.ts'
import { amount, printJson } from './shared.ts'
import { CALLS_OPTION, printCalls, receiptLines, say } from './wallet-move.ts'

interface WatchOptions extends WalletOptions {
  readonly consent?: string
  readonly leave: boolean
  readonly to?: string
  readonly calls: boolean
}

/** Adds `souk wallet watch`. */
export function addWalletWatch(wallet: Command): void {
  addWalletOptions(wallet.command('watch'))
    .description(
      'put up the stake of a provider’s key, so that it watches others and judges results; or take it back',
    )
    .argument('<key>', 'address of the key that watches')
    .option('--consent <hex>', 'the key’s signature for this account, as souk-provider consent prints it')
    .option('--leave', 'take the stake back, once the key has no place in a table any more', false)
    .option('--to <address>', 'who gets it then; the account itself by default')
    .option(...CALLS_OPTION)
    .action((key: string, options: WatchOptions) =>
      withWallet(options, (session) => watch(session, readAddress(key), options)),
    )
}

async function watch(session: WalletSession, key: Hex, options: WatchOptions): Promise<void> {
  if (options.to !== undefined && !options.leave) throw bad('--to', 'expected --leave with it')
  const court = await courtOf(session)
  if (options.leave) return leave(session, court, key, options)
  const asked = { key, consent: readConsent(options.consent) }
  const { config, account } = session
  if (options.calls) return printCalls(await stakeCalls(court, config.token, account, asked))
  const receipt = await sendAs(session, 'watch', (tools, own) => stakeForKey(tools, own, court, asked))
  const { lastTerm } = await court.reader.watcher(key)
  const { stake } = court.rules
  if (session.json)
    return printJson({ account, key, stake, term: lastTerm, ...receiptFacts(session, receipt) })
  say([
    `${checksumAddress(key)} watches from term ${lastTerm} on, with a stake of ${amount(config, stake)}`,
    'its process takes the place of each further term by itself, as long as it runs and has gas money',
    ...receiptLines(session, receipt),
  ])
}

async function leave(
  session: WalletSession,
  court: CourtLink,
  key: Hex,
  options: WatchOptions,
): Promise<void> {
  const { config, account, rpc } = session
  const to = options.to === undefined ? account : readAddress(options.to)
  const head = Number(await rpc.request('eth_blockNumber', []))
  const call = await unstakeCall(court, account, key, to, head)
  if (options.calls) return printCalls([call])
  const receipt: Receipt = await sendAs(session, 'watch', (tools) =>
    sendNamed(tools, { purpose: 'stake taken back', ...call }),
  )
  const { stake } = court.rules
  if (session.json) return printJson({ account, key, to, amount: stake, ...receiptFacts(session, receipt) })
  const whom = to === account ? 'the wallet' : checksumAddress(to)
  say([
    `${checksumAddress(key)} watches no longer; its stake of ${amount(config, stake)} went to ${whom}`,
    ...receiptLines(session, receipt),
  ])
}

/** Returns the court of the session's network. Throws {@link CliError} `BAD_OPTION` where it has none. */
async function courtOf({ rpc, config, reader }: WalletSession): Promise<CourtLink> {
  const court = await openCourtLink({ rpc, escrow: config.escrow, reader })
  if (court !== null) return court
  throw bad('--network', `expected a network with a court, ${config.name} has none: nobody watches there`)
}

function readConsent(text: string | undefined): Hex | null {
  if (text === undefined) return null
  if (/^0x[0-9a-fA-F]{128}$/.test(text)) return text.toLowerCase() as Hex
  throw bad('--consent', 'expected 0x and 128 hexadecimal digits, as souk-provider consent prints them')
}

function bad(option: string, why: string): CliError {
  return new CliError(`${option}: ${why}`, { code: 'BAD_OPTION', option })
}
