import { onDrain } from './seller-drain.ts'
import { onFailed } from './seller-results.ts'
import type { SellerEffect, SellerLease } from './seller-state.ts'

/** Seconds that the requester gets to close a lease whose GPU is gone: nothing runs on it any more. */
const LOST_SECONDS = 5

/**
 * Gives a lease up when one of its GPUs is gone: it drains, so that nothing more is sent to it, and what ran on it
 * fails as `device-lost`, to be run elsewhere at once.
 */
export function onGpus(state: SellerLease, nowMs: number): SellerEffect[] {
  const lost = state.gpus.filter(({ present }) => !present).map(({ id }) => id)
  if (lost.length === 0) return []
  const message = `expected ${lost.join(', ')} to go on computing, it is gone or its driver does not answer; run it elsewhere`
  const attempts = [...state.running.keys()]
  const failed = attempts.flatMap((attempt) => onFailed(state, { attempt, code: 'device-lost', message }))
  const stopped: SellerEffect[] = attempts.length > 0 ? [{ do: 'abort', attempts }] : []
  return [...onDrain(state, LOST_SECONDS, nowMs), ...failed, ...stopped]
}
