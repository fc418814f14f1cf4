import { fixed, horizontal, knative } from './peer-scalers.ts'
import { type PoolOutcome, replay, type ScalingPolicy } from './pool-model.ts'
import type { LoadedRequests } from './request-load.ts'
import { soukScaler } from './souk-scaler.ts'

/** Milliseconds that a request may wait. */
export const TARGET_MS = 1_000
/** Replicas at most, for everybody. */
const MOST = 60
/** Which replicas a fixed pool has: as many as serve all but so many of the requests of the first half in time. */
const PEAK_MISSES = 0.01

/** Who scales. */
export type Scaler = 'Souk' | 'Knative' | 'HPA 50 %' | 'HPA 70 %' | 'fixed peak' | 'omniscient'

/** A policy on a trace. */
export interface ScaleRow {
  readonly trace: string
  readonly startMs: number
  readonly scaler: Scaler
  readonly requests: number
  /** Share of the requests that waited too long. */
  readonly misses: number
  readonly replicaSeconds: number
  readonly peak: number
}

/** Which half of a trace: settings were chosen on the first; the second is replayed after it, and counts alone. */
export type Part = 'tuned' | 'reported'

/** Replays a trace against every policy. */
export function scaleRows({ name, requests }: LoadedRequests, startMs: number, part: Part): ScaleRow[] {
  const halfMs = (requests.at(-1)?.atMs ?? 0) / 2
  const first = requests.filter(({ atMs }) => atMs < halfMs)
  const [played, fromMs] = part === 'tuned' ? [first, 0] : [requests, halfMs]
  const run = (policy: ScalingPolicy) =>
    replay(played, policy, { startMs, targetMs: TARGET_MS, max: MOST, fromMs })
  const row = (scaler: Scaler, outcome: PoolOutcome): ScaleRow => ({
    ...{ trace: name, startMs, scaler, requests: outcome.requests },
    misses: outcome.misses / Math.max(1, outcome.requests),
    replicaSeconds: outcome.replicaSeconds,
    peak: outcome.peak,
  })
  const inPart = played.filter(({ atMs }) => atMs >= fromMs)
  const busy = inPart.reduce((sum, { serviceMs }) => sum + serviceMs, 0) / 1_000
  return [
    row('Souk', run(soukScaler({ max: MOST, target: { kind: 'queue-time', ms: TARGET_MS } }, startMs))),
    row('Knative', run(knative())),
    row('HPA 50 %', run(horizontal(0.5))),
    row('HPA 70 %', run(horizontal(0.7))),
    row('fixed peak', run(fixed(peakOf(first, startMs)))),
    // Replicas are there for as long as each request needs one, and no longer: nobody can do better.
    row('omniscient', { requests: inPart.length, misses: 0, replicaSeconds: busy, peak: 0 }),
  ]
}

/** The scalers that follow demand: of them the one with the fewest misses is the peer. */
export function bestPeer(rows: readonly ScaleRow[]): ScaleRow {
  const peers = rows.filter(({ scaler }) => ['Knative', 'HPA 50 %', 'HPA 70 %'].includes(scaler))
  return peers.reduce((best, each) => (each.misses < best.misses ? each : best))
}

/** The smallest fixed pool that serves nearly all of the first half in time. */
function peakOf(requests: LoadedRequests['requests'], startMs: number): number {
  for (let count = 1; count < MOST; count++) {
    const rules = { startMs: Math.min(startMs, 1), targetMs: TARGET_MS, max: MOST, fromMs: 0 }
    const { misses } = replay(requests, fixed(count), rules)
    if (misses <= PEAK_MISSES * requests.length) return count
  }
  return MOST
}
