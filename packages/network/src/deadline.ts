import { NetworkError } from './errors.ts'

/** A signal that ends with its parent or after a time, and the call that frees both. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Starts the time again; called on progress. */
  extend(): void
  /** Must be called when the work is over, else timer and listener stay. */
  clear(): void
}

/**
 * Starts a deadline of `ms` milliseconds below `parent`.
 *
 * One controller per request, cleared at its end: `AbortSignal.any` keeps its sources alive.
 */
export function startDeadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  const onParent = () => controller.abort(new NetworkError('stopped by its caller', { code: 'ABORTED' }))
  const onTime = () =>
    controller.abort(
      new NetworkError(`expected an answer within ${ms} ms, got none; try another peer`, { code: 'TIMEOUT' }),
    )
  let timer = setTimeout(onTime, ms)
  if (parent?.aborted) onParent()
  parent?.addEventListener('abort', onParent, { once: true })
  return {
    signal: controller.signal,
    extend() {
      clearTimeout(timer)
      timer = setTimeout(onTime, ms)
    },
    clear() {
      clearTimeout(timer)
      parent?.removeEventListener('abort', onParent)
    },
  }
}

/** Waits `ms` milliseconds or until `signal` aborts, whichever comes first; never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
