import { isLinkNode, LIMITS, type LinkNode, linkNodeCodec, WireError } from '@souk/protocol'
import type { BlockStore } from '@souk/storage'
import { NetworkError } from './errors.ts'
import { type FetchSources, fetchFrom, noSource, peersOf } from './fetch-peers.ts'
import type { SoukNode } from './node.ts'
import type { PeerTarget } from './peer-target.ts'

/** How far a fetch is, in bytes of content that are here. */
export interface FetchProgress {
  readonly haveBytes: number
  readonly totalBytes: number
}

/** Options of {@link fetchContent}. */
export interface FetchOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FetchProgress) => void
}

/**
 * Fetches content into a block store: the root, then every leaf that is not here yet, from all `sources` at the same
 * time. The first of them is expected to have everything, the others may have parts. The root is stored last, so
 * that a store that has it has had the whole.
 *
 * Asked again after a failure it goes on with what is missing. Throws {@link NetworkError} as {@link fetchFrom}, and
 * `MALFORMED` for a link node whose leaves do not add up.
 */
export async function fetchContent(
  node: SoukNode,
  sources: FetchSources,
  cid: string,
  into: Pick<BlockStore, 'has' | 'get' | 'put'>,
  options: FetchOptions = {},
): Promise<void> {
  const { signal, onProgress } = options
  const stored = await into.get(cid)
  const root = stored ?? (await fetchRoot(node, peersOf(sources), cid, signal))
  if (isLinkNode(cid)) await fetchLeaves(node, sources, parseLinkNode(cid, root), into, options)
  else onProgress?.({ haveBytes: root.byteLength, totalBytes: root.byteLength })
  if (stored === undefined) await into.put(cid, root, true)
}

/** Asks one peer after the other: for one block there is nothing to share. */
async function fetchRoot(
  node: SoukNode,
  peers: readonly PeerTarget[],
  cid: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let first: unknown
  for (const peer of peers) {
    try {
      return await fetchOne(node, peer, cid, signal)
    } catch (error) {
      if (signal?.aborted === true) throw error
      first ??= error
    }
  }
  throw first ?? noSource()
}

async function fetchOne(
  node: SoukNode,
  peer: PeerTarget,
  cid: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let root: Uint8Array = new Uint8Array()
  const take = async (_: string, block: Uint8Array) => {
    root = block.slice()
  }
  await fetchFrom(node, peer, [cid], { take, ...(signal && { signal }) })
  return root
}

async function fetchLeaves(
  node: SoukNode,
  sources: FetchSources,
  link: LinkNode,
  into: Pick<BlockStore, 'has' | 'put'>,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const sizes = leafSizes(link)
  const missing = await missingLeaves(sizes, into)
  let haveBytes = link.bytes - sum(missing.map((leaf) => sizes.get(leaf)?.totalBytes ?? 0))
  onProgress?.({ haveBytes, totalBytes: link.bytes })
  const take = async (leaf: string, block: Uint8Array) => {
    const size = sizes.get(leaf)
    if (size === undefined || block.byteLength !== size.leafBytes) throw wrongLeaf(leaf, block)
    await into.put(leaf, block, true)
    haveBytes += size.totalBytes
    onProgress?.({ haveBytes, totalBytes: link.bytes })
  }
  await fetchFrom(node, sources, missing, { take, ...(signal && { signal }) })
}

function parseLinkNode(cid: string, bytes: Uint8Array): LinkNode {
  const link = decodeLinkNode(cid, bytes)
  if (link.leaves.length === Math.ceil(link.bytes / LIMITS.blockBytes) && !link.leaves.some(isLinkNode)) {
    return link
  }
  throw new NetworkError(
    `expected a link node with the raw leaves of ${link.bytes} bytes; content unusable`,
    {
      code: 'MALFORMED',
      cid,
    },
  )
}

function decodeLinkNode(cid: string, bytes: Uint8Array): LinkNode {
  try {
    return linkNodeCodec.decode(bytes)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new NetworkError(error.message, { code: 'MALFORMED', cid }, { cause: error })
  }
}

/** Returns by leaf its length and the bytes it stands for in all its places: equal leaves come once. */
function leafSizes(link: LinkNode): Map<string, { leafBytes: number; totalBytes: number }> {
  const sizes = new Map<string, { leafBytes: number; totalBytes: number }>()
  for (const [i, leaf] of link.leaves.entries()) {
    const leafBytes = Math.min(LIMITS.blockBytes, link.bytes - i * LIMITS.blockBytes)
    sizes.set(leaf, { leafBytes, totalBytes: (sizes.get(leaf)?.totalBytes ?? 0) + leafBytes })
  }
  return sizes
}

async function missingLeaves(
  sizes: ReadonlyMap<string, unknown>,
  into: Pick<BlockStore, 'has'>,
): Promise<string[]> {
  const missing = []
  for (const leaf of sizes.keys()) if (!(await into.has(leaf))) missing.push(leaf)
  return missing
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function wrongLeaf(cid: string, block: Uint8Array): NetworkError {
  return new NetworkError(`expected the leaf ${cid} to have its place's length, it has ${block.byteLength}`, {
    code: 'MALFORMED',
    cid,
  })
}
