/** A request as a trace has it, and how long a replica takes for it. */
export interface TracedRequest {
  /** Milliseconds since the first. */
  readonly atMs: number
  readonly serviceMs: number
}

/** What a replica of the model takes: one request at a time, a start of its own, and so much for each token. */
export const REPLICA = {
  /** Overhead of a request, milliseconds. */
  requestMs: 50,
  /** Milliseconds for a token of context: 10,000 a second. */
  contextMs: 0.1,
  /** Milliseconds for a token that is generated: 50 a second. */
  generatedMs: 20,
} as const

/** Returns the milliseconds of a request with so many tokens. */
export function serviceOf(contextTokens: number, generatedTokens: number): number {
  return REPLICA.requestMs + REPLICA.contextMs * contextTokens + REPLICA.generatedMs * generatedTokens
}
