import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type CourtRules, epochBlocks, type Hex, signCourtStruct } from '@souk/protocol'
import {
  type AccountTools,
  courtData,
  createEscrowReader,
  type Deployment,
  fundAccounts,
  type Rpc,
  setUpAccount,
  startTransactionSender,
  type TransactionSender,
  tokenData,
} from '@souk/settlement'
import { createKeystore } from '@souk/settlement/node'
import { createMemoryJournal } from '@souk/storage'

/** A party of the local market: an account with money, and the hot key that works for it. */
export interface Party {
  readonly name: string
  readonly account: Hex
  readonly delegate: Hex
  readonly folder: string
  readonly keystore: string
  readonly passwordFile: string
}

/** What a party starts with, in base units. */
export interface Endowment {
  readonly name: string
  readonly wallet: bigint
  /** Deposited into the escrow; also what the delegate may lock. */
  readonly deposit: bigint
  /** What its hot key has at the court: the stake of a watcher, or deposits for challenges. */
  readonly court: { readonly stake: bigint } | { readonly challenges: bigint }
}

/** The chain and market that parties are made for. */
export interface Ground {
  readonly rpc: Rpc
  readonly market: Deployment
  readonly rules: CourtRules
  readonly richKey: Uint8Array
  /** Mines so many blocks at once. */
  mine(blocks: number): Promise<void>
}

interface Person extends Endowment {
  readonly key: Uint8Array
  readonly hot: Uint8Array
}

const WEI = 10n ** 18n
const DELEGATE_SECONDS = 30 * 86_400
const POLL_MS = 25

/**
 * Makes accounts with fresh keys, funds them, deposits, authorises delegates, gives watchers their places in the
 * tables, and writes the keystores of accounts and delegates: money of a development market is worth nothing.
 */
export async function createParties(
  ground: Ground,
  home: string,
  endowments: readonly Endowment[],
): Promise<Party[]> {
  const people = endowments.map((endowment) => ({ ...endowment, key: randomKey(), hot: randomKey() }))
  await withSender(ground, ground.richKey, (bank) => fund(bank, people))
  await Promise.all(people.map((person) => setUp(ground, person)))
  await fillTables(ground, people)
  return Promise.all(people.map(({ name, key, hot }) => writeParty(home, name, key, hot)))
}

async function fund(bank: AccountTools, people: readonly Person[]): Promise<void> {
  const grants = people.flatMap(({ key, hot, wallet, deposit, court }) => [
    { to: addressOf(key), tokens: wallet + deposit + ('stake' in court ? court.stake : 0n), wei: WEI },
    { to: addressOf(hot), tokens: 'challenges' in court ? court.challenges : 0n, wei: WEI },
  ])
  await fundAccounts(bank, grants)
}

async function setUp(ground: Ground, { key, hot, deposit, court }: Person): Promise<void> {
  const expiry = Math.floor(Date.now() / 1000) + DELEGATE_SECONDS
  const delegates = [{ key: addressOf(hot), limit: deposit, expiry }]
  if (deposit > 0n)
    await withSender(ground, key, (tools) => setUpAccount(tools, key, { amount: deposit, delegates }))
  // A hot key posts the deposits of its challenges itself: it cannot withdraw its account's.
  if ('challenges' in court) await approveCourt(ground, hot, court.challenges)
  else await approveCourt(ground, key, court.stake)
}

async function approveCourt(ground: Ground, key: Uint8Array, amount: bigint): Promise<void> {
  const { token, court } = ground.market
  const data = tokenData.approve(court, amount)
  await withSender(ground, key, ({ sender }) => send(sender, 'approve the court', token, data))
}

/** Enrols every watcher in two terms that follow each other, and mines up to the first one's own. */
async function fillTables(ground: Ground, people: readonly Person[]): Promise<void> {
  const { rpc, market, rules } = ground
  const watchers = people.filter(({ court }) => 'stake' in court)
  if (watchers.length === 0) return
  const termBlocks = rules.termEpochs * epochBlocks(rules)
  for (let term = 0; term < 2; term++) {
    const head = Number(await rpc.request('eth_blockNumber', []))
    await ground.mine(termBlocks - (head % termBlocks))
    await Promise.all(
      watchers.map(async ({ key, hot }) => {
        const account = addressOf(key)
        const id = { chainId: rpc.chainId, court: market.court }
        const data = courtData.enrol(addressOf(hot), signCourtStruct(hot, id, 'Enrol', { account }))
        await withSender(ground, key, ({ sender }) => send(sender, 'enrol', market.court, data))
      }),
    )
  }
  const head = Number(await rpc.request('eth_blockNumber', []))
  await ground.mine(termBlocks - (head % termBlocks))
}

async function send(sender: TransactionSender, purpose: string, to: Hex, data: Hex): Promise<void> {
  const { id } = await sender.submit({ purpose, to, data })
  await sender.wait(id)
}

async function withSender<T>(
  { rpc, market }: Ground,
  key: Uint8Array,
  work: (tools: AccountTools) => Promise<T>,
): Promise<T> {
  const sender = await startTransactionSender({ journal: createMemoryJournal(), key, rpc, pollMs: POLL_MS })
  const { escrow, token } = market
  try {
    return await work({ sender, reader: createEscrowReader(rpc, market), escrow, token })
  } finally {
    await sender.stop()
  }
}

async function writeParty(home: string, name: string, key: Uint8Array, hot: Uint8Array): Promise<Party> {
  const account = addressOf(key)
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const keystore = join(folder, 'delegate.json')
  const passwordFile = join(folder, 'password')
  const password = randomBytes(18).toString('base64url')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  writeFileSync(
    join(folder, 'account.json'),
    `${JSON.stringify({ account, delegate: addressOf(hot) }, null, 2)}\n`,
  )
  await createKeystore(keystore, hot, password, { development: true })
  await createKeystore(join(folder, 'wallet.json'), key, password, { development: true })
  return { name, account, delegate: addressOf(hot), folder, keystore, passwordFile }
}

function randomKey(): Uint8Array {
  return new Uint8Array(randomBytes(32))
}
