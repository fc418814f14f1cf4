import { type Look, until as untilFound } from '../../../packages/cli/src/chaos/until.ts'

/** Milliseconds that a condition gets on a busy machine before a test gives up. */
export const PATIENCE_MS = 60_000

/** Waits until `look` returns something else than `undefined` and `false`, and returns it. */
export function until<T>(what: string, look: Look<T>, patienceMs = PATIENCE_MS): Promise<T> {
  return untilFound(what, look, patienceMs)
}
