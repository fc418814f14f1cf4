import { type SessionCode, SoukError } from '@souk/protocol'

/** What can go wrong with a session: what its provider says, `LOST` beyond repair, `STOPPED` by our own side. */
export type SessionErrorCode = (typeof CODES)[SessionCode] | 'LOST' | 'STOPPED'

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
  ended: 'ENDED',
  internal: 'INTERNAL',
} as const satisfies Record<SessionCode, string>

/** Returns what a provider said as an error. */
export function sessionError(code: SessionCode, message: string): SessionError {
  return new SessionError(message, { code: CODES[code] })
}
