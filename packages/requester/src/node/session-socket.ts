import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  prefixed,
  type Session,
  type SessionError,
  sessionCodeOf,
  sessionError,
  splitMessages,
} from '@souk/network'
import {
  type CountedFrame,
  errorMessage,
  SESSION_FRAME_BYTES,
  type SessionFrame,
  sessionFrameCodec,
} from '@souk/protocol'

/**
 * Joins a session and the control socket of a command that uses it, until either ends. Frames go over the socket as
 * over a session's stream, but uncounted: its own back-pressure is enough.
 */
export async function relaySession(session: Session, socket: Duplex): Promise<void> {
  const hangUp = () => session.hangUp()
  socket.once('close', hangUp)
  const inward = sendAll(session, socket)
  try {
    await pipeline(outward(session), socket)
  } catch {
    // The command is gone; the session was hung up with its socket.
  }
  hangUp()
  await inward
}

/** Uses a control socket on whose other end {@link relaySession} runs as the session itself. */
export function sessionOver(socket: Duplex, attempt: string): Session {
  const over = new AbortController()
  const end = (reason: SessionError | null) => {
    if (!over.signal.aborted) over.abort(reason)
    socket.destroy()
  }
  socket.once('close', () => end(agentGone()))
  socket.on('error', () => {})
  return {
    attempt,
    over: over.signal,
    frames: framesOf(socket, over.signal),
    async send(frame) {
      if (over.signal.aborted) throw over.signal.reason ?? hungUp()
      await write(socket, frame)
    },
    hangUp() {
      if (over.signal.aborted) return
      over.abort(null)
      socket.end(encode({ t: 'hang-up' }), () => socket.destroy())
    },
  }
}

async function* outward(session: Session): AsyncGenerator<Uint8Array> {
  try {
    for await (const frame of session.frames) yield encode(frame)
  } catch (error) {
    const message = errorMessage(error).slice(0, 512)
    yield encode({ t: 'failed', code: sessionCodeOf(error), message })
  }
}

/** Sends what the command says into the session; never rejects. */
async function sendAll(session: Session, socket: Duplex): Promise<void> {
  try {
    for await (const frame of decoded(socket)) {
      if (frame.t === 'hang-up') return session.hangUp()
      if (frame.t !== 'taken') await session.send(frame)
    }
  } catch {
    // Either end is over: the other direction says how.
  }
}

async function* framesOf(socket: Duplex, over: AbortSignal): AsyncGenerator<CountedFrame> {
  try {
    for await (const frame of decoded(socket)) {
      if (frame.t !== 'taken' && frame.t !== 'hang-up') yield frame
    }
  } catch (error) {
    if (!over.aborted) throw error
  }
  if (over.aborted && over.reason === null) return
  throw over.reason ?? agentGone()
}

async function* decoded(socket: Duplex): AsyncGenerator<SessionFrame> {
  const bytes = socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  for await (const message of splitMessages(SESSION_FRAME_BYTES)(bytes)) {
    yield sessionFrameCodec.decode(message)
  }
}

function write(socket: Duplex, frame: SessionFrame): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(encode(frame), (error) => (error ? reject(agentGone()) : resolve()))
  })
}

function encode(frame: SessionFrame): Uint8Array {
  return prefixed(sessionFrameCodec.encode(frame))
}

function agentGone(): SessionError {
  return sessionError('lost', 'expected the agent to go on, it is gone; start it again')
}

function hungUp(): SessionError {
  return sessionError('ended', 'expected a session that goes on, this one was hung up; open another')
}
