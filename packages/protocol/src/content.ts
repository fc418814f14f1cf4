import * as dagCbor from '@ipld/dag-cbor'
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { equals } from 'uint8arrays/equals'
import { z } from 'zod'
import { readBase32, toBase32 } from './base32.ts'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { WireError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { cid, count } from './schema.ts'

const RAW = 0x55
const SHA2_256 = 0x12
/** Bytes of an address before its digest: version, code, kind and length of the digest. */
const HEAD_SIZE = 4
/** Bytes of an address with a code of one byte and SHA-256. */
const ADDRESS_SIZE = 36

/** Node's own crypto: blocks of 1 MiB take a fraction of the time that portable code needs. */
interface NativeCrypto {
  hash?(algorithm: 'sha256', bytes: Uint8Array, encoding: 'buffer'): Uint8Array
  hash?(algorithm: 'sha256', bytes: Uint8Array, encoding: 'hex'): string
}

/** Where this code runs: only Node has modules built in, a browser hashes with portable code. */
const host = globalThis as { process?: { getBuiltinModule?(name: 'node:crypto'): NativeCrypto } }
const native = host.process?.getBuiltinModule?.('node:crypto')

/** Returns the SHA-256 digest of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return native?.hash === undefined
    ? portableSha256(bytes)
    : new Uint8Array(native.hash('sha256', bytes, 'buffer'))
}

/** Returns the SHA-256 digest of `bytes` as {@link Hex}. */
export function sha256Hex(bytes: Uint8Array): Hex {
  return native?.hash === undefined
    ? toHex(portableSha256(bytes))
    : `0x${native.hash('sha256', bytes, 'hex')}`
}

/** Content by its address, with its length in bytes. */
export interface Content {
  readonly cid: string
  readonly bytes: number
}

/** A file above one block: its raw leaves in order. Every leaf but the last has exactly `blockBytes`. */
export const linkNode = z.strictObject({
  v: z.literal(1),
  bytes: count(LIMITS.fileBytes),
  leaves: z.array(cid).max(LIMITS.fileBytes / LIMITS.blockBytes),
})
export type LinkNode = z.output<typeof linkNode>

export const linkNodeCodec: Codec<LinkNode> = codec('link node', linkNode, LIMITS.blockBytes)

/** Returns the CIDv1 with this code and SHA-256 digest, in base32. */
function cidOf(code: number, digest: Uint8Array): string {
  const bytes = new Uint8Array(HEAD_SIZE + digest.byteLength)
  bytes.set([1, code, SHA2_256, digest.byteLength])
  bytes.set(digest, HEAD_SIZE)
  return `b${toBase32(bytes)}`
}

/** Returns the CIDv1 (SHA-256) of a raw block. */
export function rawCid(block: Uint8Array): string {
  return cidOf(RAW, sha256(block))
}

/** Returns the CIDv1 of the raw block with this SHA-256 digest: a task's name is the address of its bytes. */
export function rawCidOfDigest(digest: Hex): string {
  return cidOf(RAW, fromHex(digest))
}

/** Returns the CIDv1 (SHA-256) of an encoded link node. */
export function linkNodeCid(block: Uint8Array): string {
  return cidOf(dagCbor.code, sha256(block))
}

/** Characters that every CIDv1 with SHA-256 and the code of raw blocks, or of DAG-CBOR, begins with. */
const RAW_BEGINNING = 'bafkrei'
const DAG_CBOR_BEGINNING = 'bafyrei'

function codeOf(address: string): number {
  if (address.startsWith(RAW_BEGINNING)) return RAW
  return address.startsWith(DAG_CBOR_BEGINNING) ? dagCbor.code : CID.parse(address).code
}

/** Tells whether a text is the address of a raw block or link node, as we write it. */
export function isPlainAddress(address: string): boolean {
  if (!address.startsWith(RAW_BEGINNING) && !address.startsWith(DAG_CBOR_BEGINNING)) return false
  return readBase32(address, 1, new Uint8Array(ADDRESS_SIZE), 0, ADDRESS_SIZE)
}

/** Tells whether a content address names a link node rather than a raw block. */
export function isLinkNode(address: string): boolean {
  return codeOf(address) === dagCbor.code
}

/** Throws {@link WireError} `WRONG_CONTENT` unless `block` is what `address` names. */
export function requireContent(address: string, block: Uint8Array): void {
  if (isPlainAddress(address) ? address === cidOf(codeOf(address), sha256(block)) : isNamed(address, block))
    return
  throw new WireError(`expected the block ${address}, got ${block.byteLength} other bytes; peer dropped`, {
    code: 'WRONG_CONTENT',
    what: address,
  })
}

function isNamed(address: string, block: Uint8Array): boolean {
  return equals(CID.parse(address).multihash.digest, sha256(block))
}

/** Splits bytes into blocks; the first of the returned list is the root that `content` names. */
export function toBlocks(bytes: Uint8Array): {
  content: Content
  blocks: { cid: string; bytes: Uint8Array }[]
} {
  if (bytes.byteLength > LIMITS.fileBytes) {
    throw new WireError(`expected a file of at most ${LIMITS.fileBytes} bytes, got ${bytes.byteLength}`, {
      code: 'TOO_LARGE',
      what: 'file',
    })
  }
  if (bytes.byteLength <= LIMITS.blockBytes) {
    const root = rawCid(bytes)
    return { content: { cid: root, bytes: bytes.byteLength }, blocks: [{ cid: root, bytes }] }
  }
  const leaves = []
  for (let at = 0; at < bytes.byteLength; at += LIMITS.blockBytes) {
    const leaf = bytes.subarray(at, at + LIMITS.blockBytes)
    leaves.push({ cid: rawCid(leaf), bytes: leaf })
  }
  const node = linkNodeCodec.encode({ v: 1, bytes: bytes.byteLength, leaves: leaves.map((leaf) => leaf.cid) })
  const root = linkNodeCid(node)
  return { content: { cid: root, bytes: bytes.byteLength }, blocks: [{ cid: root, bytes: node }, ...leaves] }
}
