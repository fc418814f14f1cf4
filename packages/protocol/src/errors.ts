/** What every error of Souk carries besides its sentence: a stable code and the facts behind it. */
export type ErrorData = { readonly code: string } & Readonly<Record<string, unknown>>

/**
 * The base of every typed error.
 *
 * The message says what was expected, what came and what to do; `data.code` is what programs and tests
 * compare. Layers derive their own class with a union of codes.
 */
export class SoukError<Data extends ErrorData = ErrorData> extends Error {
  readonly data: Data

  constructor(message: string, data: Data, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.data = data
  }

  get code(): Data['code'] {
    return this.data.code
  }
}

/** Bytes or values from outside that do not have the form the protocol gives them. */
export class WireError extends SoukError<{
  code: 'TOO_LARGE' | 'MALFORMED' | 'BAD_SIGNATURE' | 'WRONG_NETWORK' | 'WRONG_CONTENT'
  what: string
}> {}

/** A promise that our own code broke: a bug, never bad input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Throws an {@link InvariantError} unless `condition` holds. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new InvariantError(why)
}

/** Returns the code of a typed error, or `UNKNOWN` for anything else that was thrown. */
export function errorCode(error: unknown): string {
  return error instanceof SoukError ? error.code : 'UNKNOWN'
}

/** Returns the sentence of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
