import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { bytesForm, cidForm, fixedForm, uintForm, withQuickForm } from './quick-form.ts'

/** Plain byte string of bounded length. */
export const bytes = (max: number) =>
  withQuickForm(
    z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength <= max, {
      error: `expected at most ${max} bytes`,
    }),
    bytesForm(max),
  )

const fixed = (length: number) =>
  withQuickForm(
    z.codec(
      z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength === length, {
        error: `expected ${length} bytes`,
      }),
      z.custom<Hex>((value) => typeof value === 'string' && isHex(value, length), {
        error: `expected ${length} bytes of hex`,
      }),
      { decode: (value) => toHex(value), encode: (value) => fromHex(value) },
    ),
    fixedForm(length),
  )

/** 20-byte EVM address; lower-case hex in memory, bytes on the wire. */
export const address = fixed(20)
/** 32-byte digest; hex in memory, bytes on the wire. */
export const digest = fixed(32)
/** Compact ECDSA signature of 64 bytes (EIP-2098); hex in memory, bytes on the wire. */
export const signature = fixed(64)
/** 16 random bytes that name one run of a process. */
export const bootId = fixed(16)

/**
 * Unsigned integer of at most `bits`; bigint in memory, minimal big-endian bytes on the wire, because
 * CBOR integers end at 64 bits. Zero is the empty string; leading zero bytes are malformed.
 */
export const uint = (bits: number) =>
  withQuickForm(
    z.codec(
      z.custom<Uint8Array>(
        (value) => value instanceof Uint8Array && value.byteLength <= bits / 8 && value[0] !== 0,
        { error: `expected a minimal unsigned integer of at most ${bits} bits` },
      ),
      z
        .bigint()
        .min(0n)
        .max(2n ** BigInt(bits) - 1n),
      { decode: bytesToUint, encode: uintToBytes },
    ),
    uintForm(bits),
  )

/** Unsigned integer that fits a JavaScript number. */
export const count = (max: number = Number.MAX_SAFE_INTEGER) => z.int().min(0).max(max)

/** Text of bounded length. */
export const text = (max: number) => z.string().max(max)

/** Content identifier; its string form in memory, a CBOR link on the wire. CIDv1 with SHA-256 only. */
export const cid = withQuickForm(
  z.codec(
    z.custom<CID>((value) => CID.asCID(value)?.version === 1 && CID.asCID(value)?.multihash.code === 0x12, {
      error: 'expected a CIDv1 link with SHA-256',
    }),
    z.string(),
    { decode: (link) => link.toString(), encode: (value) => CID.parse(value) as CID },
  ),
  cidForm,
)

function isHex(text: string, length: number): boolean {
  return text.length === 2 + 2 * length && /^0x[0-9a-fA-F]*$/.test(text)
}

function bytesToUint(value: Uint8Array): bigint {
  return value.byteLength === 0 ? 0n : BigInt(toHex(value))
}

function uintToBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  const digits = value.toString(16)
  return fromHex(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`)
}
