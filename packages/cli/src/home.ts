import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError } from './errors.ts'

/** Where a network's files lie on this machine. */
export interface Home {
  readonly path: string
  readonly networkFile: string
  /** Data folder of the requester. */
  readonly agent: string
  readonly keystore: string
  readonly passwordFile: string
  readonly accountFile: string
  /** Encrypted key of the account itself, where the market made it. */
  readonly wallet: string
}

/** Returns the layout of `SOUK_HOME`, or of `.souk` in the user's home, for one network. */
export function homeOf(network: string, env: NodeJS.ProcessEnv = process.env): Home {
  return layout(join(env.SOUK_HOME ?? join(homedir(), '.souk'), network))
}

/** Returns the layout below `path`. */
export function layout(path: string): Home {
  const agent = join(path, 'agent')
  return {
    path,
    networkFile: join(path, 'network.json'),
    agent,
    keystore: join(agent, 'delegate.json'),
    passwordFile: join(agent, 'password'),
    accountFile: join(agent, 'account.json'),
    wallet: join(agent, 'wallet.json'),
  }
}

/** Throws {@link CliError} `NO_MARKET` unless the network is set up here. */
export function requireHome(home: Home): Home {
  if (existsSync(home.networkFile)) return home
  throw new CliError(`expected a network in ${home.path}, there is none; start a local one with: souk up`, {
    code: 'NO_MARKET',
    home: home.path,
  })
}
