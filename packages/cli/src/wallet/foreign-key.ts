import { readFileSync } from 'node:fs'
import { addressOf, fromHex } from '@souk/protocol'
import { decryptKey } from '@souk/settlement/node'
import { CliError } from '../errors.ts'
import { WalletCommandError } from './errors.ts'

/** Characters of a file that holds a key; keystores have about five hundred. */
const MOST_TEXT = 64 * 1024

/** What another wallet gave: an encrypted file's JSON, or a private key as it is. */
export type ForeignKey =
  | { readonly kind: 'keystore'; readonly keystore: unknown; readonly where: string }
  | { readonly kind: 'raw'; readonly key: Uint8Array }

/**
 * Reads a keystore (version 3) or a raw private key of 64 hex digits from a file, `-` for standard input.
 *
 * Throws {@link CliError} `FILE_MISSING`, {@link WalletCommandError} `BAD_KEY`.
 */
export function readForeignKey(file: string): ForeignKey {
  const where = file === '-' ? 'standard input' : file
  const text = readText(file).slice(0, MOST_TEXT).trim()
  if (text.startsWith('{')) return { kind: 'keystore', keystore: parse(text, where), where }
  const digits = text.replace(/^0x/i, '')
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw badKey(where)
  const key = fromHex(`0x${digits}`)
  try {
    addressOf(key)
  } catch {
    throw badKey(where)
  }
  return { kind: 'raw', key }
}

/** Returns the private key behind `found`; `password` is that of the keystore. Throws `KeystoreError`. */
export async function unlockForeignKey(found: ForeignKey, password: string): Promise<Uint8Array> {
  return found.kind === 'raw' ? found.key : decryptKey(found.keystore, password, found.where)
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch {
    throw new CliError(`expected a file at ${file}, there is none that can be read`, {
      code: 'FILE_MISSING',
      file,
    })
  }
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badKey(where)
  }
}

/** Says nothing of what was found: it may be a key with a typing error. */
function badKey(where: string): WalletCommandError {
  return new WalletCommandError(
    `${where}: expected an encrypted JSON wallet file (version 3), or a private key of 64 hex digits; ` +
      'export it from the other wallet again',
    { code: 'BAD_KEY', where },
  )
}
