import type { Stream } from '@libp2p/interface'
import { errorMessage, type Frame, frameCodec, LIMITS, WireError } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { concat } from 'uint8arrays/concat'
import { BOUNDS } from './bounds.ts'
import { closeStream } from './close-stream.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { prefixed, splitMessages } from './length-prefix.ts'
import { readStream, type StreamReader, streamClosed, writeChunk } from './stream-bytes.ts'

/**
 * Why a frame stream ended: `local` we closed it, `remote` the peer closed it in order, `reset` the peer broke
 * it off, `lost` the connection went away, `error` we broke it off over `error`.
 */
export interface StreamEnding {
  readonly reason: 'local' | 'remote' | 'reset' | 'lost' | 'error'
  readonly error: NetworkError | null
}

/** One long-lived, ordered, bounded channel of lease frames (PROTOCOL §6). */
export interface FrameStream {
  readonly remotePeer: string
  /**
   * Sends a frame after all earlier ones; frames of one tick travel together. Resolves when the connection has
   * taken it: awaiting gives back-pressure.
   *
   * Throws `WireError` for a frame off the schema or above `LIMITS.frameBytes` (the stream goes on). Rejects with
   * {@link NetworkError} `STREAM_CLOSED` after the end, and with `QUEUE_FULL` or `TIMEOUT` when the peer does not
   * read, which end the stream; a rejection that nobody waits for is no unhandled one.
   */
  send(frame: Frame): Promise<void>
  /**
   * The frames of the peer in order, for one consumer. Ends when either side closed in order; throws
   * {@link NetworkError} `MALFORMED`, `TOO_LARGE` or `STREAM_CLOSED` otherwise.
   */
  readonly frames: AsyncIterableIterator<Frame>
  /** Sends what is queued and closes in order. */
  close(): Promise<void>
  /** Breaks the stream off at once; queued frames are dropped. */
  abort(error: Error): void
  /** Settles once, however the stream ends; never rejects. */
  readonly closed: Promise<StreamEnding>
}

interface Queued {
  readonly bytes: Uint8Array
  resolve(): void
  reject(error: Error): void
}

/** Makes the frame stream of an open libp2p stream. */
export function makeFrameStream(stream: Stream, remotePeer: string): FrameStream {
  const reader = readStream(stream)
  const closed = Promise.withResolvers<StreamEnding>()
  const queue: Queued[] = []
  let queuedBytes = 0
  let flushing: Promise<void> | undefined
  let ending: StreamEnding | undefined

  const settle = (how: StreamEnding) => {
    if (ending !== undefined) return
    ending = how
    closed.resolve(how)
    rejectAll(queue, how.error ?? streamClosed('lost'))
  }
  const fail = (error: NetworkError) => {
    settle({ reason: 'error', error })
    stream.abort(error)
  }
  const flush = async () => {
    // One microtask later, so that frames sent in one go share a packet.
    await undefined
    while (queue.length > 0 && ending === undefined) {
      const batch = takeBatch(queue)
      queuedBytes -= batch.reduce((sum, item) => sum + item.bytes.byteLength, 0)
      await writeBatch(stream, batch).catch((error) => {
        const typed = asNetworkError(error, 'STREAM_CLOSED', 'writing frames', remotePeer)
        for (const item of batch) item.reject(typed)
        if (typed.code !== 'STREAM_CLOSED') fail(typed)
      })
    }
    flushing = undefined
  }
  onEnd(stream, reader, settle, () => close())

  async function enqueue(bytes: Uint8Array): Promise<void> {
    if (ending !== undefined) throw ending.error ?? streamClosed('lost')
    if (queue.length >= BOUNDS.sendQueueFrames || queuedBytes + bytes.byteLength > BOUNDS.sendQueueBytes) {
      fail(queueFull(remotePeer))
      throw queueFull(remotePeer)
    }
    queuedBytes += bytes.byteLength
    const done = Promise.withResolvers<void>()
    queue.push({ bytes, resolve: done.resolve, reject: done.reject })
    flushing ??= flush()
    return await done.promise
  }

  function send(frame: Frame): Promise<void> {
    const sent = enqueue(prefixed(frameCodec.encode(frame)))
    // Whoever does not wait learns of the end by `closed`; it must not end the process.
    sent.catch(() => undefined)
    return sent
  }

  async function close(): Promise<void> {
    while (flushing !== undefined && ending === undefined) await flushing
    if (ending !== undefined) return
    settle({ reason: reader.end() === 'finished' ? 'remote' : 'local', error: null })
    await closeStream(stream)
  }

  return {
    remotePeer,
    send,
    frames: decodeFrames(reader, fail, () => ending),
    close,
    abort(error) {
      if (ending === undefined)
        settle({ reason: 'local', error: asNetworkError(error, 'ABORTED', 'aborted') })
      stream.abort(error)
    },
    closed: closed.promise,
  }
}

/** Follows the raw stream: an orderly end of the peer is answered, anything else is told. */
function onEnd(
  stream: Stream,
  reader: StreamReader,
  settle: (how: StreamEnding) => void,
  close: () => Promise<void>,
): void {
  const onClose = () => {
    const how = reader.end()
    if (how === 'finished') settle({ reason: 'remote', error: null })
    else settle({ reason: how === 'reset' ? 'reset' : 'lost', error: streamClosed(how) })
  }
  stream.addEventListener('close', onClose, { once: true })
  stream.addEventListener('remoteCloseWrite', () => void close(), { once: true })
  if (stream.status !== 'open') onClose()
  else if (stream.remoteWriteStatus === 'closed') void close()
}

async function* decodeFrames(
  reader: StreamReader,
  fail: (error: NetworkError) => void,
  ending: () => StreamEnding | undefined,
): AsyncGenerator<Frame> {
  try {
    for await (const bytes of pipe(reader, splitMessages(LIMITS.frameBytes))) yield frameCodec.decode(bytes)
  } catch (error) {
    // What we closed ourselves is no failure for whoever reads.
    if (ending()?.reason === 'local' && ending()?.error === null) return
    const typed = frameError(error)
    fail(typed)
    throw ending()?.error ?? typed
  }
}

function frameError(error: unknown): NetworkError {
  if (!(error instanceof WireError)) return asNetworkError(error, 'STREAM_CLOSED', 'reading frames')
  const code = error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'MALFORMED'
  return new NetworkError(`${errorMessage(error)}; stream reset`, { code }, { cause: error })
}

function takeBatch(queue: Queued[]): Queued[] {
  let bytes = 0
  let count = 0
  for (const item of queue) {
    if (count > 0 && bytes + item.bytes.byteLength > BOUNDS.writeBatchBytes) break
    bytes += item.bytes.byteLength
    count += 1
  }
  return queue.splice(0, count)
}

async function writeBatch(stream: Stream, batch: readonly Queued[]): Promise<void> {
  const [first] = batch
  await writeChunk(
    stream,
    batch.length === 1 && first !== undefined ? first.bytes : concat(batch.map((item) => item.bytes)),
  )
  for (const item of batch) item.resolve()
}

function rejectAll(queue: Queued[], error: NetworkError): void {
  for (const item of queue.splice(0)) item.reject(error)
}

function queueFull(peer: string): NetworkError {
  return new NetworkError(
    `expected ${peer} to read, but ${BOUNDS.sendQueueBytes} bytes or ${BOUNDS.sendQueueFrames} frames wait; stream reset`,
    { code: 'QUEUE_FULL', peer },
  )
}
