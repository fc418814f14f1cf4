import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@souk/protocol'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decryptKey, encryptKey } from './keystore.ts'
import { createKeystore, readKeystore } from './keystore-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-keystore-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The test vectors of the Web3 Secret Storage Definition; both hold the same key. */
const SECRET = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const PASSWORD = 'testpassword'
const SCRYPT_VECTOR = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262_144,
      p: 8,
      r: 1,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}
const PBKDF2_VECTOR = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}
const development = { development: true }

describe('keystores of other wallets', () => {
  test('the published scrypt and PBKDF2 vectors give their key', async () => {
    expect(toHex(await decryptKey(SCRYPT_VECTOR, PASSWORD))).toBe(SECRET)
    expect(toHex(await decryptKey(PBKDF2_VECTOR, PASSWORD))).toBe(SECRET)
  })

  test('a capital Crypto is read as well', async () => {
    const { crypto, ...rest } = PBKDF2_VECTOR
    expect(toHex(await decryptKey({ ...rest, Crypto: crypto }, PASSWORD))).toBe(SECRET)
  })

  test('another password is told as such', async () => {
    await expect(decryptKey(PBKDF2_VECTOR, 'testpasswort')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' })
  })

  test('a file cannot make us spend memory or time without end', async () => {
    const scrypt = (params: object) => ({
      ...SCRYPT_VECTOR,
      crypto: { ...SCRYPT_VECTOR.crypto, kdfparams: { ...SCRYPT_VECTOR.crypto.kdfparams, ...params } },
    })
    const costly = [scrypt({ n: 2 ** 23 }), scrypt({ r: 1_000 }), scrypt({ p: 100_000 })]
    for (const keystore of costly) {
      await expect(decryptKey(keystore, PASSWORD)).rejects.toMatchObject({ code: 'KEYSTORE_TOO_COSTLY' })
    }
  })

  test.each([
    ['no object', null],
    ['another version', { ...SCRYPT_VECTOR, version: 1 }],
    ['no crypto', { version: 3 }],
    ['another cipher', { version: 3, crypto: { ...SCRYPT_VECTOR.crypto, cipher: 'aes-128-cbc' } }],
    ['another kdf', { version: 3, crypto: { ...SCRYPT_VECTOR.crypto, kdf: 'argon2' } }],
    ['a short ciphertext', { version: 3, crypto: { ...PBKDF2_VECTOR.crypto, ciphertext: 'd1' } }],
  ])('malformed: %s', async (_what, keystore) => {
    await expect(decryptKey(keystore, PASSWORD)).rejects.toMatchObject({ code: 'MALFORMED_KEYSTORE' })
  })
})

describe('keystore files', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

  test('are private, whole, and hold the key at full strength', async () => {
    const file = join(folder, 'real.json')
    await createKeystore(file, key, 'secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    expect(JSON.parse(text).crypto.kdfparams).toMatchObject({ n: 262_144, r: 8, p: 1, dklen: 32 })
    expect(text).not.toContain('development')
    expect(await readKeystore(file, 'secret')).toEqual({ key, development: false })
  })

  test('mark development keys outside the encryption', async () => {
    const file = join(folder, 'dev.json')
    await createKeystore(file, key, 'secret', development)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ 'x-souk': 'development key' })
    expect(await readKeystore(file, 'secret')).toEqual({ key, development: true })
  })

  test('are never overwritten, and leave no draft behind', async () => {
    const file = join(folder, 'once.json')
    await createKeystore(file, key, 'secret', development)
    await expect(createKeystore(file, key, 'other', development)).rejects.toMatchObject({
      code: 'KEYSTORE_EXISTS',
    })
    expect((await readKeystore(file, 'secret')).key).toEqual(key)
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('that are missing or no JSON are told as such', async () => {
    await expect(readKeystore(join(folder, 'none'), 'x')).rejects.toMatchObject({ code: 'KEYSTORE_MISSING' })
    await writeFile(join(folder, 'text'), 'not json')
    await expect(readKeystore(join(folder, 'text'), 'x')).rejects.toMatchObject({
      code: 'MALFORMED_KEYSTORE',
    })
  })
})

test('every key comes back with its password alone', async () => {
  const keys = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .filter((bytes) => bytes[0] !== 0 && bytes[0] !== 255)
  await fc.assert(
    fc.asyncProperty(keys, fc.string(), fc.string(), async (key, password, other) => {
      fc.pre(password !== other)
      const keystore = await encryptKey(key, password, development)
      expect(toHex(await decryptKey(keystore, password))).toBe(toHex(key))
      await expect(decryptKey(keystore, other)).rejects.toMatchObject({ code: 'WRONG_PASSWORD' })
    }),
    { numRuns: 10 },
  )
})
