import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type Hex } from '@souk/protocol'
import {
  createEscrowReader,
  type Deployment,
  fundAccounts,
  type Rpc,
  setUpAccount,
  startTransactionSender,
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
}

const WEI = 10n ** 18n
const DELEGATE_SECONDS = 30 * 86_400
const POLL_MS = 25

/**
 * Makes accounts with fresh keys, funds them, deposits, authorises delegates, and writes the delegates'
 * keystores. The accounts' own keys are forgotten: money of a development market is worth nothing.
 */
export async function createParties(
  rpc: Rpc,
  market: Deployment,
  richKey: Uint8Array,
  home: string,
  endowments: readonly Endowment[],
): Promise<Party[]> {
  const people = endowments.map((endowment) => ({ ...endowment, key: randomKey(), hot: randomKey() }))
  const bank = await startTransactionSender({
    journal: createMemoryJournal(),
    key: richKey,
    rpc,
    pollMs: POLL_MS,
  })
  const reader = createEscrowReader(rpc, market)
  const { escrow, token } = market
  try {
    const grants = people.flatMap(({ key, hot, wallet, deposit }) => [
      { to: addressOf(key), tokens: wallet + deposit, wei: WEI },
      { to: addressOf(hot), wei: WEI },
    ])
    await fundAccounts({ sender: bank, reader, escrow, token }, grants)
  } finally {
    await bank.stop()
  }
  return Promise.all(
    people.map(async ({ name, key, hot, deposit }) => {
      const sender = await startTransactionSender({
        journal: createMemoryJournal(),
        key,
        rpc,
        pollMs: POLL_MS,
      })
      const expiry = Math.floor(Date.now() / 1000) + DELEGATE_SECONDS
      try {
        const delegates = [{ key: addressOf(hot), limit: deposit, expiry }]
        await setUpAccount({ sender, reader, escrow, token }, key, { amount: deposit, delegates })
      } finally {
        await sender.stop()
      }
      return writeParty(home, name, addressOf(key), hot)
    }),
  )
}

async function writeParty(home: string, name: string, account: Hex, hot: Uint8Array): Promise<Party> {
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
  return { name, account, delegate: addressOf(hot), folder, keystore, passwordFile }
}

function randomKey(): Uint8Array {
  return new Uint8Array(randomBytes(32))
}
