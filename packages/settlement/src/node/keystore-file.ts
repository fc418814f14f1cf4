import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'
import type { Hex } from '@souk/protocol'
import {
  decryptKey,
  type EncryptOptions,
  encryptKey,
  isDevelopmentKeystore,
  keystoreAddress,
} from './keystore.ts'
import { KeystoreError } from './keystore-error.ts'
import { readBoundedText } from './read-bounded-text.ts'

/**
 * Encrypts a private key into a new file of mode 0600, whole or not at all.
 *
 * Throws {@link KeystoreError} `KEYSTORE_EXISTS` rather than overwrite a key.
 */
export async function createKeystore(
  file: string,
  key: Uint8Array,
  password: string,
  options: EncryptOptions = {},
): Promise<void> {
  const text = `${JSON.stringify(await encryptKey(key, password, options), null, 2)}\n`
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
    // Unlike a rename, a link fails where the name is taken.
    await link(draft, file)
  } catch (error) {
    throw errorCodeOf(error) === 'EEXIST' ? keystoreExists(file) : error
  } finally {
    await handle.close()
    await rm(draft, { force: true })
  }
}

/** A key out of its file. */
export interface OpenedKeystore {
  readonly key: Uint8Array
  /** The file is marked as a key of development networks. */
  readonly development: boolean
}

/** Reads and decrypts a keystore file; throws {@link KeystoreError}. */
export async function readKeystore(file: string, password: string): Promise<OpenedKeystore> {
  const keystore = await readFileAsJson(file)
  return { key: await decryptKey(keystore, password, file), development: isDevelopmentKeystore(keystore) }
}

/**
 * Returns the address that a keystore file names, without its password; undefined where it names none.
 *
 * Throws {@link KeystoreError} `KEYSTORE_MISSING` or `MALFORMED_KEYSTORE`.
 */
export async function readKeystoreAddress(file: string): Promise<Hex | undefined> {
  return keystoreAddress(await readFileAsJson(file))
}

async function readFileAsJson(file: string): Promise<unknown> {
  const text = await readBoundedText(file)
  if (text === undefined) throw missingError(file)
  return parse(text, file)
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const data = { code: 'MALFORMED_KEYSTORE', where: file, expected: 'JSON' } as const
    throw new KeystoreError(`${file}: expected JSON; take an encrypted JSON wallet file (version 3)`, data)
  }
}

/** Makes the error of a keystore's name that is taken. */
export function keystoreExists(file: string): KeystoreError {
  return new KeystoreError(
    `${file}: expected a name for a new keystore, there is a file; choose another name`,
    {
      code: 'KEYSTORE_EXISTS',
      where: file,
    },
  )
}

function missingError(file: string): KeystoreError {
  return new KeystoreError(
    `${file}: expected a keystore, there is no such file; create or import a wallet first`,
    {
      code: 'KEYSTORE_MISSING',
      where: file,
    },
  )
}

function errorCodeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
