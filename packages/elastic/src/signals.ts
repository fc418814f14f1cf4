import { assert } from '@souk/protocol'
import { addToSketch, createSketch, mergeSketch, type Sketch, sketchQuantile } from './sketch.ts'

/** What is seen of a pool at an instant; it holds until the next is told. */
export interface Level {
  /** Requests, or tasks, that wait. */
  readonly queued: number
  /** Requests that replicas serve now. */
  readonly inFlight: number
  /** Share of the replicas' capacity in use, 0 to 1, where it is measured. */
  readonly utilisation?: number
  /** Any number from outside, such as an HTTP endpoint or a command gives. */
  readonly external?: number
}

/** A request that was answered, in milliseconds: until it began, and from then on. */
export interface Served {
  readonly waitMs: number
  readonly serviceMs: number
}

interface Bucket {
  /** Which stretch of time this is, counted from 0 at the epoch; −1 before its first use. */
  slot: number
  arrived: number
  finished: number
  failed: number
  serviceMs: number
  /** Integrals over time: level × milliseconds, and the milliseconds that they go over. */
  readonly area: { queued: number; inFlight: number; utilisation: number; external: number }
  heldMs: number
  peak: number
  readonly waits: Sketch
  readonly latencies: Sketch
  readonly services: Sketch
}

/** A bounded ring of buckets: one abstraction for every signal of a pool. */
export interface Signals {
  readonly bucketMs: number
  readonly ring: readonly Bucket[]
  level: Level
  levelSinceMs: number
  /** When something last arrived, waited or ran. */
  busyMs: number
  /** Requests that ever arrived. */
  arrived: number
  /** Mean milliseconds of service so far, newer ones weigh more; null before the first. */
  serviceMs: number | null
}

/** What a stretch of time came to. */
export interface Measures {
  readonly spanMs: number
  /** Per second. */
  readonly arrivalRate: number
  readonly throughput: number
  readonly failures: number
  /** Means over time. */
  readonly queued: number
  readonly inFlight: number
  readonly utilisation: number
  readonly external: number
  /** The most that waited and ran together. */
  readonly peak: number
  /** Mean of what ended in the stretch, milliseconds; null of none. */
  readonly serviceMs: number | null
  waitMs(share: number): number | null
  latencyMs(share: number): number | null
  serviceQuantileMs(share: number): number | null
}

/** Buckets that the shorter window is made of. */
const BUCKETS_PER_PANIC = 6
/** Weight of the newest service time in their running mean: about the last fifty count. */
const SERVICE_WEIGHT = 0.04

/** Creates signals that remember as long as the stable window; bounded by 6 × stable / panic buckets. */
export function createSignals(windows: { stableMs: number; panicMs: number }, nowMs: number): Signals {
  const bucketMs = Math.ceil(windows.panicMs / BUCKETS_PER_PANIC)
  const count = Math.ceil(windows.stableMs / bucketMs) + 1
  const ring = Array.from({ length: count }, emptyBucket)
  const level = { queued: 0, inFlight: 0 }
  return { bucketMs, ring, level, levelSinceMs: nowMs, busyMs: nowMs, arrived: 0, serviceMs: null }
}

/** Takes in what waits and runs from now on. */
export function observeLevel(signals: Signals, level: Level, nowMs: number): void {
  hold(signals, nowMs)
  signals.level = level
  if (level.queued + level.inFlight > 0) signals.busyMs = nowMs
  const bucket = bucketAt(signals, nowMs)
  bucket.peak = Math.max(bucket.peak, level.queued + level.inFlight)
}

/** Counts requests that arrived. */
export function observeArrivals(signals: Signals, count: number, nowMs: number): void {
  bucketAt(signals, nowMs).arrived += count
  signals.arrived += count
  if (count > 0) signals.busyMs = nowMs
}

/** Counts a request that was answered. */
export function observeServed(signals: Signals, { waitMs, serviceMs }: Served, nowMs: number): void {
  const bucket = bucketAt(signals, nowMs)
  bucket.finished++
  bucket.serviceMs += serviceMs
  addToSketch(bucket.waits, waitMs)
  addToSketch(bucket.services, serviceMs)
  addToSketch(bucket.latencies, waitMs + serviceMs)
  signals.serviceMs =
    signals.serviceMs === null
      ? serviceMs
      : signals.serviceMs + SERVICE_WEIGHT * (serviceMs - signals.serviceMs)
}

/** Counts a request that failed. */
export function observeFailed(signals: Signals, nowMs: number): void {
  bucketAt(signals, nowMs).failed++
}

/** Returns what the last `spanMs` came to, the bucket that is being filled included. */
export function measure(signals: Signals, spanMs: number, nowMs: number): Measures {
  hold(signals, nowMs)
  const buckets = bucketsOf(signals, spanMs, nowMs)
  const sum = (of: (bucket: Bucket) => number) => buckets.reduce((total, bucket) => total + of(bucket), 0)
  const heldMs = sum(({ heldMs }) => heldMs)
  const mean = (of: (bucket: Bucket) => number, now: number) => (heldMs > 0 ? sum(of) / heldMs : now)
  const finished = sum((bucket) => bucket.finished)
  const seconds = Math.max(heldMs, signals.bucketMs) / 1_000
  const { queued, inFlight, utilisation = 0, external = 0 } = signals.level
  const quantile = (of: (bucket: Bucket) => Sketch) => (share: number) => quantileOf(buckets.map(of), share)
  return {
    spanMs: heldMs,
    arrivalRate: sum(({ arrived }) => arrived) / seconds,
    throughput: finished / seconds,
    failures: sum(({ failed }) => failed),
    queued: mean(({ area }) => area.queued, queued),
    inFlight: mean(({ area }) => area.inFlight, inFlight),
    utilisation: mean(({ area }) => area.utilisation, utilisation),
    external: mean(({ area }) => area.external, external),
    peak: Math.max(queued + inFlight, ...buckets.map(({ peak }) => peak)),
    serviceMs: finished === 0 ? null : sum(({ serviceMs }) => serviceMs) / finished,
    waitMs: quantile(({ waits }) => waits),
    latencyMs: quantile(({ latencies }) => latencies),
    serviceQuantileMs: quantile(({ services }) => services),
  }
}

/** Spreads the level since it was last told over the buckets that it went through. */
function hold(signals: Signals, nowMs: number): void {
  const { queued, inFlight, utilisation = 0, external = 0 } = signals.level
  const oldestMs = nowMs - signals.bucketMs * signals.ring.length
  let fromMs = Math.max(signals.levelSinceMs, oldestMs)
  while (fromMs < nowMs) {
    const endMs = Math.min(nowMs, (Math.floor(fromMs / signals.bucketMs) + 1) * signals.bucketMs)
    const bucket = bucketAt(signals, fromMs)
    const ms = endMs - fromMs
    bucket.heldMs += ms
    bucket.area.queued += queued * ms
    bucket.area.inFlight += inFlight * ms
    bucket.area.utilisation += utilisation * ms
    bucket.area.external += external * ms
    bucket.peak = Math.max(bucket.peak, queued + inFlight)
    fromMs = endMs
  }
  signals.levelSinceMs = Math.max(signals.levelSinceMs, nowMs)
  if (queued + inFlight > 0) signals.busyMs = Math.max(signals.busyMs, nowMs)
}

function bucketAt(signals: Signals, atMs: number): Bucket {
  const slot = Math.floor(atMs / signals.bucketMs)
  const bucket = signals.ring[slot % signals.ring.length]
  assert(bucket !== undefined, 'a ring has a bucket for every slot')
  if (bucket.slot < slot) Object.assign(bucket, emptyBucket(), { slot })
  return bucket
}

/** A bucket that has partly left the window counts whole: at most a sixth of the panic window too much. */
function bucketsOf({ bucketMs, ring }: Signals, spanMs: number, nowMs: number): Bucket[] {
  const first = Math.floor((nowMs - spanMs) / bucketMs)
  const last = Math.floor(nowMs / bucketMs)
  return ring.filter(({ slot }) => slot > first && slot <= last)
}

function quantileOf(sketches: readonly Sketch[], share: number): number | null {
  const all = createSketch()
  for (const each of sketches) mergeSketch(all, each)
  return sketchQuantile(all, share)
}

function emptyBucket(): Bucket {
  return {
    ...{ slot: -1, arrived: 0, finished: 0, failed: 0, serviceMs: 0, heldMs: 0, peak: 0 },
    area: { queued: 0, inFlight: 0, utilisation: 0, external: 0 },
    ...{ waits: createSketch(), latencies: createSketch(), services: createSketch() },
  }
}
