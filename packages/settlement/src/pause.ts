import { isUnavailable } from './errors.ts'
import { CHAIN_LIMITS } from './limits.ts'

/** Resolves after `ms` milliseconds, rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Returns `promise`, or rejects with the signal's reason as soon as it aborts. */
export function orAbort<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    // First of all, so that a failure of `promise` is heard even where the signal has aborted already.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}

/**
 * Runs `attempt` until an endpoint answers, with pauses that double up to a bound.
 *
 * Only `RPC_UNAVAILABLE` is tried again; everything else is the caller's to judge. Ends with the signal.
 */
export async function untilAvailable<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let waitMs: number = CHAIN_LIMITS.retryFirstMs; ; waitMs = longer(waitMs)) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!isUnavailable(error)) throw error
    }
    await pause(waitMs, signal)
  }
}

/** Returns the pause in milliseconds that follows one of `waitMs`. */
export function longer(waitMs: number): number {
  return Math.min(waitMs * 2, CHAIN_LIMITS.retryLongestMs)
}

/**
 * Runs `action` under a signal that aborts with either of two, and lets go of both afterwards.
 *
 * Unlike `AbortSignal.any`, nothing stays registered on a signal that lives as long as the process.
 */
export async function underEither<T>(
  a: AbortSignal | undefined,
  b: AbortSignal,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController()
  const stop = () => either.abort(a?.aborted ? a.reason : b.reason)
  const both = a === undefined ? [b] : [a, b]
  for (const signal of both) signal.addEventListener('abort', stop, { once: true })
  if (both.some((signal) => signal.aborted)) stop()
  try {
    return await action(either.signal)
  } finally {
    for (const signal of both) signal.removeEventListener('abort', stop)
  }
}
