import { assert } from '@souk/protocol'

/** A replica as the balancer knows it. */
export interface Backend {
  readonly id: string
  /** Work that it does in a time, against others, as measured; more than 0. */
  speed: number
  inFlight: number
  /** Milliseconds of a request on a replica of speed 1: what it was at worst lately; null before the first answer. */
  latencyMs: number | null
  seenMs: number
  failures: number
  ejectedUntilMs: number
  /** How often it was ejected in a row: each time for longer. */
  ejections: number
}

/** What balances requests over replicas; updated in place. */
export interface Balancer {
  readonly backends: Map<string, Backend>
}

/** Milliseconds in which a peak of latency fades to a third: Finagle's default. */
export const LATENCY_FADE_MS = 10_000
/** Failures in a row that eject a replica: Envoy's default. */
export const EJECT_FAILURES = 5
/** Times the median latency of the others that eject a replica. */
export const EJECT_TIMES = 3
/** Milliseconds of a first ejection, and the most that it grows to: Envoy's defaults. */
export const EJECT_MS = 30_000
export const MAX_EJECT_MS = 300_000
/** Share of the replicas that may be ejected at the same time. */
export const EJECT_SHARE = 0.34
/** Milliseconds that a replica is taken to need before its first answer, where none has answered. */
const UNKNOWN_MS = 1_000

/** Creates a balancer without replicas. */
export function createBalancer(): Balancer {
  return { backends: new Map() }
}

/** Adds a replica of a measured speed, or takes in a new measurement. */
export function addBackend({ backends }: Balancer, id: string, speed: number, nowMs: number): void {
  assert(speed > 0, 'a replica has a speed')
  const known = backends.get(id)
  if (known !== undefined) known.speed = speed
  else {
    const fresh = { inFlight: 0, latencyMs: null, failures: 0, ejectedUntilMs: 0, ejections: 0 }
    backends.set(id, { id, speed, seenMs: nowMs, ...fresh })
  }
}

/** Forgets a replica. */
export function removeBackend({ backends }: Balancer, id: string): void {
  backends.delete(id)
}

/**
 * Picks the replica for a request, among all but `except`, and counts the request to it; null where there is none.
 *
 * The less loaded of two drawn at random (Mitzenmacher, "The power of two choices in randomized load balancing", 2001).
 * Load is the peak EWMA of the latency × (in flight + 1) / speed, as in Finagle: a rise counts by half at once, a fall by
 * the time that passed.
 * `draws` are two random numbers in [0, 1).
 */
export function pickBackend(
  balancer: Balancer,
  draws: readonly [number, number],
  nowMs: number,
  except: ReadonlySet<string> = new Set(),
): string | null {
  const others = [...balancer.backends.values()].filter(({ id }) => !except.has(id))
  const healthy = others.filter(({ ejectedUntilMs }) => ejectedUntilMs <= nowMs)
  const among = healthy.length > 0 ? healthy : others
  const first = among[Math.floor(draws[0] * among.length)]
  if (first === undefined) return null
  const rest = among.filter((each) => each !== first)
  const second = rest[Math.floor(draws[1] * rest.length)] ?? first
  const usual = usualLatencyMs(balancer, null)
  const chosen = loadOf(second, usual, nowMs) < loadOf(first, usual, nowMs) ? second : first
  chosen.inFlight++
  return chosen.id
}

/** Takes in an answer, or a failure, of a replica; ejects it where it is an outlier. */
export function settleBackend(
  balancer: Balancer,
  id: string,
  outcome: { readonly latencyMs: number } | 'failed' | 'cancelled',
  nowMs: number,
): void {
  const backend = balancer.backends.get(id)
  if (backend === undefined) return
  backend.inFlight = Math.max(0, backend.inFlight - 1)
  if (outcome === 'cancelled') return
  if (outcome === 'failed') backend.failures++
  else {
    backend.failures = 0
    learnLatency(backend, outcome.latencyMs * backend.speed, nowMs)
  }
  if (isOutlier(balancer, backend, nowMs)) eject(balancer, backend, nowMs)
  else if (backend.ejectedUntilMs <= nowMs && outcome !== 'failed') backend.ejections = 0
}

function learnLatency(backend: Backend, latencyMs: number, nowMs: number): void {
  const old = backend.latencyMs
  const fade = Math.exp(-Math.max(0, nowMs - backend.seenMs) / LATENCY_FADE_MS)
  // Half of a rise: one slow request of many must not look like a slow replica.
  const weight = old !== null && latencyMs < old ? Math.max(1 - fade, 0.1) : 0.5
  backend.latencyMs = old === null ? latencyMs : old + weight * (latencyMs - old)
  backend.seenMs = nowMs
}

/** What a request would find: a peak that nobody has looked at again fades towards what is usual. */
function loadOf({ latencyMs, seenMs, inFlight, speed }: Backend, usualMs: number, nowMs: number): number {
  const fade = Math.exp(-Math.max(0, nowMs - seenMs) / LATENCY_FADE_MS)
  const expectedMs = latencyMs === null ? usualMs : usualMs + (latencyMs - usualMs) * fade
  return (expectedMs * (inFlight + 1)) / speed
}

function isOutlier(balancer: Balancer, backend: Backend, nowMs: number): boolean {
  if (backend.ejectedUntilMs > nowMs) return false
  if (backend.failures >= EJECT_FAILURES) return true
  const usual = usualLatencyMs(balancer, backend)
  return backend.latencyMs !== null && balancer.backends.size > 2 && backend.latencyMs > EJECT_TIMES * usual
}

/** Ejects for so long that the next time is twice as far, while no more than a third are. */
function eject({ backends }: Balancer, backend: Backend, nowMs: number): void {
  const out = [...backends.values()].filter(({ ejectedUntilMs }) => ejectedUntilMs > nowMs).length
  if (out + 1 > backends.size * EJECT_SHARE) return
  backend.ejectedUntilMs = nowMs + Math.min(MAX_EJECT_MS, EJECT_MS * 2 ** backend.ejections)
  backend.ejections = Math.min(backend.ejections + 1, 10)
  backend.failures = 0
  backend.latencyMs = null
}

/** Median latency of the others, milliseconds. */
function usualLatencyMs({ backends }: Balancer, except: Backend | null): number {
  const known = [...backends.values()]
    .flatMap((each) => (each === except || each.latencyMs === null ? [] : [each.latencyMs]))
    .sort((a, b) => a - b)
  return known[Math.floor(known.length / 2)] ?? UNKNOWN_MS
}
