import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { addressOf, type Hex } from '@souk/protocol'
import { createKeystore, writeNetworkConfig } from '@souk/settlement/node'
import { WalletCommandError } from './errors.ts'
import { agentOf, type WalletSession } from './session.ts'

/**
 * Returns the hot key of this machine's agent for the account, and makes one where there is none.
 *
 * Afterwards `souk run` works from this home: the network's file, the key, its password and the account are in it,
 * on disk before anything is authorised. Throws {@link WalletCommandError} `OTHER_ACCOUNT` where the agent of
 * this home works for somebody else.
 */
export async function agentKey(session: WalletSession): Promise<Hex> {
  const { home, config, account } = session
  const known = agentOf(session)
  if (known !== undefined) {
    if (known.account !== account) throw otherAccount(account, known.account)
    return known.delegate
  }
  mkdirSync(home.agent, { recursive: true, mode: 0o700 })
  const key = new Uint8Array(randomBytes(32))
  const password = randomBytes(18).toString('base64url')
  const delegate = addressOf(key)
  writeFileSync(home.passwordFile, password, { mode: 0o600 })
  await createKeystore(home.keystore, key, password, { development: config.dev })
  if (!existsSync(home.networkFile)) await writeNetworkConfig(home.networkFile, config)
  // Last, because it says that the rest is there.
  writeFileSync(home.accountFile, `${JSON.stringify({ account, delegate }, null, 2)}\n`)
  return delegate
}

function otherAccount(account: Hex, agent: Hex): WalletCommandError {
  return new WalletCommandError(
    `expected the agent of this home to work for ${account}, it works for ${agent}; ` +
      'name the key to authorise, or give this account a home of its own by SOUK_HOME',
    { code: 'OTHER_ACCOUNT', account, agent },
  )
}
