import type { Stream } from '@libp2p/interface'

/** What a Yamux stream has that the interface does not tell. */
interface Windowed {
  readonly recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate(): void
}

/**
 * Has a stream that is negotiated allow its peer more once half of what it was allowed has come, as other Yamux do. The
 * library does so after each message, with a message of its own: of small ones that is every second. Streams of other
 * multiplexers stay as they are.
 */
export function allowByHalves(stream: Stream): void {
  if (!isWindowed(stream)) return
  const update = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    if (stream.recvWindowCapacity <= stream.recvWindow / 2) update()
  }
}

function isWindowed(stream: object): stream is Windowed {
  return 'recvWindow' in stream && 'recvWindowCapacity' in stream && 'sendWindowUpdate' in stream
}
