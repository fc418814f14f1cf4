import type { PoolPolicy } from './policy.ts'

/** What becomes of a request at the edge of a pool. */
export type Admission =
  | { readonly kind: 'serve' }
  /** It waits until a replica is ready. */
  | { readonly kind: 'wait' }
  /** 503, with the seconds of `retry-after`. */
  | { readonly kind: 'refuse'; readonly retryAfterSeconds: number }

/** Requests that wait for each place of the replicas that are ready, beside what the edge holds for none. */
export const WAITING_PER_SLOT = 10

/**
 * Decides on a request that arrives: nothing waits without bound. While no replica is ready, `edgeBuffer` requests wait;
 * otherwise {@link WAITING_PER_SLOT} more for each place. `startMs` says after how long asking again makes sense.
 */
export function admit(
  { edgeBuffer, slots }: Pick<PoolPolicy, 'edgeBuffer' | 'slots'>,
  { ready, queued, inFlight }: { readonly ready: number; readonly queued: number; readonly inFlight: number },
  startMs: number,
): Admission {
  const places = ready * slots
  if (queued === 0 && inFlight < places) return { kind: 'serve' }
  if (queued < edgeBuffer + places * WAITING_PER_SLOT) return { kind: 'wait' }
  return { kind: 'refuse', retryAfterSeconds: Math.max(1, Math.ceil(startMs / 1_000)) }
}
