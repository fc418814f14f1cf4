import { LIMITS } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { BOUNDS } from './bounds.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { handleStreams } from './inbound-streams.ts'
import { prefixAll, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import type { PeerTarget } from './peer-target.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** Name of the protocol in protocol ids (PROTOCOL §5). */
const OFFER_PROTOCOL = 'offer'

/** Gives our own sealed offer to whoever asks; an answer without message means that there is none. */
export function serveOffer(
  node: SoukNode,
  current: () => Promise<Uint8Array | null>,
): Promise<() => Promise<void>> {
  return handleStreams(node, OFFER_PROTOCOL, BOUNDS.requestStreamsPerPeer, async (stream) => {
    const sealed = await current()
    await pipe(sealed === null ? [] : [sealed], prefixAll, (source) => writeStream(stream, source))
    await closeStream(stream)
  })
}

/**
 * Fetches a peer's own sealed offer, unchecked; null when it sells nothing.
 *
 * Throws `NetworkError` as {@link openStream}, and `TOO_LARGE`, `MALFORMED`, `STREAM_CLOSED`.
 */
export async function fetchOffer(
  node: SoukNode,
  target: PeerTarget,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const deadline = startDeadline(BOUNDS.requestMs, signal)
  try {
    const stream = await openStream(node, target, OFFER_PROTOCOL, deadline.signal)
    deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason))
    try {
      const messages = pipe(readStream(stream), splitMessages(LIMITS.offerBytes))
      const { value } = await messages.next()
      await closeStream(stream)
      return value ?? null
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  } finally {
    deadline.clear()
  }
}
