import { NetworkError } from './errors.ts'

/** Requests of one peer: so many at once, and so many a second from then on. */
const RATE = { burst: 32, perSecond: 8 }
/** Peers whose requests are counted; the one that asked first goes first. */
const COUNTED_PEERS = 1_024

interface Allowance {
  left: number
  atMs: number
}

/** Counts the requests of each peer. */
export interface PeerRate {
  /** Takes one request of a peer's allowance; throws {@link NetworkError} `QUEUE_FULL` when there is none left. */
  take(peer: string): void
}

/** Makes a counter by a monotonic clock in milliseconds. */
export function makePeerRate(clock: () => number): PeerRate {
  const allowances = new Map<string, Allowance>()
  return {
    take(peer) {
      const nowMs = clock()
      const { left, atMs } = allowances.get(peer) ?? { left: RATE.burst, atMs: nowMs }
      const refilled = Math.min(RATE.burst, left + ((nowMs - atMs) * RATE.perSecond) / 1_000)
      if (refilled < 1) throw tooFast(peer)
      allowances.delete(peer)
      allowances.set(peer, { left: refilled - 1, atMs: nowMs })
      if (allowances.size > COUNTED_PEERS) allowances.delete(oldest(allowances))
    },
  }
}

function oldest(allowances: ReadonlyMap<string, Allowance>): string {
  const [first = ''] = allowances.keys()
  return first
}

function tooFast(peer: string): NetworkError {
  return new NetworkError(
    `expected at most ${RATE.perSecond} requests a second of one peer, got more; stream reset, ask slower`,
    { code: 'QUEUE_FULL', peer },
  )
}
