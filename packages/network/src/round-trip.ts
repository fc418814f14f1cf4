import { BOUNDS } from './bounds.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'
import { type PeerTarget, parsePeerId } from './peer-target.ts'

/** Pings taken; the fastest counts, for what delays one is seldom the distance. */
const PINGS = 3

/**
 * Measures the round trip to a peer in milliseconds, dialling it first where needed.
 *
 * Throws {@link NetworkError} `UNREACHABLE` or `TIMEOUT`.
 */
export async function measureRoundTrip(
  node: SoukNode,
  target: PeerTarget,
  options: { signal?: AbortSignal } = {},
): Promise<number> {
  const deadline = startDeadline(BOUNDS.openMs, options.signal)
  try {
    const peer = parsePeerId(await node.dial(target, { signal: deadline.signal }))
    let fastest = Number.POSITIVE_INFINITY
    for (let i = 0; i < PINGS; i++) {
      fastest = Math.min(fastest, await node.libp2p.services.ping.ping(peer, { signal: deadline.signal }))
    }
    return fastest
  } catch (error) {
    const reason = deadline.signal.aborted ? deadline.signal.reason : error
    throw asNetworkError(
      reason instanceof NetworkError ? reason : error,
      'UNREACHABLE',
      'measuring the round trip',
    )
  } finally {
    deadline.clear()
  }
}
