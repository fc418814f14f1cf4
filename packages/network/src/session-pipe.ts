import type { Stream } from '@libp2p/interface'
import {
  type CountedFrame,
  forgetTaken,
  hasRoom,
  newSessionLine,
  nextFrame,
  queueFrame,
  receiveFrame,
  rewind,
  type SessionFrame,
  SoukError,
  sessionFrameCodec,
  shouldTell,
  takeFrame,
  tellTaken,
} from '@souk/protocol'
import { pipe } from 'it-pipe'
import { Bell } from './bell.ts'
import { closeStream } from './close-stream.ts'
import { startDeadline } from './deadline.ts'
import { prefixAll } from './length-prefix.ts'
import { SessionError } from './session-error.ts'
import { streamClosed, writeStream } from './stream-bytes.ts'

/** Milliseconds between two words that one side says in any case, also of what it has taken. */
const SESSION_BEAT_MS = 2_000
/** Milliseconds without a word after which a stream counts as lost: four beats may be late. */
const SESSION_SILENCE_MS = 10_000

/** What users of a session see of it, on either side. */
export interface SessionLink {
  /** What the other side sends, in order, for one consumer; throws {@link SessionError} where the session broke. */
  readonly frames: AsyncIterable<CountedFrame>
  /** Sends a frame; waits while the other side has too much to take. Throws {@link SessionError} once it is over. */
  send(frame: CountedFrame): Promise<void>
}

/** Why a stream no longer carries a session: `lost` may be resumed, `replaced` was, after the others it is over. */
export type CarryEnd = 'hung-up' | 'lost' | 'replaced' | 'broken'

/** One end of a session, which outlives the streams that carry it (PROTOCOL §13.3). */
export class SessionPipe implements SessionLink {
  readonly frames: AsyncIterable<CountedFrame> = { [Symbol.asyncIterator]: () => this.#take() }
  readonly #line = newSessionLine()
  readonly #inbox: CountedFrame[] = []
  readonly #bell = new Bell()
  readonly #over = new AbortController()
  #stream: Stream | null = null
  #tells = false
  #hangsUp = false

  /** Aborts when the session is over; the reason is a {@link SessionError}, or `null` where it ended in order. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  async send(frame: CountedFrame): Promise<void> {
    while (!this.over.aborted && !hasRoom(this.#line)) await this.#bell.wait()
    if (this.over.aborted) throw this.over.reason ?? overError()
    queueFrame(this.#line, frame)
    this.#bell.ring()
  }

  /** Leaves the stream that carries the session, if any; returns how many frames came, to be told on the next. */
  leave(): number {
    this.#stream?.abort(new SessionError('a newer stream carries this session', { code: 'STOPPED' }))
    this.#stream = null
    this.#bell.ring()
    return this.#line.received
  }

  /** Carries the session over a stream until that ends; `theyHave` is the number of our frames that came there. */
  async carry(stream: Stream, messages: AsyncIterator<Uint8Array>, theyHave: number): Promise<CarryEnd> {
    this.leave()
    this.#stream = stream
    const silence = startDeadline(SESSION_SILENCE_MS)
    silence.signal.addEventListener('abort', () => stream.abort(silence.signal.reason))
    const beat = setInterval(() => this.#tell(), SESSION_BEAT_MS)
    this.#tell()
    try {
      rewind(this.#line, theyHave)
      const writing = this.#write(stream)
      const how = await this.#read(stream, messages, silence.extend)
      await writing
      if (how === 'hung-up') await closeStream(stream)
      return how
    } catch (error) {
      return this.#failed(stream, error)
    } finally {
      clearInterval(beat)
      silence.clear()
    }
  }

  /** Says on the present stream, where there is one, that the session is over, and ends it. */
  hangUp(): void {
    this.#hangsUp = true
    this.end(null)
  }

  /** Ends the session on this side: frames that came are still handed out, nothing is sent any more. */
  end(error: SessionError | null): void {
    if (this.over.aborted) return
    this.#over.abort(error)
    if (!this.#hangsUp) this.#stream?.abort(error ?? overError())
    this.#bell.ring()
  }

  async *#take(): AsyncGenerator<CountedFrame> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame !== undefined) {
        takeFrame(this.#line)
        if (shouldTell(this.#line)) this.#tell()
        yield frame
      } else if (!this.over.aborted) {
        await this.#bell.wait()
      } else if (this.over.reason !== null) {
        throw this.over.reason
      } else {
        return
      }
    }
  }

  #tell(): void {
    this.#tells = true
    this.#bell.ring()
  }

  async #read(stream: Stream, messages: AsyncIterator<Uint8Array>, onWord: () => void): Promise<CarryEnd> {
    for (;;) {
      const next = await messages.next()
      if (this.#stream !== stream) return 'replaced'
      if (next.done) throw streamClosed('lost')
      onWord()
      const frame = sessionFrameCodec.decode(next.value)
      if (frame.t === 'hang-up') {
        this.end(null)
        return 'hung-up'
      }
      this.#hear(frame)
    }
  }

  #hear(frame: Exclude<SessionFrame, { t: 'hang-up' }>): void {
    if (frame.t === 'taken') forgetTaken(this.#line, frame.frames)
    else {
      receiveFrame(this.#line, frame)
      // After the end nobody takes it: the books alone go on.
      if (!this.over.aborted) this.#inbox.push(frame)
    }
    this.#bell.ring()
  }

  /** Writes until the stream is left or lost; never rejects, for the reading side learns of it. */
  async #write(stream: Stream): Promise<void> {
    try {
      await pipe(this.#outgoing(stream), encodeAll, prefixAll, (source) => writeStream(stream, source))
      if (this.#hangsUp) await closeStream(stream)
    } catch (error) {
      stream.abort(error instanceof Error ? error : streamClosed('lost'))
    }
  }

  async *#outgoing(stream: Stream): AsyncGenerator<SessionFrame> {
    while (this.#stream === stream && stream.status === 'open') {
      if (this.over.aborted) {
        if (this.#hangsUp) yield { t: 'hang-up' }
        return
      }
      if (this.#tells) {
        this.#tells = false
        yield { t: 'taken', frames: tellTaken(this.#line) }
        continue
      }
      const frame = nextFrame(this.#line)
      if (frame !== undefined) yield frame
      else await this.#bell.wait()
    }
  }

  #failed(stream: Stream, error: unknown): CarryEnd {
    if (this.#stream !== stream) return 'replaced'
    this.#stream = null
    this.#bell.ring()
    if (this.over.aborted) return 'hung-up'
    if (!isBreach(error)) return 'lost'
    stream.abort(error)
    this.end(new SessionError(`${error.message}; the session is over`, { code: 'LOST' }, { cause: error }))
    return 'broken'
  }
}

async function* encodeAll(frames: AsyncIterable<SessionFrame>): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) yield sessionFrameCodec.encode(frame)
}

/** Tells a peer that breaks the rules from a stream that broke. */
function isBreach(error: unknown): error is SoukError {
  return error instanceof SoukError && (error.code === 'MALFORMED' || error.code === 'TOO_LARGE')
}

function overError(): SessionError {
  return new SessionError('expected a session that goes on, this one is over; open another', {
    code: 'ENDED',
  })
}
