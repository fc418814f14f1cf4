import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Hex } from '@souk/protocol'
import type { NetworkConfig } from '@souk/settlement'
import { readKeystoreAddress, readNetworkConfig } from '@souk/settlement/node'
import { type Home, homeOf, requireHome } from '../home.ts'

/** A network and where its files lie on this machine. */
export interface Place {
  readonly home: Home
  readonly config: NetworkConfig
  /** The file that describes it. */
  readonly networkFile: string
}

/** A wallet's file. */
export interface WalletFile {
  readonly file: string
  /** The passphrase's file, where it is known. */
  readonly passwordFile: string | undefined
  /** The funded account of a market that `souk up` started. */
  readonly development: boolean
}

export interface WalletFileOptions {
  readonly keystore?: string
  readonly passwordFile?: string
}

/** Returns the wallet that commands take unless told otherwise, beside the networks' folders. */
export function defaultWalletFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.SOUK_HOME ?? join(homedir(), '.souk'), 'wallet.json')
}

/**
 * Finds a network by its name on this machine, or by its file.
 *
 * Throws `CliError` `NO_MARKET`, or `NetworkFileError` for a file that is none.
 */
export async function findPlace(nameOrFile: string): Promise<Place> {
  const isFile = /[/\\]|\.json$/.test(nameOrFile)
  if (!isFile) {
    const home = requireHome(homeOf(nameOrFile))
    return { home, config: await readNetworkConfig(home.networkFile), networkFile: home.networkFile }
  }
  const networkFile = resolve(nameOrFile)
  const config = await readNetworkConfig(networkFile)
  return { home: homeOf(config.name), config, networkFile }
}

/** Returns the wallet to work with: the one named, else the local market's account, else the user's own. */
export function findWallet(options: WalletFileOptions, home: Home | undefined): WalletFile {
  const { keystore, passwordFile } = options
  if (keystore !== undefined) return { file: resolve(keystore), passwordFile, development: false }
  if (home !== undefined && existsSync(home.networkFile) && existsSync(home.wallet)) {
    return { file: home.wallet, passwordFile: passwordFile ?? home.passwordFile, development: true }
  }
  return { file: defaultWalletFile(), passwordFile, development: false }
}

/** Returns a wallet's address; undefined where its file does not tell it without the passphrase. */
export function addressOfWallet({ file }: WalletFile): Promise<Hex | undefined> {
  return readKeystoreAddress(file)
}
