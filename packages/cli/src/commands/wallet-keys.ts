import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { addressOf, type Hex } from '@souk/protocol'
import { checksumAddress } from '@souk/settlement'
import { createKeystore, encryptKey, keystoreExists, readKeystore } from '@souk/settlement/node'
import type { Command } from 'commander'
import { homeOf } from '../home.ts'
import { readForeignKey, unlockForeignKey } from '../wallet/foreign-key.ts'
import { readNewPassphrase, readPassphrase, readPassphraseFile } from '../wallet/passphrase.ts'
import {
  addressOfWallet,
  defaultWalletFile,
  findPlace,
  findWallet,
  type WalletFile,
} from '../wallet/place.ts'
import { printJson } from './shared.ts'

interface KeyOptions {
  network: string
  json: boolean
  keystore?: string
  passwordFile?: string
}

const KEYSTORE = ['--keystore <file>', 'wallet file to use'] as const
const PASSWORD = [
  '--password-file <file>',
  'file with its passphrase, instead of asking on the terminal',
] as const
const JSON_OPTION = ['--json', 'print one JSON document', false] as const

/** Adds the verbs that make, take, show and hand out wallets. */
export function addWalletKeys(wallet: Command): void {
  wallet
    .command('create')
    .description('make a new wallet: an encrypted JSON file (version 3) that other wallets read')
    .option('--keystore <file>', 'file to write', defaultWalletFile())
    .option(...PASSWORD)
    .option(...JSON_OPTION)
    .action(create)
  wallet
    .command('import')
    .description('take over the key of another wallet: its encrypted JSON file, or a raw private key')
    .argument('<file>', 'file to read; - for standard input')
    .option('--keystore <file>', 'file to write', defaultWalletFile())
    .option('--password-file <file>', 'file with the passphrase of the new file')
    .option(
      '--source-password-file <file>',
      'file with the passphrase of the other wallet’s file; the same by default',
    )
    .option(...JSON_OPTION)
    .action(importWallet)
  wallet
    .command('export')
    .description('write the wallet as an encrypted JSON file (version 3) for other wallets')
    .option('--network <name or file>', 'network whose wallet is meant', 'local')
    .option(...KEYSTORE)
    .option(...PASSWORD)
    .option('--out <file>', 'file to write; standard output by default')
    .option('--new-password-file <file>', 'file with the passphrase of what is written; the same by default')
    .option(...JSON_OPTION)
    .action(exportWallet)
  wallet
    .command('address')
    .description('show the wallet’s address')
    .option('--network <name or file>', 'network whose wallet is meant', 'local')
    .option(...KEYSTORE)
    .option(...PASSWORD)
    .option(...JSON_OPTION)
    .action(address)
}

async function create({ json, ...options }: KeyOptions & { keystore: string }): Promise<void> {
  requireFree(options.keystore)
  const password = await readNewPassphrase('the new wallet', options.passwordFile)
  const key = new Uint8Array(randomBytes(32))
  await store(options.keystore, key, password)
  report(json, { address: addressOf(key), keystore: resolve(options.keystore) }, 'a new wallet')
}

async function importWallet(
  file: string,
  { json, ...options }: KeyOptions & { keystore: string; sourcePasswordFile?: string },
): Promise<void> {
  requireFree(options.keystore)
  const found = readForeignKey(file)
  let key: Uint8Array
  let password: string
  if (found.kind === 'raw') {
    key = found.key
    password = await readNewPassphrase('the wallet', options.passwordFile)
  } else {
    const theirs = await readPassphrase(found.where, options.sourcePasswordFile ?? options.passwordFile)
    key = await unlockForeignKey(found, theirs)
    password = options.passwordFile === undefined ? theirs : readPassphraseFile(options.passwordFile)
  }
  await store(options.keystore, key, password)
  report(json, { address: addressOf(key), keystore: resolve(options.keystore) }, 'the other wallet’s key')
}

async function exportWallet(options: KeyOptions & { out?: string; newPasswordFile?: string }): Promise<void> {
  const wallet = await chosen(options)
  if (options.out !== undefined) requireFree(options.out)
  await addressOfWallet(wallet)
  const password = await readPassphrase(wallet.file, wallet.passwordFile)
  const { key } = await readKeystore(wallet.file, password)
  const theirs =
    options.newPasswordFile === undefined ? password : readPassphraseFile(options.newPasswordFile)
  if (options.out === undefined) printJson(await encryptKey(key, theirs))
  else {
    await store(options.out, key, theirs)
    report(options.json, { address: addressOf(key), keystore: resolve(options.out) }, 'the wallet')
  }
}

async function address(options: KeyOptions): Promise<void> {
  const wallet = await chosen(options)
  const found = (await addressOfWallet(wallet)) ?? (await unlockedAddress(wallet))
  if (options.json) printJson({ address: found, keystore: wallet.file, development: wallet.development })
  else process.stdout.write(`${checksumAddress(found)}\n`)
}

async function unlockedAddress(wallet: WalletFile): Promise<Hex> {
  const { key } = await readKeystore(wallet.file, await readPassphrase(wallet.file, wallet.passwordFile))
  return addressOf(key)
}

/** Keys need no network: where it is not there, the user's own wallet is meant. */
async function chosen(options: KeyOptions): Promise<WalletFile> {
  const isFile = /[/\\]|\.json$/.test(options.network)
  return findWallet(options, isFile ? (await findPlace(options.network)).home : homeOf(options.network))
}

/** Says that a name is taken before it asks for anything; writing checks it again. */
function requireFree(file: string): void {
  if (existsSync(file)) throw keystoreExists(resolve(file))
}

async function store(file: string, key: Uint8Array, password: string): Promise<void> {
  mkdirSync(dirname(resolve(file)), { recursive: true, mode: 0o700 })
  await createKeystore(file, key, password)
}

function report(json: boolean, made: { address: Hex; keystore: string }, what: string): void {
  const sentence =
    `wrote ${what} to ${made.keystore}\n` +
    `address ${checksumAddress(made.address)}\n` +
    'Keep the file and its passphrase: nobody can restore either.\n'
  if (json) printJson(made)
  else process.stdout.write(sentence)
}
