import type { ProgramErrorCode } from '@souk/protocol'

/**
 * A module that `wasm-det/1` does not take: a `ProgramError` without the class, which the runner process may not load.
 */
export class DetError extends Error {
  readonly code: ProgramErrorCode

  constructor(code: ProgramErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Says that a valid module uses something that is no part of the engine. */
export function unsupported(expected: string, got: string): DetError {
  return new DetError('UNSUPPORTED', `expected ${expected}, got ${got}; compile for plain wasm32`)
}
