import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { BOUNDS } from './bounds.ts'
import { NetworkError } from './errors.ts'

/** How a stream came to its end, seen from here. */
export type StreamEnd = 'open' | 'finished' | 'reset' | 'lost'

/** The reading side of a stream with back-pressure. */
export interface StreamReader extends AsyncIterable<Uint8Array> {
  /** Tells how the stream ended so far; `finished` means that the peer closed its side in order. */
  end(): StreamEnd
}

/**
 * Reads a stream with a bounded buffer: beyond `readAheadBytes` the peer has to wait. libp2p's own iterator
 * buffers without limit.
 *
 * Listens from the call on, so that nothing and no ending is missed; one consumer. The iteration ends when the
 * peer closed in order and throws {@link NetworkError} `STREAM_CLOSED` when it did not.
 */
export function readStream(stream: Stream): StreamReader {
  const chunks: Uint8Array[] = []
  let queued = 0
  let finished = stream.remoteWriteStatus === 'closed' && stream.status === 'open'
  let closed = stream.status !== 'open' && stream.status !== 'closing'
  let failure: Error | undefined
  let wake: (() => void) | undefined

  const onMessage = (event: StreamMessageEvent) => {
    // Part by part: as one it would be a copy.
    chunks.push(...(event.data instanceof Uint8Array ? [event.data] : event.data))
    queued += event.data.byteLength
    if (queued > BOUNDS.readAheadBytes && stream.readStatus === 'readable') stream.pause()
    wake?.()
  }
  const onFinished = () => {
    finished = true
    wake?.()
  }
  const onClose = (event: StreamCloseEvent) => {
    closed = true
    failure = event.error
    wake?.()
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('remoteCloseWrite', onFinished)
  stream.addEventListener('end', () => wake?.(), { once: true })
  stream.addEventListener('close', onClose, { once: true })

  const end = (): StreamEnd => {
    if (stream.status === 'reset') return 'reset'
    if (finished && failure === undefined) return 'finished'
    return closed ? 'lost' : 'open'
  }
  const isDrained = () => stream.readBufferLength === 0 && (closed || (finished && stream.readableEnded))

  async function* iterate() {
    try {
      for (;;) {
        const chunk = chunks.shift()
        if (chunk !== undefined) {
          queued -= chunk.byteLength
          yield chunk
        } else if (stream.readStatus === 'paused') {
          resume(stream)
        } else if (failure !== undefined || isDrained()) {
          break
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      stream.removeEventListener('message', onMessage)
    }
    const how = end()
    if (how !== 'finished') throw streamClosed(how, failure)
  }
  return { [Symbol.asyncIterator]: iterate, end }
}

/** Writes everything `source` gives, piece by piece, waiting whenever the peer or the connection cannot take more. */
export async function writeStream(
  stream: Stream,
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; at += BOUNDS.writePieceBytes) {
      await writeChunk(stream, chunk.subarray(at, at + BOUNDS.writePieceBytes))
    }
  }
}

/**
 * Writes bytes and waits until more may be written.
 *
 * Throws {@link NetworkError} `STREAM_CLOSED`, or `TIMEOUT` when the peer took nothing for `writeStallMs`.
 */
export async function writeChunk(stream: Stream, chunk: Uint8Array): Promise<void> {
  try {
    stream.send(chunk)
  } catch (cause) {
    throw streamClosed('lost', cause)
  }
  while (stream.writableNeedsDrain) await drained(stream)
}

/** Not `stream.onDrain()`: its promise is never renewed, so that only its first wait waits. */
function drained(stream: Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: NetworkError) => {
      clearTimeout(timer)
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
      if (error === undefined) resolve()
      else reject(error)
    }
    const onDrain = () => settle()
    const onClose = (event: StreamCloseEvent) => settle(streamClosed('lost', event.error))
    const timer = setTimeout(() => settle(stalled()), BOUNDS.writeStallMs)
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
    if (stream.writeStatus === 'closed') settle(streamClosed('lost'))
  })
}

/** Lets data flow again; on a stream that ended meanwhile it only hands out what is left. */
function resume(stream: Stream): void {
  try {
    stream.resume()
  } catch {
    // The window update could not be sent any more: the close event tells the rest.
  }
}

/** Returns the error of a stream that ended before its time. */
export function streamClosed(how: StreamEnd, cause?: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause
  const happened = how === 'reset' ? 'the peer reset it' : 'the connection is gone'
  return new NetworkError(
    `expected the stream to stay open, but ${happened}; dial again or use another peer`,
    { code: 'STREAM_CLOSED' },
    { cause },
  )
}

function stalled(): NetworkError {
  return new NetworkError(
    `expected the peer to read within ${BOUNDS.writeStallMs} ms, it did not; stream reset`,
    { code: 'TIMEOUT' },
  )
}
