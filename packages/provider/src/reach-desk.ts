import type { Whereabouts } from '@souk/engine'
import { probePeer, type ReachDesk, type SoukNode } from '@souk/network'
import type { Hex } from '@souk/protocol'
import { StallMeter } from './stall-meter.ts'

/** Milliseconds for a subject to answer whom a requester asks about: a fresh connection between continents fits, and a machine with too much to do. */
const REACH_PROBE_MS = 1_500
/** Milliseconds between looks at whether this process is held up itself. */
const STALL_TICK_MS = 50
/** Milliseconds that it may be held up before it says nothing of who did not answer meanwhile. */
const MOST_STALL_MS = 400

/** What answering needs of the provider. */
export interface ReachDeskOptions {
  readonly node: SoukNode
  readonly clock: () => number
  /** Tells whether a peer holds an open lease here. */
  readonly serves: (peer: string) => boolean
  /** Returns where a subject was last known to be; nobody else's word of its addresses is dialled. */
  readonly find: (subject: Hex) => Whereabouts | undefined
}

/** Tells requesters which providers are reached from here (PROTOCOL §6.10); returns also what ends it. */
export function openReachDesk({ node, clock, serves, find }: ReachDeskOptions): ReachDesk & { stop(): void } {
  const stalls = new StallMeter(clock())
  const ticker = setInterval(() => stalls.tick(clock()), STALL_TICK_MS)
  return {
    serves,
    async probe(subject, nonce) {
      const target = find(subject)
      if (target === undefined) return undefined
      const sinceMs = clock()
      const signature = await probePeer(node, target, nonce, { timeoutMs: REACH_PROBE_MS }).catch(() => null)
      const wasHeldUp = stalls.longest(sinceMs, clock()) > MOST_STALL_MS
      return signature === null && wasHeldUp ? undefined : signature
    },
    stop: () => clearInterval(ticker),
  }
}
