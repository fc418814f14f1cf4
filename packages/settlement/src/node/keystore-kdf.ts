import { pbkdf2, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { CHAIN_LIMITS } from '../limits.ts'
import { KeystoreError } from './keystore-error.ts'

/** How a keystore's key is derived from its password. */
export interface KdfSection {
  readonly kdf: 'scrypt'
  readonly kdfparams: {
    readonly dklen: number
    readonly n: number
    readonly r: number
    readonly p: number
    /** Hex without `0x`. */
    readonly salt: string
  }
}

const scryptAsync = promisify<string, Uint8Array, number, object, Buffer>(scrypt)
const pbkdf2Async = promisify(pbkdf2)
/** Bytes derived: 16 for the cipher, 16 for the MAC. */
const DERIVED_BYTES = 32
/** Hex digits of a salt; files have 64. */
const SALT_DIGITS = 1_024

/** Returns a section with a fresh salt. */
export function scryptSection(n: number): KdfSection {
  return {
    kdf: 'scrypt',
    kdfparams: { dklen: DERIVED_BYTES, n, r: 8, p: 1, salt: randomBytes(32).toString('hex') },
  }
}

/**
 * Derives the 32 bytes behind a password as `section` says.
 *
 * Throws {@link KeystoreError} `MALFORMED_KEYSTORE`, or `KEYSTORE_TOO_COSTLY` for parameters that would take
 * more memory or work than the bounds: a foreign file must not be able to stall us.
 */
export async function deriveKey(
  section: Readonly<Record<string, unknown>> | KdfSection,
  password: string,
  where: string,
): Promise<Uint8Array> {
  const params: unknown = section.kdfparams
  if (typeof params !== 'object' || params === null) throw malformed(where, 'kdfparams')
  const numbers = params as Record<string, unknown>
  const salt = saltOf(numbers.salt, where)
  if (numbers.dklen !== DERIVED_BYTES) throw malformed(where, `a dklen of ${DERIVED_BYTES}`)
  if (section.kdf === 'scrypt') return deriveScrypt(numbers, salt, password, where)
  if (section.kdf === 'pbkdf2') return derivePbkdf2(numbers, salt, password, where)
  throw malformed(where, 'the kdf scrypt or pbkdf2')
}

async function deriveScrypt(
  params: Record<string, unknown>,
  salt: Uint8Array,
  password: string,
  where: string,
) {
  const [N, r, p] = [positive(params, 'n', where), positive(params, 'r', where), positive(params, 'p', where)]
  if ((N & (N - 1)) !== 0 || N < 2) throw malformed(where, 'an n that is a power of two')
  const memory = 128 * N * r
  if (memory > CHAIN_LIMITS.scryptBytes || N * r * p > CHAIN_LIMITS.scryptWork) {
    throw tooCostly(where, `scrypt with n ${N}, r ${r}, p ${p}`)
  }
  if (N >= 2 ** (16 * r)) return scryptInScript(N, r, p, salt, password)
  // Node counts p·r·128 bytes and some more on top of 128·N·r.
  return scryptAsync(password, salt, DERIVED_BYTES, { N, r, p, maxmem: memory + 128 * r * (p + 2) + 2 ** 20 })
}

/** Derives with parameters that RFC 7914 forbids and OpenSSL refuses, but early wallets wrote (N 2^18, r 1). */
async function scryptInScript(N: number, r: number, p: number, salt: Uint8Array, password: string) {
  const { scryptAsync: derive } = await import('@noble/hashes/scrypt.js')
  return derive(password, salt, { N, r, p, dkLen: DERIVED_BYTES, maxmem: CHAIN_LIMITS.scryptBytes * 2 })
}

async function derivePbkdf2(
  params: Record<string, unknown>,
  salt: Uint8Array,
  password: string,
  where: string,
) {
  if (params.prf !== 'hmac-sha256') throw malformed(where, 'the prf hmac-sha256')
  const rounds = positive(params, 'c', where)
  if (rounds > CHAIN_LIMITS.pbkdf2Rounds) throw tooCostly(where, `PBKDF2 with ${rounds} rounds`)
  return pbkdf2Async(password, salt, rounds, DERIVED_BYTES, 'sha256')
}

function saltOf(value: unknown, where: string): Uint8Array {
  const digits = typeof value === 'string' ? value.replace(/^0x/, '') : 'none'
  if (digits.length % 2 === 1 || digits.length > SALT_DIGITS || !/^[0-9a-f]*$/i.test(digits)) {
    throw malformed(where, 'a salt in hex')
  }
  return Buffer.from(digits, 'hex')
}

function positive(params: Record<string, unknown>, name: string, where: string): number {
  const value = params[name]
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 2 ** 30) {
    throw malformed(where, `a positive integer ${name}`)
  }
  return value
}

function malformed(where: string, expected: string): KeystoreError {
  return new KeystoreError(`${where}: expected ${expected}; take an encrypted JSON wallet file (version 3)`, {
    code: 'MALFORMED_KEYSTORE',
    where,
    expected,
  })
}

function tooCostly(where: string, asked: string): KeystoreError {
  return new KeystoreError(
    `${where}: expected a key derivation of some seconds at most, the file asks for ${asked}; ` +
      'encrypt the key again with the usual parameters',
    { code: 'KEYSTORE_TOO_COSTLY', where, asked },
  )
}
