import type { TracedRequest } from './request-trace.ts'

/** What a scaling policy sees of the pool. */
export interface PoolSight {
  readonly nowMs: number
  readonly ready: number
  readonly acquiring: number
  readonly queued: number
  readonly inFlight: number
}

/** A rule set that says how many replicas there should be. */
export interface ScalingPolicy {
  /** Milliseconds between looks. */
  readonly tickMs: number
  /** Whether it is also asked whenever a request arrives. */
  readonly actsOnEvents: boolean
  desired(sight: PoolSight): number
  arrived?(nowMs: number): void
  served?(served: { waitMs: number; serviceMs: number }, nowMs: number): void
  /** Told after every change of what waits and runs. */
  level?(sight: PoolSight): void
}

/** How a replay goes. */
export interface PoolRules {
  readonly startMs: number
  /** A request that waits longer is a miss. */
  readonly targetMs: number
  readonly max: number
  /** Only requests from this instant count, and only what is held from then on costs. */
  readonly fromMs: number
}

/** What a replay came to. */
export interface PoolOutcome {
  readonly requests: number
  readonly misses: number
  readonly replicaSeconds: number
  readonly peak: number
}

interface Replica {
  readonly sinceMs: number
  readonly readyMs: number
  /** Until when it serves; null while it is idle. */
  busyUntilMs: number | null
  isDraining: boolean
}

/**
 * Replays requests against a policy in virtual time. One queue, first come first served; a replica serves one request
 * at a time. What goes is first what has not started, then what is idle; busy ones go when they are done.
 */
export function replay(
  requests: readonly TracedRequest[],
  policy: ScalingPolicy,
  rules: PoolRules,
): PoolOutcome {
  const endMs = (requests.at(-1)?.atMs ?? 0) + 60_000
  const waiting: TracedRequest[] = []
  let [head, next, nowMs, tickAt] = [0, 0, 0, 0]
  let replicas: Replica[] = []
  const total = { requests: 0, misses: 0, replicaSeconds: 0, peak: 0 }

  const sight = (): PoolSight => {
    const ready = replicas.filter((each) => each.readyMs <= nowMs && !each.isDraining).length
    const held = replicas.filter((each) => !each.isDraining).length
    const inFlight = replicas.filter((each) => each.busyUntilMs !== null).length
    return { nowMs, ready, acquiring: held - ready, queued: waiting.length - head, inFlight }
  }
  const let_go = (replica: Replica) => {
    replicas = replicas.filter((each) => each !== replica)
    total.replicaSeconds += Math.max(0, nowMs - Math.max(replica.sinceMs, rules.fromMs)) / 1_000
  }
  const resize = (desired: number) => {
    const held = replicas.filter((each) => !each.isDraining)
    for (let i = held.length; i < Math.min(desired, rules.max); i++) {
      const drained = replicas.find((each) => each.isDraining)
      if (drained !== undefined) drained.isDraining = false
      else {
        replicas.push({
          sinceMs: nowMs,
          readyMs: nowMs + rules.startMs,
          busyUntilMs: null,
          isDraining: false,
        })
      }
    }
    const rank = (each: Replica) => (each.readyMs > nowMs ? 0 : each.busyUntilMs === null ? 1 : 2)
    const victims = held.toSorted((a, b) => rank(a) - rank(b) || b.readyMs - a.readyMs)
    for (const victim of victims.slice(0, Math.max(0, held.length - desired))) {
      if (victim.busyUntilMs === null) let_go(victim)
      else victim.isDraining = true
    }
    total.peak = Math.max(total.peak, replicas.length)
  }
  const dispatch = () => {
    for (const replica of replicas) {
      const request = waiting[head]
      if (request === undefined) return
      if (replica.busyUntilMs !== null || replica.readyMs > nowMs || replica.isDraining) continue
      head++
      replica.busyUntilMs = nowMs + request.serviceMs
      const waitMs = nowMs - request.atMs
      policy.served?.({ waitMs, serviceMs: request.serviceMs }, nowMs)
      if (request.atMs < rules.fromMs) continue
      total.requests++
      if (waitMs > rules.targetMs) total.misses++
    }
  }
  const finish = () => {
    for (const replica of replicas) {
      if (replica.busyUntilMs === null || replica.busyUntilMs > nowMs) continue
      replica.busyUntilMs = null
      if (replica.isDraining) let_go(replica)
    }
  }

  while (nowMs < endMs || head < waiting.length) {
    const dones = replicas.map((each) => each.busyUntilMs ?? Number.POSITIVE_INFINITY)
    const starts = replicas.map((each) => (each.readyMs > nowMs ? each.readyMs : Number.POSITIVE_INFINITY))
    const arrivalMs = requests[next]?.atMs ?? Number.POSITIVE_INFINITY
    nowMs = Math.min(arrivalMs, tickAt, ...dones, ...starts)
    finish()
    const isArrival = arrivalMs <= nowMs
    const isTick = tickAt <= nowMs
    for (
      let request = requests[next];
      request !== undefined && request.atMs <= nowMs;
      request = requests[++next]
    ) {
      waiting.push(request)
      policy.arrived?.(nowMs)
    }
    dispatch()
    policy.level?.(sight())
    if (isTick) tickAt = nowMs + policy.tickMs
    if (isTick || (isArrival && policy.actsOnEvents)) resize(policy.desired(sight()))
  }
  for (const replica of [...replicas]) let_go(replica)
  return total
}
