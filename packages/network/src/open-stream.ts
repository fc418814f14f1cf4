import type { Stream } from '@libp2p/interface'
import { networkPath, protocolId } from '@souk/protocol'
import { BOUNDS } from './bounds.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'
import { type PeerTarget, parsePeerId, targetPeerId } from './peer-target.ts'

/** Milliseconds before a peer that would not identify itself is asked again. */
const IDENTIFY_PAUSE_MS = 100

/**
 * Opens a stream of one of our protocols, dialling the peer first where needed.
 *
 * Throws {@link NetworkError} `UNREACHABLE`, `TIMEOUT`, `ABORTED`, `WRONG_NETWORK` when the peer speaks our
 * protocols on another network only, and `UNSUPPORTED` when it does not speak this one.
 */
export async function openStream(
  node: SoukNode,
  target: PeerTarget,
  protocol: string,
  signal?: AbortSignal,
): Promise<Stream> {
  const peerId = targetPeerId(target)
  const deadline = startDeadline(BOUNDS.openMs, signal)
  try {
    await node.dial(target, { signal: deadline.signal })
    return await node.libp2p.dialProtocol(parsePeerId(peerId), protocolId(node.network, protocol), {
      signal: deadline.signal,
      runOnLimitedConnection: true,
    })
  } catch (error) {
    if (deadline.signal.aborted) throw withPeer(deadline.signal.reason, peerId)
    throw await openError(node, peerId, protocol, error)
  } finally {
    deadline.clear()
  }
}

function withPeer(reason: unknown, peerId: string): NetworkError {
  const error = asNetworkError(reason, 'ABORTED', 'opening a stream', peerId)
  return new NetworkError(
    `${peerId}: ${error.message}`,
    { code: error.code, peer: peerId },
    { cause: reason },
  )
}

async function openError(
  node: SoukNode,
  peerId: string,
  protocol: string,
  error: unknown,
): Promise<NetworkError> {
  if ((error as Error).name !== 'UnsupportedProtocolError') {
    return asNetworkError(error, 'UNREACHABLE', `expected a ${protocol} stream to ${peerId}`, peerId)
  }
  const spoken = await spokenNetworks(node, peerId)
  const ours = networkPath(node.network)
  if (spoken.size > 0 && !spoken.has(ours)) {
    return new NetworkError(
      `expected a peer of network ${ours}, got one of ${[...spoken].join(', ')}; check --network and the addresses`,
      { code: 'WRONG_NETWORK', peer: peerId },
      { cause: error },
    )
  }
  return new NetworkError(
    `expected ${peerId} to speak ${protocol}, it does not; ask another peer`,
    { code: 'UNSUPPORTED', peer: peerId },
    { cause: error },
  )
}

/** Asks a peer which protocols it speaks and returns their networks: `name/chainId/escrow`. */
async function spokenNetworks(node: SoukNode, peerId: string): Promise<Set<string>> {
  const deadline = startDeadline(BOUNDS.requestMs)
  try {
    const ours = (await identify(node, peerId, deadline.signal)).filter((name) => name.startsWith('/souk/'))
    return new Set(ours.map((name) => name.split('/').slice(2, 5).join('/')))
  } catch {
    // It went away meanwhile: then its network stays unknown.
    return new Set()
  } finally {
    deadline.clear()
  }
}

/** Identifies a peer again while its one stream for that is taken by the connection's own identification. */
async function identify(node: SoukNode, peerId: string, signal: AbortSignal): Promise<string[]> {
  for (;;) {
    const [connection] = node.libp2p.getConnections(parsePeerId(peerId))
    if (connection === undefined) return []
    try {
      return (await node.libp2p.services.identify.identify(connection, { signal })).protocols
    } catch (error) {
      if (signal.aborted || node.signal.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, IDENTIFY_PAUSE_MS))
    }
  }
}
