import {
  type Content,
  isLinkNode,
  LIMITS,
  type LinkNode,
  linkNodeCid,
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
 * Keeps a block, pinned to `owner` before, so that it is not evicted. Both begin in the same turn: a store on disk
 * writes them as one. Throws what {@link BlockStore.put} throws; then it stays pinned.
 */
export async function putPinned(
  blocks: Pick<BlockStore, 'pin' | 'put'>,
  owner: string,
  cid: string,
  block: Uint8Array,
  checked?: boolean,
): Promise<void> {
  await Promise.all([blocks.pin(owner, [cid]), blocks.put(cid, block, checked)])
}

/** How content is kept that comes bit by bit. */
export interface PutStreamOptions {
  /** On whose behalf its blocks are pinned as they come. */
  readonly owner: string
  /** Bytes beyond which it is refused; what one content can have unless told. */
  readonly maxBytes?: number
  /** Hears of every block how many bytes are kept. */
  onProgress?(haveBytes: number): void
}

/**
 * Stores bytes as they come, a block at a time, pinned to `owner`, the root last; returns their address and length.
 *
 * Throws {@link StorageError} `TOO_LARGE` and `STORE_FULL`, and what the source throws; then some blocks stay pinned.
 */
export async function putStream(
  blocks: Pick<BlockStore, 'pin' | 'put'>,
  source: AsyncIterable<Uint8Array>,
  { owner, maxBytes = LIMITS.fileBytes, onProgress }: PutStreamOptions,
): Promise<Content> {
  const leaves: string[] = []
  let bytes = 0
  const keep = (cid: string, block: Uint8Array) => putPinned(blocks, owner, cid, block, true)
  for await (const leaf of leavesOf(source)) {
    bytes += leaf.byteLength
    const cid = rawCid(leaf)
    if (bytes > maxBytes) throw tooLarge(cid, bytes, maxBytes)
    await keep(cid, leaf)
    leaves.push(cid)
    onProgress?.(bytes)
  }
  const [first] = leaves
  if (leaves.length === 1 && first !== undefined) return { cid: first, bytes }
  const node = linkNodeCodec.encode({ v: 1, bytes, leaves })
  const root = linkNodeCid(node)
  await keep(root, node)
  return { cid: root, bytes }
}

/** Cuts bytes into blocks of `LIMITS.blockBytes`, the last one shorter; one, empty, where there is nothing. */
async function* leavesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let leaf = new Uint8Array(LIMITS.blockBytes)
  let filled = 0
  let isFirst = true
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      if (filled === leaf.byteLength) {
        yield leaf
        isFirst = false
        leaf = new Uint8Array(LIMITS.blockBytes)
        filled = 0
      }
      const part = chunk.subarray(at, at + leaf.byteLength - filled)
      leaf.set(part, filled)
      filled += part.byteLength
      at += part.byteLength
    }
  }
  if (filled > 0 || isFirst) yield leaf.subarray(0, filled)
}

/**
 * Reads the bytes of content from `offset` on, at most `LIMITS.blockBytes` of them; none at its end.
 *
 * Throws as {@link readContent}.
 */
export async function readPiece(blocks: BlockStore, cid: string, offset: number): Promise<Uint8Array> {
  const root = await blocks.get(cid)
  if (root === undefined) throw missing([cid])
  if (!isLinkNode(cid)) return root.subarray(offset, offset + LIMITS.blockBytes)
  const address = decodeLinkNode(cid, root).leaves[Math.floor(offset / LIMITS.blockBytes)]
  if (address === undefined) return new Uint8Array()
  const leaf = await blocks.get(address)
  if (leaf === undefined) throw missing([address])
  return leaf.subarray(offset % LIMITS.blockBytes)
}

/** Returns how many bytes content has, which is here at least with its root. Throws as {@link readContent}. */
export async function contentLength(blocks: BlockStore, cid: string): Promise<number> {
  const root = await blocks.get(cid)
  if (root === undefined) throw missing([cid])
  return isLinkNode(cid) ? decodeLinkNode(cid, root).bytes : root.byteLength
}

/** A store for one transfer: what it asks for or puts is pinned to `owner` before, so that nothing of it is evicted. */
export function pinnedStore(
  blocks: BlockStore,
  owner: string,
  onHave: (cid: string) => void = () => {},
): Pick<BlockStore, 'has' | 'get' | 'put'> {
  return {
    async has(cid) {
      await blocks.pin(owner, [cid])
      const isHere = await blocks.has(cid)
      if (isHere) onHave(cid)
      return isHere
    },
    async get(cid) {
      await blocks.pin(owner, [cid])
      const block = await blocks.get(cid)
      if (block !== undefined) onHave(cid)
      return block
    },
    async put(cid, block, checked) {
      await putPinned(blocks, owner, cid, block, checked)
      onHave(cid)
    },
  }
}

/** Errors of a store or a disk that can take no more. */
const NO_ROOM: ReadonlySet<string> = new Set(['STORE_FULL', 'DISK_FULL'])

/**
 * Keeps blocks that came along unasked. Where pinned blocks or the disk leave no room they are left out: whoever needs
 * one fetches it, and hears then that there is no room.
 */
export async function keepIfRoom(blocks: BlockStore, some: readonly Uint8Array[]): Promise<void> {
  for (const block of some) {
    try {
      await blocks.put(rawCid(block), block)
    } catch (error) {
      if (!(error instanceof StorageError) || !NO_ROOM.has(error.code)) throw error
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
