import type { Hex } from '@souk/protocol'
import {
  checksumAddress,
  escrowData,
  readWalletState,
  sendNamed,
  type WalletDelegate,
  type WalletState,
} from '@souk/settlement'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { agentKey } from '../wallet/agent-key.ts'
import { findEvents } from '../wallet/events.ts'
import { readAddress, readAmount, readLifetime } from '../wallet/read-input.ts'
import { receiptFacts, sendAs } from '../wallet/sending.ts'
import { addWalletOptions, type WalletOptions, type WalletSession, withWallet } from '../wallet/session.ts'
import { amount, printJson } from './shared.ts'
import { CALLS_OPTION, printCalls, receiptLines, say } from './wallet-move.ts'

interface DelegateOptions extends WalletOptions {
  readonly limit?: string
  readonly expires: string
  readonly revoke: boolean
  readonly calls: boolean
}

/** Adds `souk wallet delegate`. */
export function addWalletDelegate(wallet: Command): void {
  addWalletOptions(wallet.command('delegate'))
    .description(
      'show or set the hot keys that may lock the account’s balance in leases, and never withdraw it',
    )
    .argument(
      '[key]',
      'address of the hot key; that of this machine’s agent by default, made where there is none',
    )
    .option('--limit <amount>', 'most that it may have locked or spent in all, in token units')
    .option('--expires <time>', 'how long it may open leases, such as 12h, 30d or 8w', '30d')
    .option('--revoke', 'let it open no more leases; those that run go on', false)
    .option(...CALLS_OPTION)
    .action((key: string | undefined, options: DelegateOptions) =>
      withWallet(options, (session) =>
        options.revoke || options.limit !== undefined ? set(session, key, options) : show(session, key),
      ),
    )
}

async function show(session: WalletSession, key: string | undefined): Promise<void> {
  const { account, delegate } = session
  const { events } = await findEvents(session)
  const named = key === undefined ? [] : [readAddress(key)]
  const keys = [...named, ...(delegate === null ? [] : [delegate])]
  const state = await readWalletState({ ...session, events, keys })
  const shown = state.delegates.filter((one) => named.length === 0 || named.includes(one.key))
  if (session.json) {
    printJson({ account, delegates: shown.map((one) => ({ ...one, agent: one.key === delegate })) })
  } else if (shown.length === 0) {
    say(['no delegates; authorise the key of this machine’s agent with: souk wallet delegate --limit AMOUNT'])
  } else {
    say(shown.flatMap((one) => delegateLines(session, one, state)))
    say([GAS_WORDS, 'What leases cost stays in use: raise the limit when it is used up.'])
  }
}

async function set(session: WalletSession, key: string | undefined, options: DelegateOptions): Promise<void> {
  const { config, rpc } = session
  const lifetime = readLifetime(options.expires)
  const limit = options.revoke ? 0n : limitOf(options.limit ?? '', config.tokenDecimals)
  const delegate = key === undefined ? await ownKey(session, options.revoke) : readAddress(key)
  const { timestamp } = (await rpc.request('eth_getBlockByNumber', ['latest', false])) as { timestamp: Hex }
  const expiry = options.revoke ? 0 : Number(timestamp) + lifetime
  const data = escrowData.setDelegate({ key: delegate, limit, expiry })
  if (options.calls) return printCalls([{ to: config.escrow, data }])
  const purpose = options.revoke ? 'delegate revoked' : 'delegate'
  const call = { purpose, to: config.escrow, data }
  const receipt = await sendAs(session, 'delegate', (tools) => sendNamed(tools, call))
  if (session.json) {
    printJson({ account: session.account, key: delegate, limit, expiry, ...receiptFacts(session, receipt) })
    return
  }
  const words = options.revoke
    ? 'may open no more leases; those that run go on to their end'
    : `may lock ${amount(config, limit)} in leases until ${new Date(expiry * 1000).toLocaleString()}, and never withdraw`
  const gas = options.revoke ? [] : [GAS_WORDS]
  say([`${checksumAddress(delegate)} ${words}`, ...gas, ...receiptLines(session, receipt)])
}

const GAS_WORDS =
  'A requester’s delegate needs no native coins: providers relay its openings and close its leases where it has none.'

/** Most that the escrow's 96 bits hold. */
const MOST_LIMIT = 2n ** 96n - 1n

function limitOf(text: string, decimals: number): bigint {
  const limit = readAmount(text, decimals)
  if (limit === 'all') return MOST_LIMIT
  if (limit <= MOST_LIMIT) return limit
  throw new CliError('--limit: expected an amount that the escrow can hold, or all for the most', {
    code: 'BAD_OPTION',
    option: '--limit',
  })
}

async function ownKey(session: WalletSession, revoke: boolean): Promise<Hex> {
  if (!revoke) return agentKey(session)
  if (session.delegate !== null) return session.delegate
  throw new CliError(
    'expected the key to revoke, this machine has none for the account; souk wallet delegate lists them',
    {
      code: 'BAD_OPTION',
      option: 'KEY',
    },
  )
}

function delegateLines(
  { config, delegate }: WalletSession,
  one: WalletDelegate,
  state: WalletState,
): string[] {
  const whose = one.key === delegate ? ' (this machine’s agent)' : ''
  const units = (baseUnits: bigint) => amount(config, baseUnits)
  return [
    `${checksumAddress(one.key)}${whose}`,
    `  may lock ${units(one.lockable)} now; ${units(one.inUse)} of ${units(one.limit)} in use; ${expiryWords(one, state)}`,
  ]
}

function expiryWords({ expiry, limit }: WalletDelegate, { atSeconds }: WalletState): string {
  if (expiry === 0 || limit === 0n) return 'revoked'
  return `${expiry <= atSeconds ? 'expired' : 'expires'} ${new Date(expiry * 1000).toLocaleString()}`
}
