import { createDecipheriv } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scrypt } from '@noble/hashes/scrypt.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { addressOf, toHex } from '@souk/protocol'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decryptKey, encryptKey } from './keystore.ts'
import { createKeystore, readKeystore, readKeystoreAddress } from './keystore-file.ts'

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

/** Files of the test suites of wallets: what wrote it, its password, its address, and its section. */
const FOREIGN = [
  {
    by: 'geth, a light one without an address',
    password: 'foobar',
    address: '0xf466859ead1932d743d622cb74fc058882e8648a',
    keystore: {
      crypto: {
        cipher: 'aes-128-ctr',
        ciphertext: 'cb664472deacb41a2e995fa7f96fe29ce744471deb8d146a0e43c7898c9ddd4d',
        cipherparams: { iv: 'dfd9ee70812add5f4b8f89d0811c9158' },
        kdf: 'scrypt',
        kdfparams: {
          ...{ dklen: 32, n: 8, p: 16, r: 8 },
          salt: '0d6769bf016d45c479213990d6a08d938469c4adad8a02ce507b4a4e7b7739f1',
        },
        mac: 'bac9af994b15a45dd39669fc66f9aa8a3b9dd8c22cb16e4d8d7ea089d0f1a1a9',
      },
      version: 3,
    },
  },
  {
    by: 'geth, without a password',
    password: '',
    address: '0x45dea0fb0bba44f4fcf290bba71fd57d7117cbb8',
    keystore: {
      address: '45dea0fb0bba44f4fcf290bba71fd57d7117cbb8',
      crypto: {
        cipher: 'aes-128-ctr',
        ciphertext: 'b87781948a1befd247bff51ef4063f716cf6c2d3481163e9a8f42e1f9bb74145',
        cipherparams: { iv: 'dc4926b48a105133d2f16b96833abf1e' },
        kdf: 'scrypt',
        kdfparams: {
          ...{ dklen: 32, n: 2, p: 1, r: 8 },
          salt: '004244bbdc51cadda545b1cfa43cff9ed2ae88e08c61f1479dbb45410722f8f0',
        },
        mac: '39990c1684557447940d4c69e06b1b82b2aceacb43f284df65c956daf3046b85',
      },
      version: 3,
    },
  },
  {
    by: 'ethers, with a capital Crypto and its own section',
    password: 'dogs',
    address: '0xa0eccd7605bb117dd2a4cd55979c720cf00f7fa4',
    keystore: {
      address: 'a0eccd7605bb117dd2a4cd55979c720cf00f7fa4',
      version: 3,
      Crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: '6167c13fe3cd195b4ce9312a9f9399ce' },
        ciphertext: '2434b52afa29851edea2acb7f33dd854fc7e7b036ad6a2c3614f3d61ef0e19ce',
        kdf: 'scrypt',
        kdfparams: {
          salt: 'b0662c8968389207137be9f346fb1cfba604f9d214e95012881025b7ebc5b9da',
          ...{ n: 131_072, dklen: 32, p: 1, r: 8 },
        },
        mac: '256bd09baf3341e9f7df675b8a8cc551b86dfd0dfdf1aa8df2596882f3751496',
      },
      'x-ethers': { client: 'ethers.js', version: '0.1' },
    },
  },
  {
    by: 'eth-keyfile, by PBKDF2, with a checksummed address and a short salt',
    password: 'correct horse',
    address: '0x6370ef2f4db3611d657b90667de398a2cc2a370c',
    keystore: {
      address: '6370eF2f4Db3611D657b90667De398a2Cc2a370C',
      crypto: {
        cipher: 'aes-128-ctr',
        cipherparams: { iv: '5e76902a325c78d55a59f42fe691b6e6' },
        ciphertext: '0f0eb54735350a961588018100ac4db0543badf46e94843842408b1a7c0bb731',
        kdf: 'pbkdf2',
        kdfparams: { c: 4096, dklen: 32, prf: 'hmac-sha256', salt: '4ef0bb7c7630d01cff0f1704b31c388f' },
        mac: '6c38dd0bfb0d3f20d0132d93bc15c245dfc6bcc3e8c77a08dc7b7d1f8be8e85b',
      },
      version: 3,
    },
  },
]
/** geth's vector of a key whose leading zero was dropped. */
const SHORT_KEY = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: 'e0c41130a323adc1446fc82f724bca2f' },
    ciphertext: '9517cd5bdbe69076f9bf5057248c6c050141e970efa36ce53692d5d59a3984',
    kdf: 'scrypt',
    kdfparams: {
      ...{ dklen: 32, n: 2, r: 8, p: 1 },
      salt: '711f816911c92d649fb4c84b047915679933555030b3552c1212609b38208c63',
    },
    mac: 'd5e116151c6aa71470e67a7d42c9620c75c4d23229847dcc127794f0732b0db5',
  },
  version: 3,
}

describe('keystores of other wallets', () => {
  test('the published scrypt and PBKDF2 vectors give their key', async () => {
    expect(toHex(await decryptKey(SCRYPT_VECTOR, PASSWORD))).toBe(SECRET)
    expect(toHex(await decryptKey(PBKDF2_VECTOR, PASSWORD))).toBe(SECRET)
  })

  test('a capital Crypto is read as well', async () => {
    const { crypto, ...rest } = PBKDF2_VECTOR
    expect(toHex(await decryptKey({ ...rest, Crypto: crypto }, PASSWORD))).toBe(SECRET)
  })

  test.each(FOREIGN)('reads a file by $by', async ({ keystore, password, address }) => {
    expect(addressOf(await decryptKey(keystore, password))).toBe(address)
    await expect(decryptKey(keystore, `${password}!`)).rejects.toMatchObject({ code: 'WRONG_PASSWORD' })
  })

  test('a key without its leading zeros is filled up', async () => {
    const key = '0x00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35'
    expect(toHex(await decryptKey(SHORT_KEY, 'foo'))).toBe(key)
  })

  test('a key that is not that of the address is refused', async () => {
    const forged = { ...PBKDF2_VECTOR, address: 'a0eccd7605bb117dd2a4cd55979c720cf00f7fa4' }
    await expect(decryptKey(forged, PASSWORD)).rejects.toMatchObject({ code: 'MALFORMED_KEYSTORE' })
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

  test('are read by a reader that shares nothing with ours but the specification', async () => {
    const file = join(folder, 'specified.json')
    await createKeystore(file, key, 'geheim', {})
    expect(toHex(readBySpecification(await readFile(file, 'utf8'), 'geheim'))).toBe(toHex(key))
    expect(() => readBySpecification('{"version":3}', 'geheim')).toThrow()
  })

  test('tell their address without a password', async () => {
    const file = join(folder, 'address.json')
    await createKeystore(file, key, 'secret', development)
    expect(await readKeystoreAddress(file)).toBe(addressOf(key))
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

/**
 * Web3 Secret Storage as its definition spells it, on libraries that our own code does not use: noble's scrypt
 * and Keccak in place of OpenSSL's and viem's, and r and p taken by name.
 */
function readBySpecification(text: string, password: string): Uint8Array {
  const { crypto } = JSON.parse(text)
  const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'))
  const { salt, n: N, r, p, dklen: dkLen } = crypto.kdfparams
  const derived = scrypt(password, hex(salt), { N, r, p, dkLen, maxmem: 2 ** 30 })
  const ciphertext = hex(crypto.ciphertext)
  const mac = keccak_256(Uint8Array.from([...derived.slice(16, 32), ...ciphertext]))
  if (Buffer.from(mac).toString('hex') !== crypto.mac) throw new Error('the MAC does not fit')
  const decipher = createDecipheriv('aes-128-ctr', derived.slice(0, 16), hex(crypto.cipherparams.iv))
  return Uint8Array.from(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

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
