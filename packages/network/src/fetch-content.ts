import { isLinkNode, LIMITS, type LinkNode, linkNodeCodec, WireError } from '@souk/protocol'
import type { BlockStore } from '@souk/storage'
import { BOUNDS } from './bounds.ts'
import { NetworkError } from './errors.ts'
import { fetchBlocks } from './fetch-blocks.ts'
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
 * Fetches content from one peer into a block store: the root, then every leaf that is not here yet, several
 * requests in parallel. The root is stored last, so that a store that has it has had the whole.
 *
 * Asked again after a failure it goes on with what is missing. Throws {@link NetworkError} as
 * {@link fetchBlocks}, and `MALFORMED` for a link node whose leaves do not add up.
 */
export async function fetchContent(
  node: SoukNode,
  target: PeerTarget,
  cid: string,
  into: Pick<BlockStore, 'has' | 'get' | 'put'>,
  options: FetchOptions = {},
): Promise<void> {
  const { signal, onProgress } = options
  const stored = await into.get(cid)
  const root = stored ?? (await fetchRoot(node, target, cid, signal))
  if (isLinkNode(cid)) await fetchLeaves(node, target, parseLinkNode(cid, root), into, options)
  else onProgress?.({ haveBytes: root.byteLength, totalBytes: root.byteLength })
  if (stored === undefined) await into.put(cid, root)
}

async function fetchRoot(
  node: SoukNode,
  target: PeerTarget,
  cid: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  let root: Uint8Array = new Uint8Array()
  await fetchBlocks(
    node,
    target,
    [cid],
    (_, block) => {
      root = block
    },
    signal,
  )
  return root
}

async function fetchLeaves(
  node: SoukNode,
  target: PeerTarget,
  link: LinkNode,
  into: Pick<BlockStore, 'has' | 'put'>,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const sizes = leafSizes(link)
  const missing = await missingLeaves(sizes, into)
  let haveBytes = link.bytes - sum(missing.map((leaf) => sizes.get(leaf)?.totalBytes ?? 0))
  onProgress?.({ haveBytes, totalBytes: link.bytes })
  await inParallel(batches(missing), signal, (batch, stop) =>
    fetchBlocks(
      node,
      target,
      batch,
      async (leaf, block) => {
        const size = sizes.get(leaf)
        if (size === undefined || block.byteLength !== size.leafBytes) throw wrongLeaf(leaf, block)
        await into.put(leaf, block)
        haveBytes += size.totalBytes
        onProgress?.({ haveBytes, totalBytes: link.bytes })
      },
      stop,
    ),
  )
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

/** Splits addresses evenly over the parallel requests, each within the bound of one. */
function batches(cids: readonly string[]): string[][] {
  const even = Math.ceil(cids.length / BOUNDS.parallelBlockRequests)
  const size = Math.max(1, Math.min(LIMITS.blocksPerRequest, even))
  const count = Math.ceil(cids.length / size)
  return Array.from({ length: count }, (_, i) => cids.slice(i * size, (i + 1) * size))
}

/** Works through `items` a few at a time; the first failure stops the others and is thrown. */
async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) stop.abort()
  let first: unknown
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, stop.signal)
  }
  const guarded = () =>
    worker().catch((error) => {
      first ??= error
      queue.length = 0
      stop.abort()
    })
  await Promise.all(Array.from({ length: BOUNDS.parallelBlockRequests }, guarded))
  signal?.removeEventListener('abort', onAbort)
  if (first !== undefined) throw first
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
