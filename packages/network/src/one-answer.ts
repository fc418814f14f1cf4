import type { Stream } from '@libp2p/interface'
import { errorMessage, WireError } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { BOUNDS } from './bounds.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { handleStreams } from './inbound-streams.ts'
import { prefixAll, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import { makePeerRate } from './peer-rate.ts'
import { type PeerTarget, targetPeerId } from './peer-target.ts'
import { readStream, writeStream } from './stream-bytes.ts'

/** How long an answer may take; `BOUNDS.requestMs` unless told otherwise. */
export interface AskOptions {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Answers streams of one request and one answer, within `BOUNDS.requestMs` each and at a bounded rate per peer;
 * streams that break a bound are reset. Returns the call that stops answering.
 */
export function serveAnswers(
  node: SoukNode,
  protocol: string,
  requestBytes: number,
  answer: (request: Uint8Array, peer: string) => Uint8Array | Promise<Uint8Array>,
): Promise<() => Promise<void>> {
  const rate = makePeerRate(() => performance.now())
  return handleStreams(node, protocol, BOUNDS.requestStreamsPerPeer, async (stream, peer) => {
    rate.take(peer)
    const deadline = startDeadline(BOUNDS.requestMs)
    deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason))
    try {
      const request = await readOne(stream, requestBytes)
      await pipe([await answer(request, peer)], prefixAll, (source) => writeStream(stream, source))
      await closeStream(stream)
    } finally {
      deadline.clear()
    }
  })
}

/**
 * Sends one request and returns what `decode` makes of the one answer, of at most `answerBytes`.
 *
 * Throws {@link NetworkError} as `openStream`, and `TIMEOUT`, `ABORTED`, `STREAM_CLOSED`, `TOO_LARGE`, `MALFORMED`.
 */
export async function askOne<T>(
  node: SoukNode,
  target: PeerTarget,
  protocol: string,
  request: Uint8Array,
  answer: { readonly bytes: number; readonly decode: (bytes: Uint8Array) => T },
  { timeoutMs = BOUNDS.requestMs, signal }: AskOptions,
): Promise<T> {
  const deadline = startDeadline(timeoutMs, signal)
  let stream: Stream | undefined
  try {
    const opened = await openStream(node, target, protocol, deadline.signal)
    stream = opened
    deadline.signal.addEventListener('abort', () => opened.abort(deadline.signal.reason))
    if (deadline.signal.aborted) throw deadline.signal.reason
    const reply = readOne(opened, answer.bytes)
    await Promise.all([pipe([request], prefixAll, (source) => writeStream(opened, source)), reply])
    const decoded = answer.decode(await reply)
    await closeStream(opened)
    return decoded
  } catch (error) {
    const typed = askError(deadline.signal.aborted ? deadline.signal.reason : error, targetPeerId(target))
    stream?.abort(typed)
    throw typed
  } finally {
    deadline.clear()
  }
}

async function readOne(stream: Stream, maxBytes: number): Promise<Uint8Array> {
  const { value } = await pipe(readStream(stream), splitMessages(maxBytes)).next()
  if (value !== undefined) return value
  throw new NetworkError('expected one message, the stream ended without any; ask again or another peer', {
    code: 'STREAM_CLOSED',
  })
}

function askError(error: unknown, peer: string): NetworkError {
  if (error instanceof WireError) {
    return new NetworkError(errorMessage(error), { code: 'MALFORMED', peer }, { cause: error })
  }
  return asNetworkError(error, 'STREAM_CLOSED', 'asking a peer', peer)
}
