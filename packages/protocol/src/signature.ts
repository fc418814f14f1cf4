import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat } from 'uint8arrays/concat'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { type Structs, structDigest } from './eip712.ts'
import { WireError } from './errors.ts'
import type { NetworkId } from './network-id.ts'

const HALF_ORDER = secp256k1.Point.Fn.ORDER / 2n

/** What signatures need of the curve; every implementation gives the same bytes. */
export interface Curve {
  /** Signs by RFC 6979: 64 bytes with low s, and the parity of the point that they name. */
  sign(digest: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; parity: number }
  /** Returns the public key, 65 bytes; null or an exception where there is none. */
  recover(digest: Uint8Array, signature: Uint8Array, parity: 0 | 1): Uint8Array | null
}

/** The curve in JavaScript, which runs everywhere. */
export const PORTABLE_CURVE: Curve = {
  sign(digest, privateKey) {
    const recovered = secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' })
    return { signature: recovered.slice(1), parity: recovered[0] ?? 0 }
  },
  recover(digest, signature, parity) {
    const recovered = concat([Uint8Array.of(parity), signature])
    const compressed = secp256k1.recoverPublicKey(recovered, digest, { prehash: false })
    return secp256k1.Point.fromBytes(compressed).toBytes(false)
  },
}

let curve = PORTABLE_CURVE

/** Has every signature of this process made and checked by `faster`, which gives the same bytes. */
export function useCurve(faster: Curve): void {
  curve = faster
}

/** Returns the EVM address (lower-case hex) of a 32-byte secp256k1 private key. */
export function addressOf(privateKey: Uint8Array): Hex {
  return publicKeyAddress(secp256k1.getPublicKey(privateKey, false))
}

/** Signs a 32-byte digest; returns the compact form of 64 bytes, low s, parity in the top bit (EIP-2098). */
export function signDigest(privateKey: Uint8Array, digest: Hex): Hex {
  const { signature, parity } = curve.sign(fromHex(digest), privateKey)
  if (parity === 1) signature[32] = (signature[32] ?? 0) | 0x80
  return toHex(signature)
}

/** Signs an EIP-712 struct of `network`. */
export function signStruct<T extends keyof Structs>(
  privateKey: Uint8Array,
  network: NetworkId,
  type: T,
  message: Structs[T],
): Hex {
  return signDigest(privateKey, structDigest(network, type, message))
}

/** Returns the address that signed `digest`; throws {@link WireError} `BAD_SIGNATURE`, also for high s. */
export function recoverSigner(digest: Hex, signature: Hex): Hex {
  try {
    return recover(fromHex(digest), fromHex(signature))
  } catch (cause) {
    throw badSignature('expected a compact low-s secp256k1 signature, got bytes that are not one', cause)
  }
}

/** Throws {@link WireError} `BAD_SIGNATURE` unless `signer` signed this struct. */
export function requireSigned<T extends keyof Structs>(
  network: NetworkId,
  type: T,
  message: Structs[T],
  signature: Hex,
  signer: Hex,
): void {
  const actual = recoverSigner(structDigest(network, type, message), signature)
  if (actual === signer.toLowerCase()) return
  throw badSignature(`expected ${type} signed by ${signer}, got a signature of ${actual}; message dropped`)
}

function recover(digest: Uint8Array, compact: Uint8Array): Hex {
  const parity = (compact[32] ?? 0) >> 7 === 1 ? 1 : 0
  const plain = compact.slice()
  plain[32] = (plain[32] ?? 0) & 0x7f
  if (plain.byteLength !== 64 || BigInt(toHex(plain.subarray(32))) > HALF_ORDER) throw badSignature('high s')
  const publicKey = curve.recover(digest, plain, parity)
  if (publicKey === null) throw badSignature('no public key')
  return publicKeyAddress(publicKey)
}

function publicKeyAddress(uncompressed: Uint8Array): Hex {
  return toHex(keccak_256(uncompressed.subarray(1)).subarray(12))
}

function badSignature(message: string, cause?: unknown): WireError {
  return new WireError(message, { code: 'BAD_SIGNATURE', what: 'signature' }, { cause })
}
