import { readFileSync } from 'node:fs'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { recoverTypedDataAddress, verifyTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { close, hex, quote, voucher } from './arbitraries.fixture.ts'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { leaseOf, type Structs, structDigest, TYPES } from './eip712.ts'
import type { NetworkId } from './network-id.ts'
import { addressOf, recoverSigner, requireSigned, signDigest, signStruct } from './signature.ts'

const NETWORK: NetworkId = {
  name: 'dev',
  chainId: 31_337,
  escrow: '0x50c0000000000000000000000000000000000712',
}
const DOMAIN = { name: 'Souk Escrow', version: '1', chainId: 31_337, verifyingContract: NETWORK.escrow }
const DIGEST: Hex = `0x${'11'.repeat(32)}`
const ORDER = secp256k1.Point.Fn.ORDER

const key = fc
  .bigInt({ min: 1n, max: ORDER - 1n })
  .map((n) => fromHex(`0x${n.toString(16).padStart(64, '0')}`))

const structs: { [T in keyof Structs]: fc.Arbitrary<Structs[T]> } = {
  Quote: quote,
  Open: fc.record({ lease: hex(32) }),
  Close: close,
  ResultBatch: fc.record({ lease: hex(32), root: hex(32) }),
  Voucher: voucher,
  PeerBinding: fc.record({ peerId: fc.string(), account: hex(20), expires: fc.nat() }),
  Ending: fc.record({ lease: hex(32), code: fc.string() }),
}

test.each(Object.keys(structs) as (keyof Structs)[])(
  '%s is signed as other EIP-712 wallets sign it',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(key, structs[type] as fc.Arbitrary<never>, async (privateKey, message) => {
        const compact = signStruct(privateKey, NETWORK, type, message)
        const data = { domain: DOMAIN, types: TYPES, primaryType: type, message } as never
        const account = privateKeyToAccount(toHex(privateKey))
        expect(addressOf(privateKey)).toBe(account.address.toLowerCase())
        const signed = { ...(data as object), signature: expand(compact) } as never
        expect((await recoverTypedDataAddress(signed)).toLowerCase()).toBe(addressOf(privateKey))
        expect(await verifyTypedData({ ...(signed as object), address: account.address } as never)).toBe(true)
        expect(await account.signTypedData(data)).toBe(expand(compact))
        requireSigned(NETWORK, type, message, compact, account.address)
      }),
      { numRuns: 5 },
    )
  },
)

test('the signer is recovered from every signature, in its compact low-s form', () => {
  fc.assert(
    fc.property(key, hex(32), (privateKey, digest) => {
      const signature = signDigest(privateKey, digest)
      expect(fromHex(signature)).toHaveLength(64)
      expect(recoverSigner(digest, signature)).toBe(addressOf(privateKey))
    }),
    { numRuns: 40 },
  )
})

test('high s, other lengths and numbers off the curve are refused', () => {
  const signature = fromHex(signDigest(fromHex(`0x${'22'.repeat(32)}`), DIGEST))
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
  const bad: Hex[] = [
    toHex(Buffer.concat([r, word(ORDER / 2n + 1n)])),
    toHex(Buffer.concat([r, word(0n)])),
    toHex(Buffer.concat([word(0n), s])),
    toHex(Buffer.concat([word(ORDER), s])),
    toHex(signature.subarray(1)),
    `${toHex(signature)}00`,
    '0x',
  ]
  for (const each of bad) {
    expect(() => recoverSigner(DIGEST, each)).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }))
  }
})

test('the malleated twin of a signature, with n − s and the other parity, is not one of the signer', () => {
  fc.assert(
    fc.property(key, (privateKey) => {
      const signature = fromHex(signDigest(privateKey, DIGEST))
      const s = BigInt(toHex(signature.subarray(32))) & (2n ** 255n - 1n)
      const parity = (signature[32] ?? 0) >> 7
      const twin = ((ORDER - s) & (2n ** 255n - 1n)) | (BigInt(1 - parity) << 255n)
      const forged = toHex(Buffer.concat([signature.subarray(0, 32), word(twin)]))
      expect(signerOrNone(DIGEST, forged)).not.toBe(addressOf(privateKey))
    }),
    { numRuns: 40 },
  )
})

test('a signature binds struct, field, chain and contract', () => {
  const privateKey = fromHex(`0x${'22'.repeat(32)}`)
  const signer = addressOf(privateKey)
  const message = { lease: `0x${'33'.repeat(32)}` as const, paid: 5n }
  const signature = signStruct(privateKey, NETWORK, 'Close', message)
  const refused = expect.objectContaining({ code: 'BAD_SIGNATURE' })
  const check = (network: NetworkId, changed: typeof message, by: Hex) =>
    requireSigned(network, 'Close', changed, signature, by)
  check(NETWORK, message, signer)
  expect(() => check(NETWORK, { ...message, paid: 6n }, signer)).toThrow(refused)
  expect(() => check({ ...NETWORK, chainId: 1 }, message, signer)).toThrow(refused)
  expect(() => check({ ...NETWORK, escrow: signer }, message, signer)).toThrow(refused)
  expect(() => check(NETWORK, message, NETWORK.escrow)).toThrow(refused)
})

interface Golden {
  readonly domain: { readonly chainId: number; readonly verifyingContract: Hex }
  readonly cases: readonly {
    readonly type: keyof Structs
    readonly message: Readonly<Record<string, Hex | string>>
    readonly digest: Hex
    readonly signer: Hex
    readonly signature: Hex
  }[]
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/eip712.json', import.meta.url), 'utf8'),
)

test.each(golden.cases.map((each, i) => [`${i}: ${each.type}`, each] as const))(
  'golden vector %s',
  (_, given) => {
    const { chainId, verifyingContract } = golden.domain
    const network = { name: 'golden', chainId, escrow: verifyingContract }
    const message = typed(given.type, given.message)
    expect(structDigest(network, given.type, message)).toBe(given.digest)
    expect(recoverSigner(given.digest, given.signature)).toBe(given.signer)
    requireSigned(network, given.type, message, given.signature, given.signer)
    if (given.type === 'Quote') expect(leaseOf(network, message as Structs['Quote'])).toBe(given.digest)
  },
)

test('golden vectors cover every struct that the contracts read', () => {
  const covered = new Set(golden.cases.map((each) => each.type))
  expect([...covered].toSorted()).toEqual(['Close', 'Open', 'Quote', 'ResultBatch', 'Voucher'])
})

function signerOrNone(digest: Hex, signature: Hex): Hex | undefined {
  try {
    return recoverSigner(digest, signature)
  } catch {
    return undefined
  }
}

/** Reads the decimal strings of a vector as numbers or bigints, as its struct has them. */
function typed<T extends keyof Structs>(type: T, message: Readonly<Record<string, string>>): Structs[T] {
  const entries = TYPES[type].map((field) => {
    const value = message[field.name] ?? ''
    if (field.type === 'uint40' || field.type === 'uint32') return [field.name, Number(value)]
    return [field.name, field.type.startsWith('uint') ? BigInt(value) : value]
  })
  return Object.fromEntries(entries)
}

/** Writes a compact signature as r, s and v of 65 bytes. */
function expand(compact: Hex): Hex {
  const bytes = fromHex(compact)
  const v = 27 + ((bytes[32] ?? 0) >> 7)
  const plain = bytes.slice()
  plain[32] = (plain[32] ?? 0) & 0x7f
  return `${toHex(plain)}${v.toString(16)}`
}

function word(value: bigint): Uint8Array {
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`)
}
