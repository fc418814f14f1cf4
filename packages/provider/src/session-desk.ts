import type { ServedSession, SessionGrant, SessionRefusal, SessionRequest } from '@souk/network'
import { errorMessage, type Hex, type SessionCode, SoukError } from '@souk/protocol'
import type { Inside } from '@souk/runtime'
import type { AttemptBook, BookedAttempt } from './attempt-book.ts'
import { serveCall, serveExec, serveForward, serveLogs, serveRead, serveWrite } from './session-serve.ts'

/** A lease as its requester may look into it. */
export interface OpenLease {
  readonly attempts: AttemptBook
  /** Returns the way into a running attempt, or why there is none. */
  inside(attempt: string): Promise<Inside | SessionRefusal>
}

/**
 * Grants sessions to the peer that holds a lease, into what runs on it (PROTOCOL §13.1).
 *
 * `leaseOf` returns a lease that runs here and that this peer holds.
 */
export function grantSession(
  leaseOf: (lease: Hex, peer: string) => OpenLease | undefined,
  request: SessionRequest,
  peer: string,
): SessionGrant | SessionRefusal {
  const lease = leaseOf(request.lease, peer)
  if (lease === undefined) return UNKNOWN_LEASE
  const attempt = attemptOf(lease, request)
  if ('code' in attempt) return attempt
  return { attempt: attempt.id, serve: (session) => serve(session, lease, attempt, request) }
}

function attemptOf({ attempts }: OpenLease, request: SessionRequest): BookedAttempt | SessionRefusal {
  const running = attempts.running()
  const [only] = running
  const named = request.attempt === null ? only : attempts.find(request.attempt)
  if (named === undefined) return NO_ATTEMPT
  if (request.attempt === null && running.length > 1) return ambiguous(running)
  if (request.purpose.kind !== 'logs' && named.ended.aborted) return NOT_RUNNING
  return named
}

async function serve(
  session: ServedSession,
  lease: OpenLease,
  attempt: BookedAttempt,
  { purpose }: SessionRequest,
): Promise<void> {
  if (purpose.kind === 'logs') return serveLogs(session, attempt.log, purpose)
  const inside = await lease.inside(attempt.id)
  if ('code' in inside) return session.send({ t: 'failed', ...inside })
  const life = either(session.signal, attempt.ended)
  try {
    switch (purpose.kind) {
      case 'exec':
        return await serveExec(session, inside, purpose, life.signal)
      case 'forward':
        return await serveForward(session, inside, purpose, life.signal)
      case 'read':
        return await serveRead(session, inside, purpose, life.signal)
      case 'write':
        return await serveWrite(session, inside, purpose, life.signal)
      case 'call':
        return await serveCall(session, inside, purpose, life.signal, attempt.bodies)
    }
  } catch (error) {
    await session.send({ t: 'failed', ...failureOf(error, attempt) })
  } finally {
    life.clear()
  }
}

const CODES: Readonly<Record<string, SessionCode>> = {
  NOT_STARTED: 'not-started',
  NO_LISTENER: 'no-listener',
  NO_SUCH_PATH: 'no-such-path',
  NOT_SUPPORTED: 'not-supported',
  NOT_RUNNING: 'not-running',
  TOO_MANY: 'too-many',
  TOO_LARGE: 'too-large',
  CRASHED: 'crashed',
}

function failureOf(error: unknown, attempt: BookedAttempt): SessionRefusal {
  if (attempt.ended.aborted) return { code: 'ended', message: 'the program has ended' }
  const code = (error instanceof SoukError ? CODES[error.code] : undefined) ?? 'internal'
  return { code, message: errorMessage(error).slice(0, 512) }
}

/** Makes a signal that aborts with either of two; `clear` frees it. */
function either(...signals: readonly AbortSignal[]): { signal: AbortSignal; clear(): void } {
  const control = new AbortController()
  const abort = () => control.abort()
  for (const signal of signals) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  }
  const clear = () => {
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
  return { signal: control.signal, clear }
}

const UNKNOWN_LEASE: SessionRefusal = {
  code: 'unknown-lease',
  message: 'expected a lease that runs here and that you hold; look at your leases',
}
const NO_ATTEMPT: SessionRefusal = {
  code: 'no-attempt',
  message: 'expected an attempt that runs on this lease, there is none; try again once it has begun',
}
const NOT_RUNNING: SessionRefusal = {
  code: 'not-running',
  message: 'expected an attempt that runs, this one has ended; its log can still be read',
}

function ambiguous(running: readonly BookedAttempt[]): SessionRefusal {
  const names = running.map(({ id }) => id).join(', ')
  return { code: 'ambiguous', message: `expected one attempt, ${names} run; name one`.slice(0, 512) }
}
