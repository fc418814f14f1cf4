import type { SoukNode } from '@souk/network'

/** What crossed one lease stream until its task began. */
export interface WatchedStream {
  /** Nanoseconds of the monotonic clock when the stream was asked for. */
  readonly openedNs: bigint
  /** The same when the first frame, the demand, was handed to libp2p. */
  demandNs: bigint
  /** Bytes of each write, and of each chunk that came. */
  readonly sent: number[]
  readonly received: number[]
}

/** Watches the lease streams that a node opens from now on; the last one is `latest()`. */
export function watchStreams(node: SoukNode): { latest(): WatchedStream } {
  const { libp2p } = node
  const dial = libp2p.dialProtocol.bind(libp2p)
  let latest: WatchedStream | undefined
  libp2p.dialProtocol = async (peer, protocols, options) => {
    const openedNs = process.hrtime.bigint()
    const stream = await dial(peer, protocols, options)
    if (!String(protocols).includes('/lease')) return stream
    const watched: WatchedStream = { openedNs, demandNs: 0n, sent: [], received: [] }
    const send = stream.send.bind(stream)
    stream.send = (data) => {
      if (watched.sent.length === 0) watched.demandNs = process.hrtime.bigint()
      watched.sent.push(data.byteLength)
      return send(data)
    }
    stream.addEventListener('message', (event) => watched.received.push(event.data.byteLength))
    latest = watched
    return stream
  }
  return {
    latest() {
      if (latest !== undefined) return latest
      throw new Error('expected a lease stream, none was opened')
    },
  }
}
