import type { Stream } from '@libp2p/interface'
import { BOUNDS } from './bounds.ts'
import { type FrameStream, makeFrameStream } from './frame-stream.ts'
import { handleStreams } from './inbound-streams.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'
import { allowByHalves } from './sparse-windows.ts'

/** Name of the protocol in protocol ids (PROTOCOL §6). */
export const LEASE_PROTOCOL = 'lease'

/**
 * Opens a lease channel to a provider, dialling it where needed.
 *
 * Throws `NetworkError` `UNREACHABLE`, `TIMEOUT`, `ABORTED`, `WRONG_NETWORK` or `UNSUPPORTED`. `signal` aborts the
 * opening, not the stream.
 */
export async function openLeaseStream(
  node: SoukNode,
  target: PeerTarget,
  options: { signal?: AbortSignal } = {},
): Promise<FrameStream> {
  const stream = await openStream(node, target, LEASE_PROTOCOL, options.signal)
  return frames(stream, targetPeerId(target))
}

/**
 * Answers lease channels that others open; a peer may hold `leaseStreamsPerPeer` of them.
 *
 * A handler that throws breaks its stream off. Returns the call that stops answering; open streams live on.
 */
export function handleLeaseStreams(
  node: SoukNode,
  handler: (stream: FrameStream) => void | Promise<void>,
): Promise<() => Promise<void>> {
  return handleStreams(node, LEASE_PROTOCOL, BOUNDS.leaseStreamsPerPeer, (stream, remotePeer) =>
    handler(frames(stream, remotePeer)),
  )
}

function frames(stream: Stream, remotePeer: string): FrameStream {
  allowByHalves(stream)
  return makeFrameStream(stream, remotePeer)
}
