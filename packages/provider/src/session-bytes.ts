import type { Readable } from 'node:stream'
import type { ServedSession } from '@souk/network'
import { type CountedFrame, SESSION_CHUNK_BYTES, type SessionChannel } from '@souk/protocol'

/** Sends everything a stream gives, then that it ended; waits wherever the other side has enough to take. */
export async function pump(
  session: Pick<ServedSession, 'send'>,
  source: AsyncIterable<Uint8Array>,
  channel: SessionChannel,
): Promise<void> {
  for await (const chunk of source) await sendPieces(session, chunk, channel)
  await session.send({ t: 'end', channel })
}

/** Sends bytes in pieces of frames' size. */
export async function sendPieces(
  session: Pick<ServedSession, 'send'>,
  chunk: Uint8Array,
  channel: SessionChannel,
): Promise<void> {
  for (let at = 0; at < chunk.byteLength; at += SESSION_CHUNK_BYTES) {
    // A plain view: what Node reads are buffers, which the encoder does not know.
    const { buffer, byteOffset, byteLength } = chunk.subarray(at, at + SESSION_CHUNK_BYTES)
    await session.send({ t: 'data', channel, bytes: new Uint8Array(buffer, byteOffset, byteLength) })
  }
}

/** Gives what comes as standard input up to its end; throws where the session ends before that. */
export async function* inputOf(frames: AsyncIterable<CountedFrame>): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) {
    if (frame.t === 'end') return
    if (frame.t === 'data') yield frame.bytes
  }
  throw new Error('expected the input to end in order, the session ended before it')
}

/** Writes to a stream and waits until it took the bytes, or failed to. */
export function writeTo(stream: NodeJS.WritableStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve())
  })
}

/** Destroys a stream when `signal` aborts; returns the undo. */
export function destroyOn(stream: Pick<Readable, 'destroy'>, signal: AbortSignal): () => void {
  const destroy = () => void stream.destroy()
  if (signal.aborted) destroy()
  signal.addEventListener('abort', destroy, { once: true })
  return () => signal.removeEventListener('abort', destroy)
}
