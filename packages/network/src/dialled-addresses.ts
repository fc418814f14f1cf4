import type { Connection } from '@libp2p/interface'
import { BOUNDS } from './bounds.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'
import { type PeerTarget, parsePeerId, targetAddresses, targetPeerId } from './peer-target.ts'

/**
 * Returns the addresses at which a peer answers us now: the other ends of the connections that we opened, of which one
 * is opened where there is none. Of a peer that cannot be dialled and came to us, the other ends of its own.
 *
 * What a peer says of its addresses is not among them before it answered there. Throws {@link NetworkError}
 * `UNREACHABLE` or `TIMEOUT`.
 */
export async function dialledAddresses(
  node: SoukNode,
  target: PeerTarget,
  options: { signal?: AbortSignal } = {},
): Promise<string[]> {
  const found = connectedAddresses(node, targetPeerId(target), 'outbound')
  if (found.length > 0) return found
  try {
    await dialOnce(node, target, options.signal)
  } catch (error) {
    const came = connectedAddresses(node, targetPeerId(target), 'inbound')
    if (came.length > 0) return came
    throw error
  }
  return connectedAddresses(node, targetPeerId(target), 'outbound')
}

/** Returns the other ends of the open connections with a peer, of those that we opened or of those that it did. */
export function connectedAddresses(
  node: SoukNode,
  peerId: string,
  direction: Connection['direction'],
): string[] {
  const connections = node.libp2p.getConnections(parsePeerId(peerId))
  const open = connections.filter((one) => one.status === 'open' && one.direction === direction)
  return [...new Set(open.map(({ remoteAddr }) => remoteAddr.toString()))]
}

/** Opens a connection also where the peer has opened one: who it says it is is known, but not where it can be dialled. */
async function dialOnce({ libp2p }: SoukNode, target: PeerTarget, signal?: AbortSignal): Promise<void> {
  const peerId = targetPeerId(target)
  const addresses = targetAddresses(target)
  const deadline = startDeadline(BOUNDS.openMs, signal)
  try {
    const to = addresses.length > 0 ? addresses : parsePeerId(peerId)
    await libp2p.dial(to, { signal: deadline.signal, force: true })
  } catch (error) {
    const { reason } = deadline.signal
    const cause = deadline.signal.aborted && reason instanceof NetworkError ? reason : error
    throw asNetworkError(cause, 'UNREACHABLE', `expected to reach ${peerId}`, peerId)
  } finally {
    deadline.clear()
  }
}
