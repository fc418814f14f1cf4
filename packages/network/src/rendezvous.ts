import type { CID } from 'multiformats/cid'
import { BOUNDS } from './bounds.ts'
import { pause, startDeadline } from './deadline.ts'
import type { SoukNode } from './node.ts'
import type { PeerTarget } from './peer-target.ts'

/** Peers that should hold our provider record before new connections stop mattering. */
const ENOUGH_HOLDERS = 8
/** Milliseconds before an unanswered provide is repeated, at least and at most. */
const PROVIDE_MS = { min: 500, max: 60_000 } as const

/** Our provider records in the DHT. */
export interface Rendezvous {
  /** Provides exactly these keys from now on. */
  provide(keys: readonly CID[]): void
  stop(): Promise<void>
}

/**
 * Keeps provider records for keys in the DHT: until some peers hold them they are placed again with a growing
 * wait and whenever a peer connects (a restarted bootstrap has forgotten us); later the DHT repeats them.
 */
export function startRendezvous(node: SoukNode): Rendezvous {
  const kept = new Map<string, { key: CID; stop: AbortController }>()
  const drop = async (name: string) => {
    const entry = kept.get(name)
    kept.delete(name)
    entry?.stop.abort()
    if (entry) await node.libp2p.services.dht.cancelReprovide(entry.key).catch(() => undefined)
  }
  return {
    provide(keys) {
      const names = keys.map(String)
      for (const name of kept.keys()) if (!names.includes(name)) void drop(name)
      for (const key of keys) {
        if (kept.has(String(key))) continue
        const stop = new AbortController()
        kept.set(String(key), { key, stop })
        void keepProviding(node, key, stop.signal)
      }
    },
    async stop() {
      await Promise.all([...kept.keys()].map(drop))
    },
  }
}

async function keepProviding(node: SoukNode, key: CID, signal: AbortSignal): Promise<void> {
  let waitMs: number = PROVIDE_MS.min
  while (!signal.aborted) {
    const holders = await provideOnce(node, key, signal)
    if (holders >= ENOUGH_HOLDERS) return
    waitMs = holders === 0 ? Math.min(PROVIDE_MS.max, waitMs * 2) : PROVIDE_MS.max
    await pauseUntilConnection(node, waitMs, signal)
    // Connections come in bursts; one more record for all of them is enough.
    await pause(PROVIDE_MS.min, signal)
  }
}

/** Places a record and returns how many peers took it. */
async function provideOnce(node: SoukNode, key: CID, signal: AbortSignal): Promise<number> {
  const deadline = startDeadline(BOUNDS.queryMs, signal)
  let holders = 0
  try {
    for await (const event of node.libp2p.services.dht.provide(key, { signal: deadline.signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') holders += 1
    }
  } catch {
    // No peers yet, or the query ran out of time: the caller tries again.
  } finally {
    deadline.clear()
  }
  return holders
}

async function pauseUntilConnection(node: SoukNode, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const end = () => over.abort()
  const forget = node.onConnect(end)
  signal.addEventListener('abort', end, { once: true })
  if (!signal.aborted) await pause(ms, over.signal)
  signal.removeEventListener('abort', end)
  forget()
}

/** Finds the providers of a key, each once, with the addresses the DHT has of them; best effort. */
export async function* findProviders(
  node: SoukNode,
  key: CID,
  signal: AbortSignal,
): AsyncGenerator<Exclude<PeerTarget, string>> {
  const deadline = startDeadline(BOUNDS.queryMs, signal)
  const seen = new Set([node.peerId])
  try {
    for await (const event of node.libp2p.services.dht.findProviders(key, { signal: deadline.signal })) {
      if (event.name !== 'PROVIDER') continue
      for (const { id, multiaddrs } of event.providers) {
        const peerId = id.toString()
        if (seen.has(peerId) || seen.size > BOUNDS.providersPerKey) continue
        seen.add(peerId)
        yield { peerId, addresses: multiaddrs.map(String) }
      }
    }
  } catch {
    // No peers yet, or out of time: what was found so far counts, and the caller looks again.
  } finally {
    deadline.clear()
  }
}
