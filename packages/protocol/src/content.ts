import * as dagCbor from '@ipld/dag-cbor'
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { equals } from 'uint8arrays/equals'
import { z } from 'zod'
import { fromHex, type Hex } from './bytes.ts'
import { type Codec, codec } from './codec.ts'
import { WireError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { cid, count } from './schema.ts'

const RAW = 0x55
const SHA2_256 = 0x12

/** Node's own crypto: blocks of 1 MiB take a fraction of the time that portable code needs. */
interface NativeCrypto {
  hash?(algorithm: 'sha256', bytes: Uint8Array, encoding: 'buffer'): Uint8Array
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

/** Returns the CIDv1 (SHA-256) of a raw block. */
export function rawCid(block: Uint8Array): string {
  return CID.createV1(RAW, createDigest(SHA2_256, sha256(block))).toString()
}

/** Returns the CIDv1 of the raw block with this SHA-256 digest: a task's name is the address of its bytes. */
export function rawCidOfDigest(digest: Hex): string {
  return CID.createV1(RAW, createDigest(SHA2_256, fromHex(digest))).toString()
}

/** Returns the CIDv1 (SHA-256) of an encoded link node. */
export function linkNodeCid(block: Uint8Array): string {
  return CID.createV1(dagCbor.code, createDigest(SHA2_256, sha256(block))).toString()
}

/** Tells whether a content address names a link node rather than a raw block. */
export function isLinkNode(address: string): boolean {
  return CID.parse(address).code === dagCbor.code
}

/** Throws {@link WireError} `WRONG_CONTENT` unless `block` is what `address` names. */
export function requireContent(address: string, block: Uint8Array): void {
  if (equals(CID.parse(address).multihash.digest, sha256(block))) return
  throw new WireError(`expected the block ${address}, got ${block.byteLength} other bytes; peer dropped`, {
    code: 'WRONG_CONTENT',
    what: address,
  })
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
