import {
  type Content,
  isLinkNode,
  LIMITS,
  type LinkNode,
  linkNodeCodec,
  rawCid,
  toBlocks,
  WireError,
} from '@souk/protocol'
import type { BlockStore } from './block-store.ts'
import { StorageError } from './errors.ts'

/** Stores bytes as blocks, the root last, and returns their address and length. */
export async function putContent(blocks: BlockStore, bytes: Uint8Array): Promise<Content> {
  const split = toBlocks(bytes)
  for (const block of split.blocks.toReversed()) await blocks.put(block.cid, block.bytes)
  return split.content
}

/**
 * Keeps blocks that came along unasked. Where pinned blocks leave no room they are left out: whoever needs one
 * fetches it, and hears then that there is no room.
 */
export async function keepIfRoom(blocks: BlockStore, some: readonly Uint8Array[]): Promise<void> {
  for (const block of some) {
    try {
      await blocks.put(rawCid(block), block)
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'STORE_FULL') throw error
    }
  }
}

/**
 * Reads content of at most `maxBytes` back from its blocks.
 *
 * Throws {@link StorageError} `MISSING_BLOCKS` with the addresses that must be fetched first, `TOO_LARGE`, or
 * `MALFORMED_CONTENT` when a link node does not describe its leaves.
 */
export async function readContent(
  blocks: BlockStore,
  cid: string,
  maxBytes: number = LIMITS.fileBytes,
): Promise<Uint8Array> {
  const root = await blocks.get(cid)
  if (root === undefined) throw missing([cid])
  if (!isLinkNode(cid)) return requireLength(cid, root, maxBytes)
  const node = decodeLinkNode(cid, root)
  if (node.bytes > maxBytes) throw tooLarge(cid, node.bytes, maxBytes)
  return await join(blocks, cid, node)
}

/**
 * Returns the addresses whose blocks must still be fetched, each once; empty when the content is complete.
 *
 * A missing link node hides its leaves: ask again once it is here. Throws `MALFORMED_CONTENT`.
 */
export async function missingBlocks(blocks: BlockStore, cid: string): Promise<string[]> {
  const absent: string[] = []
  for (const address of await contentBlocks(blocks, cid)) {
    if (!(await blocks.has(address))) absent.push(address)
  }
  return absent
}

/** Returns every address that content is made of, root first, each once; only the root while that is missing. */
export async function contentBlocks(blocks: BlockStore, cid: string): Promise<string[]> {
  if (!isLinkNode(cid)) return [cid]
  const root = await blocks.get(cid)
  return root === undefined ? [cid] : [cid, ...new Set(decodeLinkNode(cid, root).leaves)]
}

async function join(blocks: BlockStore, cid: string, node: LinkNode): Promise<Uint8Array> {
  const absent = await missingBlocks(blocks, cid)
  if (absent.length > 0) throw missing(absent)
  const bytes = new Uint8Array(node.bytes)
  for (const [i, address] of node.leaves.entries()) {
    const leaf = await blocks.get(address)
    if (leaf === undefined) throw missing([address])
    const at = i * LIMITS.blockBytes
    if (leaf.byteLength !== Math.min(LIMITS.blockBytes, node.bytes - at)) throw malformed(cid)
    bytes.set(leaf, at)
  }
  return bytes
}

/** Decodes a link node and holds it to the one form that `toBlocks` gives. */
function decodeLinkNode(cid: string, bytes: Uint8Array): LinkNode {
  const node = tryDecode(cid, bytes)
  const isCanonical =
    node.bytes > LIMITS.blockBytes &&
    node.leaves.length === Math.ceil(node.bytes / LIMITS.blockBytes) &&
    !node.leaves.some(isLinkNode)
  if (!isCanonical) throw malformed(cid)
  return node
}

function tryDecode(cid: string, bytes: Uint8Array): LinkNode {
  try {
    return linkNodeCodec.decode(bytes)
  } catch (cause) {
    if (cause instanceof WireError) throw malformed(cid, cause)
    throw cause
  }
}

function requireLength(cid: string, bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.byteLength > maxBytes) throw tooLarge(cid, bytes.byteLength, maxBytes)
  return bytes
}

function missing(addresses: readonly string[]): StorageError {
  const first = addresses[0] ?? 'none'
  return new StorageError(
    `expected every block of the content, but ${addresses.length} are not here (first ${first}); fetch them`,
    { code: 'MISSING_BLOCKS', missing: addresses },
  )
}

function malformed(cid: string, cause?: unknown): StorageError {
  return new StorageError(
    `expected ${cid} to list its leaves of ${LIMITS.blockBytes} bytes, but it does not; whoever made it is at fault`,
    { code: 'MALFORMED_CONTENT', cid },
    { cause },
  )
}

function tooLarge(cid: string, bytes: number, maxBytes: number): StorageError {
  return new StorageError(`expected at most ${maxBytes} bytes under ${cid}, got ${bytes}; raise the limit`, {
    code: 'TOO_LARGE',
    cid,
    bytes,
    maxBytes,
  })
}
