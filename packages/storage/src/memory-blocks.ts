import { type BlockStore, type BlockStoreOptions, requireBlock, storeFull } from './block-store.ts'
import { closedError } from './errors.ts'

/** A share of an ordinary machine's memory that a throw-away peer may take. */
const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024

/** Creates a block store that lasts as long as its process. */
export function createMemoryBlocks({ maxBytes = DEFAULT_MEMORY_BYTES }: BlockStoreOptions = {}): BlockStore {
  /** In order of use, the least recent first. */
  const blocks = new Map<string, Uint8Array>()
  const pins = new Map<string, Set<string>>()
  let total = 0
  let open = true

  const requireOpen = () => {
    if (!open) throw closedError('the block store in memory')
  }
  const drop = (cid: string) => {
    total -= blocks.get(cid)?.byteLength ?? 0
    blocks.delete(cid)
  }
  const makeRoom = (bytes: number) => {
    const victims = unpinnedToDrop(blocks, pins, total + bytes - maxBytes)
    if (victims === undefined) throw storeFull(bytes, maxBytes)
    for (const cid of victims) drop(cid)
  }

  return {
    async put(cid, bytes, checked) {
      requireOpen()
      requireBlock(cid, bytes, checked)
      if (blocks.has(cid)) return
      makeRoom(bytes.byteLength)
      blocks.set(cid, bytes.slice())
      total += bytes.byteLength
    },
    async get(cid) {
      requireOpen()
      const bytes = blocks.get(cid)
      if (bytes === undefined) return undefined
      blocks.delete(cid)
      blocks.set(cid, bytes)
      return bytes.slice()
    },
    async has(cid) {
      requireOpen()
      return blocks.has(cid)
    },
    async delete(cid) {
      requireOpen()
      drop(cid)
    },
    async pin(owner, cids) {
      requireOpen()
      const pinned = pins.get(owner) ?? new Set<string>()
      for (const cid of cids) pinned.add(cid)
      pins.set(owner, pinned)
    },
    async unpin(owner) {
      requireOpen()
      pins.delete(owner)
    },
    async owners() {
      requireOpen()
      return [...pins.keys()]
    },
    async close() {
      open = false
      blocks.clear()
      pins.clear()
    },
  }
}

/** Returns the least recently used unpinned blocks that free at least `bytes`, or undefined. */
function unpinnedToDrop(
  blocks: ReadonlyMap<string, Uint8Array>,
  pins: ReadonlyMap<string, ReadonlySet<string>>,
  bytes: number,
): string[] | undefined {
  const victims: string[] = []
  let left = bytes
  const isPinned = (cid: string) => [...pins.values()].some((pinned) => pinned.has(cid))
  for (const [cid, block] of blocks) {
    if (left <= 0) break
    if (isPinned(cid)) continue
    victims.push(cid)
    left -= block.byteLength
  }
  return left <= 0 ? victims : undefined
}
