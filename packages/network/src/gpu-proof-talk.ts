import type { Stream } from '@libp2p/interface'
import { type Codec, errorMessage, GPU_PROOF_MESSAGE_BYTES, WireError } from '@souk/protocol'
import { pipe } from 'it-pipe'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { asNetworkError, NetworkError } from './errors.ts'
import { prefixed, splitMessages } from './length-prefix.ts'
import { readStream, writeChunk } from './stream-bytes.ts'

/** One end of a proof's stream: messages in turn, each with a time of its own. */
export class ProofTalk<Said, Heard extends { readonly t: string }> {
  readonly #stream: Stream
  readonly #peer: string
  readonly #codecs: { readonly said: Codec<Said>; readonly heard: Codec<Heard> }
  readonly #messages: AsyncIterator<Uint8Array>

  constructor(
    stream: Stream,
    peer: string,
    codecs: { readonly said: Codec<Said>; readonly heard: Codec<Heard> },
  ) {
    this.#stream = stream
    this.#peer = peer
    this.#codecs = codecs
    this.#messages = pipe(readStream(stream), splitMessages(GPU_PROOF_MESSAGE_BYTES))[Symbol.asyncIterator]()
  }

  say(message: Said): Promise<void> {
    return writeChunk(this.#stream, prefixed(this.#codecs.said.encode(message)))
  }

  /**
   * Waits for the next message, `ms` at the most, and breaks the stream off where none comes.
   *
   * Throws {@link NetworkError} `TIMEOUT`, `ABORTED`, `STREAM_CLOSED`, `TOO_LARGE` or `MALFORMED`.
   */
  async hear(ms: number, signal?: AbortSignal): Promise<Heard> {
    const deadline = startDeadline(ms, signal)
    const onAbort = () => this.#stream.abort(deadline.signal.reason)
    if (deadline.signal.aborted) onAbort()
    deadline.signal.addEventListener('abort', onAbort)
    try {
      const { done, value } = await this.#messages.next()
      if (done !== true) return this.#codecs.heard.decode(value)
      throw new NetworkError('expected the next message of a proof, the stream ended; ask another time', {
        code: 'STREAM_CLOSED',
      })
    } catch (error) {
      const typed = typedError(deadline.signal.aborted ? deadline.signal.reason : error, this.#peer)
      this.#stream.abort(typed)
      throw typed
    } finally {
      deadline.signal.removeEventListener('abort', onAbort)
      deadline.clear()
    }
  }

  /** Like {@link hear} for a message of this kind; any other is `MALFORMED`. */
  async expect<T extends Heard['t']>(t: T, ms: number): Promise<Extract<Heard, { t: T }>> {
    const heard = await this.hear(ms)
    if (heard.t === t) return heard as Extract<Heard, { t: T }>
    throw this.unexpected(t, heard.t)
  }

  unexpected(wanted: string, got: string): NetworkError {
    return new NetworkError(`expected ${wanted} in a proof, got ${got}; check the peer's version`, {
      code: 'MALFORMED',
      peer: this.#peer,
    })
  }

  async close(): Promise<void> {
    await closeStream(this.#stream)
  }

  breakOff(): void {
    this.#stream.abort(new NetworkError('the proof is over', { code: 'ABORTED' }))
  }
}

function typedError(error: unknown, peer: string): NetworkError {
  if (error instanceof WireError) {
    const code = error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'MALFORMED'
    return new NetworkError(errorMessage(error), { code, peer }, { cause: error })
  }
  return asNetworkError(error, 'STREAM_CLOSED', 'proving a GPU', peer)
}
