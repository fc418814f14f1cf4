import type { Stream } from '@libp2p/interface'
import {
  SESSION_FRAME_BYTES,
  type SessionAnswer,
  type SessionOpening,
  sessionAnswerCodec,
  sessionOpeningCodec,
} from '@souk/protocol'
import { pipe } from 'it-pipe'
import { startDeadline } from './deadline.ts'
import { NetworkError } from './errors.ts'
import { prefixed, splitMessages } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { openStream } from './open-stream.ts'
import type { PeerTarget } from './peer-target.ts'
import { sessionError } from './session-error.ts'
import { readStream, writeChunk } from './stream-bytes.ts'

/** Name of the protocol in protocol ids (PROTOCOL §13). */
export const SESSION_PROTOCOL = 'session'

/** Milliseconds for dialling, and for each of the two first messages of a stream. */
const SESSION_HELLO_MS = 8_000

/** A stream on which both sides agreed on a session. */
export interface AgreedStream {
  readonly stream: Stream
  readonly messages: AsyncIterator<Uint8Array>
  readonly accepted: Extract<SessionAnswer, { t: 'accepted' }>
}

/**
 * Opens a stream and asks for a session on it.
 *
 * Throws `SessionError` where the provider refuses, `NetworkError` where it cannot be reached or asked.
 */
export async function askSession(
  node: SoukNode,
  target: PeerTarget,
  opening: SessionOpening,
  signal?: AbortSignal,
): Promise<AgreedStream> {
  const stream = await openStream(node, target, SESSION_PROTOCOL, signal)
  try {
    const messages = messagesOf(stream)
    await writeChunk(stream, prefixed(sessionOpeningCodec.encode(opening)))
    const answer = sessionAnswerCodec.decode(await firstMessage(stream, messages, signal))
    if (answer.t === 'refused') throw sessionError(answer.code, answer.message)
    return { stream, messages, accepted: answer }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/** Reads what a stream opens; the messages that follow come from the same iterator. */
export async function hearSession(
  stream: Stream,
): Promise<{ opening: SessionOpening; messages: AsyncIterator<Uint8Array> }> {
  const messages = messagesOf(stream)
  return { opening: sessionOpeningCodec.decode(await firstMessage(stream, messages)), messages }
}

/** Answers a stream that opens a session. */
export function answerSession(stream: Stream, answer: SessionAnswer): Promise<void> {
  return writeChunk(stream, prefixed(sessionAnswerCodec.encode(answer)))
}

function messagesOf(stream: Stream): AsyncIterator<Uint8Array> {
  return pipe(readStream(stream), splitMessages(SESSION_FRAME_BYTES))[Symbol.asyncIterator]()
}

async function firstMessage(
  stream: Stream,
  messages: AsyncIterator<Uint8Array>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const deadline = startDeadline(SESSION_HELLO_MS, signal)
  const onAbort = () => stream.abort(deadline.signal.reason)
  deadline.signal.addEventListener('abort', onAbort)
  try {
    const { done, value } = await messages.next()
    if (done !== true) return value
    throw new NetworkError('expected a session to be asked for or answered, the stream ended; try again', {
      code: 'STREAM_CLOSED',
    })
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error
  } finally {
    deadline.signal.removeEventListener('abort', onAbort)
    deadline.clear()
  }
}
