import { createCipheriv, createDecipheriv, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { addressOf, fromHex, type Hex } from '@souk/protocol'
import { keccak256 } from 'viem/utils'
import { KeystoreError } from './keystore-error.ts'
import { deriveKey, type KdfSection, scryptSection } from './keystore-kdf.ts'

/** Web3 Secret Storage, version 3: what other wallets read and write. Hex without `0x`. */
export interface Keystore {
  readonly version: 3
  readonly id: string
  readonly address: string
  readonly crypto: KdfSection & {
    readonly cipher: 'aes-128-ctr'
    readonly cipherparams: { readonly iv: string }
    readonly ciphertext: string
    readonly mac: string
  }
  /** Stands in keystores of development networks alone: worth nothing, cheaply encrypted. */
  readonly 'x-souk'?: typeof DEVELOPMENT_KEY
}

export const DEVELOPMENT_KEY = 'development key'

export interface EncryptOptions {
  /**
   * Marks the keystore as a development key and derives with a sixty-fourth of the work, so that a demo does
   * not spend seconds on keys that are worth nothing.
   */
  readonly development?: boolean
}

/** scrypt's N: a quarter of a second and 256 MiB for a real key, next to nothing for a development key. */
const REAL_N = 262_144
const DEVELOPMENT_N = 4_096

/** Encrypts a 32-byte private key with a password. */
export async function encryptKey(
  key: Uint8Array,
  password: string,
  { development = false }: EncryptOptions = {},
): Promise<Keystore> {
  const kdf = scryptSection(development ? DEVELOPMENT_N : REAL_N)
  const derived = await deriveKey(kdf, password, 'the new keystore')
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
  return {
    version: 3,
    id: randomUUID(),
    address: addressOf(key).slice(2),
    crypto: {
      ...kdf,
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      mac: macOf(derived, ciphertext).toString('hex'),
    },
    ...(development ? { 'x-souk': DEVELOPMENT_KEY } : {}),
  }
}

/** Digits of a key without its leading zeros, which some wallets drop: one key in 2^64 has fewer. */
const LEAST_KEY_DIGITS = 48

/**
 * Decrypts a keystore of any wallet; `where` names it in errors.
 *
 * Throws {@link KeystoreError} `MALFORMED_KEYSTORE`, also where the key is not that of the address the file
 * names, `KEYSTORE_TOO_COSTLY` or `WRONG_PASSWORD`.
 */
export async function decryptKey(
  keystore: unknown,
  password: string,
  where = 'the keystore',
): Promise<Uint8Array> {
  const section = cryptoSection(keystore, where)
  const derived = await deriveKey(section, password, where)
  const ciphertext = ciphertextOf(section, where)
  const mac = hexField(section, 'mac', 32, where)
  if (!timingSafeEqual(macOf(derived, ciphertext), mac)) throw wrongPassword(where)
  const iv = hexField(recordField(section, 'cipherparams', where), 'iv', 16, where)
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const secret = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  const key = new Uint8Array(32)
  key.set(secret, 32 - secret.length)
  checkAddress(keystore, key, where)
  return key
}

/** Returns the address that a keystore names, in lower case; undefined where it names none. */
export function keystoreAddress(keystore: unknown): Hex | undefined {
  const text = isRecord(keystore) && typeof keystore.address === 'string' ? keystore.address : ''
  const digits = text.replace(/^0x/, '').toLowerCase()
  return /^[0-9a-f]{40}$/.test(digits) ? `0x${digits}` : undefined
}

/** Tells whether a keystore is marked as a development key. */
export function isDevelopmentKeystore(keystore: unknown): boolean {
  return isRecord(keystore) && keystore['x-souk'] === DEVELOPMENT_KEY
}

function cryptoSection(keystore: unknown, where: string): Record<string, unknown> {
  if (!isRecord(keystore) || keystore.version !== 3) throw malformed(where, 'a version 3 keystore')
  // The first writers of the format used a capital letter; their files are still around.
  const section = keystore.crypto ?? keystore.Crypto
  if (!isRecord(section)) throw malformed(where, 'a section crypto')
  if (section.cipher !== 'aes-128-ctr') throw malformed(where, 'the cipher aes-128-ctr')
  return section
}

function ciphertextOf(section: Record<string, unknown>, where: string): Uint8Array {
  const { ciphertext } = section
  const digits = typeof ciphertext === 'string' ? ciphertext.replace(/^0x/, '').length : 0
  const bytes = digits >= LEAST_KEY_DIGITS && digits < 64 && digits % 2 === 0 ? digits / 2 : 32
  return hexField(section, 'ciphertext', bytes, where)
}

function checkAddress(keystore: unknown, key: Uint8Array, where: string): void {
  const named = keystoreAddress(keystore)
  let actual: Hex
  try {
    actual = addressOf(key)
  } catch {
    throw malformed(where, 'a private key of secp256k1')
  }
  if (named !== undefined && named !== actual) throw malformed(where, `the key of ${named}`)
}

function macOf(derived: Uint8Array, ciphertext: Uint8Array): Buffer {
  return Buffer.from(keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext]), 'bytes'))
}

function hexField(section: Record<string, unknown>, name: string, bytes: number, where: string): Uint8Array {
  const value = section[name]
  const digits = typeof value === 'string' ? value.replace(/^0x/, '') : ''
  if (digits.length !== bytes * 2 || !/^[0-9a-f]*$/i.test(digits)) {
    throw malformed(where, `${bytes} bytes of hex in ${name}`)
  }
  return fromHex(`0x${digits}` as Hex)
}

function recordField(section: Record<string, unknown>, name: string, where: string): Record<string, unknown> {
  const value = section[name]
  if (!isRecord(value)) throw malformed(where, `a section ${name}`)
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function malformed(where: string, expected: string): KeystoreError {
  return new KeystoreError(`${where}: expected ${expected}; take an encrypted JSON wallet file (version 3)`, {
    code: 'MALFORMED_KEYSTORE',
    where,
    expected,
  })
}

function wrongPassword(where: string): KeystoreError {
  return new KeystoreError(`${where}: expected its password, got another one; type it again`, {
    code: 'WRONG_PASSWORD',
    where,
  })
}
