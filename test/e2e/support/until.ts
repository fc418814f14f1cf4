import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds that a condition gets on a busy machine before a test gives up. */
const PATIENCE_MS = 60_000
const POLL_MS = 50

/** Waits until `look` returns something else than `undefined` and `false`, and returns it. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`waited ${patienceMs} ms in vain until ${what}`)
    await pause(POLL_MS)
  }
}
