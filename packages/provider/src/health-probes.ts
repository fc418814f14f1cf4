import { measureRoundTrip, type SoukNode } from '@souk/network'
import { type DiskTrial, readHostMemory, readRoom, tryDisk } from '@souk/runtime'
import { type DiskState, isDoubtful } from './health-disk.ts'
import { boundedAsk } from './health-late.ts'
import { isFar, type LinkReading } from './health-link.ts'
import type { MemoryState } from './health-memory.ts'

/** Milliseconds for a disk to say how full it is, and for a trial of it. */
const DISK_ANSWER_MS = 10_000
/** Looks from one trial of a disk that is well to the next, and from one round trip: both cost others something. */
const LOOKS_PER_TRIAL = 6

/** Looks at the disk under a folder; tries it now and then, and at every look where it did not do well. */
export function diskProbe(folder: string): (isFull: boolean) => Promise<DiskState> {
  const room = boundedAsk(() => readRoom(folder), DISK_ANSWER_MS)
  const attempt = boundedAsk(() => tryDisk(folder), DISK_ANSWER_MS)
  let trial: DiskTrial | null = null
  let looks = 0
  return async (isFull) => {
    const found = await room().catch(() => null)
    // A full disk is known to take nothing.
    if (!isFull && (isDoubtful(trial) || looks % LOOKS_PER_TRIAL === 0))
      trial = (await attempt()) ?? { kind: 'written', ms: DISK_ANSWER_MS }
    looks += 1
    return { reading: found && { ...found, trial }, isFull }
  }
}

/** Looks at the memory, and at what was swapped since the look before. */
export function memoryProbe(clock: () => number): () => Promise<MemoryState> {
  let last: { pages: number; atMs: number } | null = null
  return async () => {
    const reading = await readHostMemory()
    const { swappedPages: pages } = reading
    const atMs = clock()
    const before = last
    last = pages === null ? null : { pages, atMs }
    const seconds = before === null ? 0 : (atMs - before.atMs) / 1_000
    const isKnown = pages !== null && before !== null && seconds > 0
    return { reading, swapsPerSecond: isKnown ? (pages - before.pages) / seconds : null }
  }
}

/** What a look at the link works with. */
export interface LinkServices {
  readonly node: SoukNode
  /** Peer ids of the bootstrap peers. */
  readonly bootstrap: readonly string[]
  readonly clock: () => number
  isChainThere(): boolean
}

/** Looks at how others are reached; measures the round trip to a bootstrap peer now and then, and again where it is long. */
export function linkProbe({
  node,
  bootstrap,
  clock,
  isChainThere,
}: LinkServices): () => Promise<LinkReading> {
  let chainMs = clock()
  let peersMs = clock()
  let roundTripMs: number | null = null
  let looks = 0
  return async () => {
    const peers = new Set(node.peers())
    const near = bootstrap.find((id) => peers.has(id))
    if (isFar(roundTripMs) || looks++ % LOOKS_PER_TRIAL === 0)
      roundTripMs = near === undefined ? null : await measureRoundTrip(node, near).catch(() => null)
    const nowMs = clock()
    if (isChainThere()) chainMs = nowMs
    if (peers.size > 0) peersMs = nowMs
    const others = bootstrap.filter((id) => id !== node.peerId)
    return {
      chainSilentMs: nowMs - chainMs,
      aloneMs: others.length === 0 ? null : nowMs - peersMs,
      roundTripMs,
    }
  }
}
