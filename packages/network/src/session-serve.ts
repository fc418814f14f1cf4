import type { Stream } from '@libp2p/interface'
import { errorMessage, type Hex, type SessionCode, type SessionOpening } from '@souk/protocol'
import { closeStream } from './close-stream.ts'
import { handleStreams } from './inbound-streams.ts'
import type { SoukNode } from './node.ts'
import { SessionError } from './session-error.ts'
import { answerSession, hearSession, SESSION_PROTOCOL } from './session-hello.ts'
import { SESSION_RESUME_MS } from './session-open.ts'
import { type CarryEnd, type SessionLink, SessionPipe } from './session-pipe.ts'

/** Sessions of one lease at the same time: each may hold a window of bytes in either direction. */
export const SESSIONS_PER_LEASE = 16
/** Streams of sessions that a peer may hold open towards us. */
const SESSION_STREAMS_PER_PEER = 64

/** A request for a new session. */
export type SessionRequest = Extract<SessionOpening, { t: 'open' }>

/** A session as its provider serves it. */
export interface ServedSession extends SessionLink {
  /** Aborts when nobody is there any more to serve. */
  readonly signal: AbortSignal
}

/** What a provider does for a session that it grants. */
export interface SessionGrant {
  readonly attempt: string
  /** Serves it up to its last frame, `exit` or `failed`; what it throws is sent as `failed`, code `internal`. */
  serve(session: ServedSession): Promise<void>
}

export interface SessionRefusal {
  readonly code: SessionCode
  readonly message: string
}

/** Says whether a peer gets a session: it must hold the lease (PROTOCOL §13.1). */
export type GrantSession = (request: SessionRequest, peer: string) => SessionGrant | SessionRefusal

interface Kept {
  readonly peer: string
  readonly lease: Hex
  readonly attempt: string
  readonly pipe: SessionPipe
  timer: ReturnType<typeof setTimeout> | undefined
}

/**
 * Serves sessions to peers that hold leases here. A session whose stream is lost waits for the same peer.
 *
 * Returns the call that stops answering and ends every session.
 */
export async function handleSessions(
  node: SoukNode,
  grant: GrantSession,
  { resumeMs = SESSION_RESUME_MS }: { readonly resumeMs?: number } = {},
): Promise<() => Promise<void>> {
  const sessions = new Sessions(grant, resumeMs)
  const unhandle = await handleStreams(node, SESSION_PROTOCOL, SESSION_STREAMS_PER_PEER, (stream, peer) =>
    sessions.answer(stream, peer),
  )
  return async () => {
    await unhandle()
    sessions.stop()
  }
}

class Sessions {
  readonly #grant: GrantSession
  readonly #resumeMs: number
  readonly #kept = new Map<Hex, Kept>()

  constructor(grant: GrantSession, resumeMs: number) {
    this.#grant = grant
    this.#resumeMs = resumeMs
  }

  /** Serves one stream to its end. */
  async answer(stream: Stream, peer: string): Promise<void> {
    const { opening, messages } = await hearSession(stream)
    const found = this.#find(opening, peer)
    if ('code' in found) {
      await answerSession(stream, { t: 'refused', ...found, message: found.message.slice(0, 512) })
      return closeStream(stream)
    }
    if ((await this.#carry(stream, messages, opening, found)) === 'lost') this.#endLater(found)
  }

  stop(): void {
    const reason = new SessionError('the provider stops', { code: 'STOPPED' })
    for (const { pipe } of this.#kept.values()) pipe.end(reason)
  }

  async #carry(
    stream: Stream,
    messages: AsyncIterator<Uint8Array>,
    opening: SessionOpening,
    { pipe, attempt, timer }: Kept,
  ): Promise<CarryEnd> {
    clearTimeout(timer)
    try {
      await answerSession(stream, { t: 'accepted', attempt, received: pipe.leave() })
    } catch {
      // The stream is gone already: the peer asks again on another.
      return 'lost'
    }
    return pipe.carry(stream, messages, opening.t === 'resume' ? opening.received : 0)
  }

  #find(opening: SessionOpening, peer: string): Kept | SessionRefusal {
    const kept = this.#kept.get(opening.session)
    // An opening may come twice: its answer was lost with its stream.
    if (kept?.peer === peer) return kept
    if (opening.t === 'resume' || kept !== undefined) return UNKNOWN
    return this.#begin(opening, peer)
  }

  #begin(request: SessionRequest, peer: string): Kept | SessionRefusal {
    const { session, lease } = request
    const granted = this.#grant(request, peer)
    if ('code' in granted) return granted
    const others = [...this.#kept.values()].filter((one) => one.lease === lease)
    if (others.length >= SESSIONS_PER_LEASE) return TOO_MANY
    const pipe = new SessionPipe()
    const kept: Kept = { peer, lease, attempt: granted.attempt, pipe, timer: undefined }
    this.#kept.set(session, kept)
    pipe.over.addEventListener('abort', () => {
      clearTimeout(kept.timer)
      this.#kept.delete(session)
    })
    void this.#serve(granted, kept)
    return kept
  }

  async #serve(granted: SessionGrant, kept: Kept): Promise<void> {
    const { pipe } = kept
    try {
      await granted.serve({ frames: pipe.frames, send: (frame) => pipe.send(frame), signal: pipe.over })
    } catch (error) {
      const message = errorMessage(error).slice(0, 512)
      await pipe.send({ t: 'failed', code: 'internal', message }).catch(() => {})
    }
  }

  #endLater(kept: Kept): void {
    if (kept.pipe.over.aborted) return
    clearTimeout(kept.timer)
    const reason = new SessionError('nobody took the session up again in time', { code: 'LOST' })
    kept.timer = setTimeout(() => kept.pipe.end(reason), this.#resumeMs)
  }
}

const UNKNOWN: SessionRefusal = {
  code: 'unknown-session',
  message: 'expected a session that this provider keeps for you; open another',
}
const TOO_MANY: SessionRefusal = {
  code: 'too-many',
  message: `expected at most ${SESSIONS_PER_LEASE} sessions on a lease; end one first`,
}
