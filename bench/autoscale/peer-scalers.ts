import type { PoolSight, ScalingPolicy } from './pool-model.ts'

/** Settings that Knative Serving documents as its autoscaler's defaults. */
const KNATIVE = {
  ...{ tickMs: 2_000, stableMs: 60_000, panicMs: 6_000, panicTimes: 2 },
  ...{ targetUtilisation: 0.7, maxUpRate: 1_000, maxDownRate: 2 },
} as const

/**
 * Creates Knative's pod autoscaler for one request at a time per replica: the mean concurrency, queue included, over
 * the stable window by 0.7; over the panic window while that wants twice what is ready, until a stable window after it
 * last did, and never less than it wanted meanwhile.
 */
export function knative(): ScalingPolicy {
  const seen = createHistory(KNATIVE.stableMs)
  let panicSinceMs: number | null = null
  let panicMost = 0
  return {
    tickMs: KNATIVE.tickMs,
    actsOnEvents: false,
    level: seen.take,
    desired({ nowMs, ready }) {
      const wants = (spanMs: number) =>
        Math.min(
          Math.ceil(seen.mean(spanMs, nowMs) / KNATIVE.targetUtilisation),
          Math.max(1, ready) * KNATIVE.maxUpRate,
        )
      const stable = Math.max(wants(KNATIVE.stableMs), Math.floor(ready / KNATIVE.maxDownRate))
      const panic = Math.max(wants(KNATIVE.panicMs), Math.floor(ready / KNATIVE.maxDownRate))
      if (panic >= KNATIVE.panicTimes * Math.max(1, ready)) panicSinceMs = nowMs
      else if (panicSinceMs !== null && nowMs > panicSinceMs + KNATIVE.stableMs) {
        panicSinceMs = null
        panicMost = 0
      }
      if (panicSinceMs === null) return Math.max(1, stable)
      panicMost = Math.max(panicMost, stable, panic)
      return Math.max(1, panicMost)
    },
  }
}

/** Settings that Kubernetes documents as those of its horizontal pod autoscaler. */
const HPA = { tickMs: 15_000, downMs: 300_000, tolerance: 0.1, upPods: 4 } as const

/**
 * Creates the horizontal pod autoscaler of Kubernetes on utilisation: replicas × utilisation / target, unless within
 * 10 %; up by the larger of twice and four more in 15 s; down to the most it recommended in five minutes.
 */
export function horizontal(target: number): ScalingPolicy {
  const busy = createHistory(HPA.tickMs, ({ inFlight }) => inFlight)
  const capacity = createHistory(HPA.tickMs, ({ ready }) => ready)
  let recommended: { atMs: number; count: number }[] = []
  return {
    tickMs: HPA.tickMs,
    actsOnEvents: false,
    level(sight) {
      busy.take(sight)
      capacity.take(sight)
    },
    desired({ nowMs, ready, acquiring }) {
      const held = Math.max(1, ready + acquiring)
      const ratio = busy.mean(HPA.tickMs, nowMs) / Math.max(1, capacity.mean(HPA.tickMs, nowMs)) / target
      const raw = Math.abs(ratio - 1) <= HPA.tolerance ? held : Math.ceil(Math.max(1, ready) * ratio)
      recommended = [
        ...recommended.filter(({ atMs }) => atMs > nowMs - HPA.downMs),
        { atMs: nowMs, count: raw },
      ]
      const steady = Math.max(...recommended.map(({ count }) => count))
      const most = Math.max(2 * held, held + HPA.upPods)
      return Math.max(1, Math.min(raw > held ? raw : Math.min(held, steady), most))
    },
  }
}

/** Creates a pool that never changes. */
export function fixed(count: number): ScalingPolicy {
  return { tickMs: 60_000, actsOnEvents: false, desired: () => count }
}

/** Means over time of what a policy sees: of what waits and runs, unless told otherwise. */
function createHistory(
  keepMs: number,
  of: (sight: PoolSight) => number = ({ queued, inFlight }) => queued + inFlight,
) {
  let steps: { atMs: number; value: number }[] = []
  return {
    take(sight: PoolSight) {
      const value = of(sight)
      if (steps.at(-1)?.value === value) return
      steps.push({ atMs: sight.nowMs, value })
      const oldest = steps.findIndex(({ atMs }) => atMs > sight.nowMs - keepMs)
      if (oldest > 1) steps = steps.slice(oldest - 1)
    },
    mean(spanMs: number, nowMs: number) {
      const fromMs = Math.max(0, nowMs - spanMs)
      let sum = 0
      steps.forEach(({ atMs, value }, i) => {
        const untilMs = Math.min(nowMs, steps[i + 1]?.atMs ?? nowMs)
        sum += value * Math.max(0, untilMs - Math.max(fromMs, atMs))
      })
      return nowMs > fromMs ? sum / (nowMs - fromMs) : (steps.at(-1)?.value ?? 0)
    },
  }
}
