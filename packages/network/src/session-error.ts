import { errorCode, type SessionCode, SoukError } from '@souk/protocol'

/** What can go wrong with a session: what its provider says, or `STOPPED` by our own side. */
export type SessionErrorCode = (typeof CODES)[SessionCode] | 'STOPPED'

/** A way into a running attempt that was refused, or that ended before its time. */
export class SessionError extends SoukError<{ code: SessionErrorCode; [fact: string]: unknown }> {}

const CODES = {
  'unknown-lease': 'UNKNOWN_LEASE',
  'unknown-session': 'UNKNOWN_SESSION',
  'no-attempt': 'NO_ATTEMPT',
  ambiguous: 'AMBIGUOUS',
  'not-running': 'NOT_RUNNING',
  'not-supported': 'NOT_SUPPORTED',
  'too-many': 'TOO_MANY',
  'not-started': 'NOT_STARTED',
  'no-listener': 'NO_LISTENER',
  'no-such-path': 'NO_SUCH_PATH',
  'too-large': 'TOO_LARGE',
  crashed: 'CRASHED',
  ended: 'ENDED',
  lost: 'LOST',
  internal: 'INTERNAL',
} as const satisfies Record<SessionCode, string>

/** Returns what a provider said as an error. */
export function sessionError(code: SessionCode, message: string): SessionError {
  return new SessionError(message, { code: CODES[code] })
}

/** Returns the code of a broken session as it goes over a wire. */
export function sessionCodeOf(error: unknown): SessionCode {
  const code = errorCode(error)
  const found = Object.entries(CODES).find(([, name]) => name === code)
  return found === undefined ? 'lost' : (found[0] as SessionCode)
}
