import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../errors.ts'

/** Milliseconds that one condition gets, on a machine that is busy. */
const PATIENCE_MS = 240_000
const POLL_MS = 50

/** What a condition gives: not yet while it is `undefined` or `false`. */
export type Look<T> = () => Promise<T | undefined | false> | T | undefined | false

/** Waits until `look` returns something else than `undefined` and `false`. Throws `CliError` `CHAOS_FAILED`. */
export async function until<T>(what: string, look: Look<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw failed(`waited ${patienceMs / 1000} s in vain until ${what}`)
    await pause(POLL_MS)
  }
}

/** Makes the error of a scenario that could not be played. */
export function failed(what: string): CliError {
  return new CliError(`the scenario could not be played: ${what}`, { code: 'CHAOS_FAILED', what })
}
