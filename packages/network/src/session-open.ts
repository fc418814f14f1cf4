import type { Hex, SessionPurpose } from '@souk/protocol'
import { pause } from './deadline.ts'
import type { SoukNode } from './node.ts'
import type { PeerTarget } from './peer-target.ts'
import { SessionError } from './session-error.ts'
import { type AgreedStream, askSession } from './session-hello.ts'
import { type SessionLink, SessionPipe } from './session-pipe.ts'

/** Milliseconds after the loss of its stream in which a session is taken up again; the provider waits as long. */
export const SESSION_RESUME_MS = 60_000
/** Milliseconds before a lost session is dialled again; doubles up to the second. */
const SESSION_REDIAL_MS = { min: 100, max: 2_000 } as const

/** What a session is opened for. */
export interface SessionWish {
  /** 16 random bytes that name the session. */
  readonly session: Hex
  readonly lease: Hex
  /** `null` for the only one that runs on the lease. */
  readonly attempt: string | null
  readonly purpose: SessionPurpose
}

export interface SessionOptions {
  /** Aborts the opening, and later hangs up. */
  readonly signal?: AbortSignal
  /** Hears that the stream was lost, and that the session goes on. */
  readonly onConnection?: (state: 'lost' | 'resumed') => void
  /** Milliseconds in which a lost session is taken up again; {@link SESSION_RESUME_MS} unless given. */
  readonly resumeMs?: number
}

/** A session as its requester holds it. */
export interface Session extends SessionLink {
  /** The attempt that it leads into. */
  readonly attempt: string
  /** Aborts when the session is over. */
  readonly over: AbortSignal
  /** Ends the session; the other side stops what it does for it. */
  hangUp(): void
}

/**
 * Opens a session on a lease that we hold (PROTOCOL §13). It survives the loss of its stream.
 *
 * Throws {@link SessionError} where the provider refuses, `NetworkError` where it cannot be reached.
 */
export async function openSession(
  node: SoukNode,
  target: PeerTarget,
  wish: SessionWish,
  options: SessionOptions = {},
): Promise<Session> {
  const first = await askSession(node, target, { t: 'open', v: 1, ...wish }, options.signal)
  const pipe = new SessionPipe()
  const onAbort = () => pipe.hangUp()
  for (const signal of [options.signal, node.signal]) {
    signal?.addEventListener('abort', onAbort, { once: true })
    pipe.over.addEventListener('abort', () => signal?.removeEventListener('abort', onAbort), { once: true })
  }
  if (options.signal?.aborted || node.signal.aborted) pipe.hangUp()
  void keep(pipe, first, () => takeUp(node, target, wish.session, pipe, options), options)
  return {
    attempt: first.accepted.attempt,
    over: pipe.over,
    frames: pipe.frames,
    send: (frame) => pipe.send(frame),
    hangUp: () => pipe.hangUp(),
  }
}

/** Carries a session over one stream after the other until it is over. */
async function keep(
  pipe: SessionPipe,
  first: AgreedStream,
  takeUpAgain: () => Promise<AgreedStream>,
  { onConnection = () => {} }: SessionOptions,
): Promise<void> {
  let { stream, messages, accepted } = first
  while ((await pipe.carry(stream, messages, accepted.received)) === 'lost') {
    onConnection('lost')
    try {
      ;({ stream, messages, accepted } = await takeUpAgain())
    } catch (error) {
      return pipe.end(asSessionError(error))
    }
    onConnection('resumed')
  }
}

/** Dials until the session goes on; throws what the provider refuses with, or the last failure after the time. */
async function takeUp(
  node: SoukNode,
  target: PeerTarget,
  session: Hex,
  pipe: SessionPipe,
  { resumeMs = SESSION_RESUME_MS }: SessionOptions,
): Promise<AgreedStream> {
  const untilMs = performance.now() + resumeMs
  let waitMs: number = SESSION_REDIAL_MS.min
  for (;;) {
    try {
      return await askSession(node, target, { t: 'resume', v: 1, session, received: pipe.leave() }, pipe.over)
    } catch (error) {
      const isFinal = error instanceof SessionError || pipe.over.aborted
      if (isFinal || performance.now() + waitMs > untilMs) throw error
    }
    await pause(waitMs, pipe.over)
    waitMs = Math.min(2 * waitMs, SESSION_REDIAL_MS.max)
  }
}

function asSessionError(error: unknown): SessionError {
  const why = error instanceof Error ? error.message : String(error)
  return new SessionError(
    `expected the session to go on after its stream was lost: ${why}; open another`,
    { code: 'LOST' },
    { cause: error },
  )
}
