import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat } from 'uint8arrays/concat'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { type Structs, structDigest } from './eip712.ts'
import { WireError } from './errors.ts'
import type { NetworkId } from './network-id.ts'

const HALF_ORDER = secp256k1.Point.Fn.ORDER / 2n

/** Returns the EVM address (lower-case hex) of a 32-byte secp256k1 private key. */
export function addressOf(privateKey: Uint8Array): Hex {
  return publicKeyAddress(secp256k1.getPublicKey(privateKey, false))
}

/** Signs a 32-byte digest; returns the compact form of 64 bytes, low s, parity in the top bit (EIP-2098). */
export function signDigest(privateKey: Uint8Array, digest: Hex): Hex {
  const recovered = secp256k1.sign(fromHex(digest), privateKey, { prehash: false, format: 'recovered' })
  const compact = recovered.slice(1)
  if (recovered[0] === 1) compact[32] = (compact[32] ?? 0) | 0x80
  return toHex(compact)
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
  const parity = (compact[32] ?? 0) >> 7
  const plain = compact.slice()
  plain[32] = (plain[32] ?? 0) & 0x7f
  if (plain.byteLength !== 64 || BigInt(toHex(plain.subarray(32))) > HALF_ORDER) throw badSignature('high s')
  const recovered = concat([Uint8Array.of(parity), plain])
  const compressed = secp256k1.recoverPublicKey(recovered, digest, { prehash: false })
  return publicKeyAddress(secp256k1.Point.fromBytes(compressed).toBytes(false))
}

function publicKeyAddress(uncompressed: Uint8Array): Hex {
  return toHex(keccak_256(uncompressed.subarray(1)).subarray(12))
}

function badSignature(message: string, cause?: unknown): WireError {
  return new WireError(message, { code: 'BAD_SIGNATURE', what: 'signature' }, { cause })
}
