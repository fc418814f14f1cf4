import { existsSync, readFileSync } from 'node:fs'
import type { Hex } from '@souk/protocol'
import { addressOf } from '@souk/protocol'
import {
  createEscrowReader,
  createRpc,
  type EscrowReader,
  type NetworkConfig,
  type Rpc,
} from '@souk/settlement'
import { readKeystore } from '@souk/settlement/node'
import type { Command } from 'commander'
import { untilInterrupted } from '../interrupt.ts'
import { readPassphrase } from './passphrase.ts'
import { addressOfWallet, findPlace, findWallet, type Place, type WalletFile } from './place.ts'
import { readAddress } from './read-input.ts'

/** Options of every verb that looks at a chain. */
export interface WalletOptions {
  readonly network: string
  readonly json: boolean
  readonly keystore?: string
  readonly passwordFile?: string
  readonly account?: string
}

/** What a wallet verb works with. */
export interface WalletSession extends Place {
  readonly rpc: Rpc
  readonly reader: EscrowReader
  readonly account: Hex
  /** Undefined where the account was named by its address: nothing can be signed for it then. */
  readonly wallet: WalletFile | undefined
  /** The hot key that works for this account on this machine; null where there is none. */
  readonly delegate: Hex | null
  readonly json: boolean
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Returns the account's private key, asking for the passphrase the first time. Throws `KeystoreError`. */
  unlock(): Promise<Uint8Array>
}

/** Adds the options of every verb that looks at a chain. */
export function addWalletOptions(command: Command): Command {
  return command
    .option('--network <name or file>', 'network to use: its name on this machine, or its file', 'local')
    .option('--keystore <file>', 'wallet file to use')
    .option('--password-file <file>', 'file with its passphrase, instead of asking on the terminal')
    .option('--account <address>', 'look at this account instead; nothing can be signed for it')
    .option('--json', 'print one JSON document', false)
}

/** Opens a session for one verb, and ends the process when it is done. Throws what {@link openWallet} throws. */
export async function withWallet(
  options: WalletOptions,
  work: (session: WalletSession) => Promise<void>,
): Promise<void> {
  await work(await openWallet(options))
  process.exit(0)
}

/**
 * Finds network and account, and checks that the endpoint serves this network's escrow.
 *
 * Throws `CliError` `NO_MARKET`, `KeystoreError`, `NetworkFileError`, `ChainError`.
 */
export async function openWallet(options: WalletOptions): Promise<WalletSession> {
  const place = await findPlace(options.network)
  const { config, home } = place
  const rpc = createRpc({ urls: config.rpcUrls, chainId: config.chainId })
  const reader = createEscrowReader(rpc, config)
  const wallet = options.account === undefined ? findWallet(options, home) : undefined
  let key: Uint8Array | undefined
  const unlock = async () => {
    key ??= await keyOf(wallet)
    return key
  }
  const account =
    wallet === undefined
      ? readAddress(options.account ?? '')
      : ((await addressOfWallet(wallet)) ?? addressOf(await unlock()))
  await reader.checkChain()
  const delegate = agentOf(place)?.account === account ? (agentOf(place)?.delegate ?? null) : null
  const { json } = options
  return { ...place, rpc, reader, account, wallet, delegate, json, signal: untilInterrupted(), unlock }
}

/** Returns whom the agent of this network on this machine works for, and its key; undefined before it was set up. */
export function agentOf({ home }: Pick<Place, 'home'>): { account: Hex; delegate: Hex } | undefined {
  if (!existsSync(home.accountFile)) return undefined
  const { account, delegate } = JSON.parse(readFileSync(home.accountFile, 'utf8')) as Record<string, string>
  return { account: account?.toLowerCase() as Hex, delegate: delegate?.toLowerCase() as Hex }
}

/** Says which account this is, for people who have several. */
export function accountWords({ wallet, delegate }: WalletSession, config: NetworkConfig): string {
  if (wallet === undefined) return 'named by its address'
  if (wallet.development) return `the development account of the market ${config.name}`
  return delegate === null ? wallet.file : `${wallet.file}, the one this machine’s agent pays from`
}

async function keyOf(wallet: WalletFile | undefined): Promise<Uint8Array> {
  if (wallet === undefined) throw new Error('an account that is only named has no key')
  const password = await readPassphrase(wallet.file, wallet.passwordFile)
  return (await readKeystore(wallet.file, password)).key
}
