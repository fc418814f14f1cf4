import type { Stream } from '@libp2p/interface'
import { protocolId } from '@souk/protocol'
import { NetworkError } from './errors.ts'
import type { SoukNode } from './node.ts'

/**
 * Answers inbound streams of one protocol, at most `perPeer` of one peer at a time over all its connections;
 * the rest is reset. A handler that throws resets its stream. Returns the call that stops answering.
 */
export async function handleStreams(
  node: SoukNode,
  protocol: string,
  perPeer: number,
  handler: (stream: Stream, remotePeer: string) => void | Promise<void>,
): Promise<() => Promise<void>> {
  const id = protocolId(node.network, protocol)
  const open = new Map<string, number>()
  const onStream = (stream: Stream, peer: string) => {
    const count = open.get(peer) ?? 0
    if (count >= perPeer) {
      stream.abort(tooMany(peer, perPeer))
      return
    }
    open.set(peer, count + 1)
    stream.addEventListener('close', () => release(open, peer), { once: true })
    Promise.resolve(handler(stream, peer)).catch((error: Error) => stream.abort(error))
  }
  await node.libp2p.handle(id, (stream, connection) => onStream(stream, connection.remotePeer.toString()), {
    maxInboundStreams: perPeer,
    maxOutboundStreams: perPeer,
    runOnLimitedConnection: true,
  })
  return () => node.libp2p.unhandle(id)
}

function release(open: Map<string, number>, peer: string): void {
  const left = (open.get(peer) ?? 1) - 1
  if (left > 0) open.set(peer, left)
  else open.delete(peer)
}

function tooMany(peer: string, perPeer: number): NetworkError {
  return new NetworkError(`expected at most ${perPeer} streams of one peer; stream reset`, {
    code: 'QUEUE_FULL',
    peer,
  })
}
