import { budgetLeft, capReplicas, held } from './caps.ts'
import { allowedWait, backlogReplicas, type Demand, deadlineReplicas, replicasFor } from './demand.ts'
import { createForecast, forecastServers } from './forecast.ts'
import type { PoolPolicy } from './policy.ts'
import type { Decision, DecisionInputs, MarketView, PoolView, Reason } from './scaler-input.ts'
import { remembered, type ScalerState } from './scaler-state.ts'
import { measure, type Signals } from './signals.ts'

/** Times of what is ready that the panic window must want for a burst: Knative's 200 %. */
export const PANIC_TIMES = 2
/** A price below this share of the usual one is cheap: room for bursts is bought; above the next it is dear. */
export const CHEAP_SHARE = 0.75
export const DEAR_SHARE = 1.5
/** Standard deviations of the load by which a pool grows beyond its target while replicas are cheap. */
const CHEAP_ROOM = 1

/** Everything that a decision is made of beside the state and the time. */
export interface ScalerContext {
  readonly policy: PoolPolicy
  readonly signals: Signals
  readonly view: PoolView
  readonly market: MarketView
}

/**
 * Decides how many replicas a pool should hold; on every tick, and whenever something arrives, ends or changes.
 *
 * Two windows, as in Knative's autoscaler: the stable one gives the number; from when the panic one wants at least twice
 * what is ready it counts as well, for a stable window. What waits now counts at once. The forecast may only
 * raise. What is no longer wanted stays for the cool-down. Then the caps of policy, money and market: they bind even
 * where the target is missed, and say so in `cappedBy`. The state is updated in place.
 */
export function decide(state: ScalerState, context: ScalerContext, nowMs: number): Decision {
  const { policy, view, market } = context
  const rules = applyRules(state, context, nowMs)
  const [need, cause] = strongest(rules)
  const isIdle = shouldSleep(context, nowMs)
  const floor = Math.max(policy.min, isIdle ? 0 : 1)
  const asked = Math.ceil(need - 1e-9)
  const now = Math.max(floor, asked)
  const kept = remembered(state, now, policy.coolDownMs, nowMs)
  const wanted = isIdle ? floor : kept
  const { count, by } = capReplicas(wanted, policy, view, market)
  const reason =
    isIdle && floor === 0 ? 'zero' : kept > now && !isIdle ? 'cool-down' : now > asked ? 'min' : cause
  return { atMs: nowMs, desired: count, wanted, reason, cappedBy: by, inputs: inputsOf(rules, context) }
}

/** Replicas that each rule asks for, and what they were taken from. */
interface Rules {
  readonly steady: number
  readonly burst: number
  readonly backlog: number
  readonly deadline: number
  readonly cheap: number
  readonly forecast: number | null
  readonly stable: Demand
  readonly isPanic: boolean
  readonly priceRatio: number | null
}

function applyRules(state: ScalerState, context: ScalerContext, nowMs: number): Rules {
  const { policy, signals, view, market } = context
  const stable = demandOf(signals, policy.stableMs, nowMs)
  const panic = demandOf(signals, policy.panicMs, nowMs)
  const steady = replicasFor(policy, stable)
  const burst = replicasFor(policy, panic)
  const isPanic = updatePanic(state, { burst, ready: view.ready, stableMs: policy.stableMs }, nowMs)
  const priceRatio = ratioOf(market)
  const ahead = forecastOf(state, context, stable, nowMs)
  return {
    ...{ steady, stable, isPanic, priceRatio },
    burst: isPanic ? burst : 0,
    backlog: backlogReplicas(policy, panic, view, market),
    deadline: deadlineReplicas(policy, view, stable, market, nowMs),
    cheap: priceRatio !== null && priceRatio <= CHEAP_SHARE ? steady + CHEAP_ROOM * Math.sqrt(steady) : 0,
    forecast: priceRatio !== null && priceRatio >= DEAR_SHARE ? null : ahead,
  }
}

/** A pause between requests says nothing of how long they take: the running mean stands in. */
function demandOf(signals: Signals, spanMs: number, nowMs: number): Demand {
  const measures = measure(signals, spanMs, nowMs)
  return { measures, serviceMs: signals.serviceMs ?? measures.serviceMs }
}

/** A forecast speaks of servers; a deadline asks for none. */
function forecastOf(
  state: ScalerState,
  { policy, signals: { arrived, serviceMs }, market: { startMs } }: ScalerContext,
  stable: Demand,
  nowMs: number,
): number | null {
  if (serviceMs === null || policy.target.kind === 'deadline') return null
  const { waitMs } = allowedWait(policy, stable.measures)
  state.forecast ??= createForecast(policy.max * policy.slots, state.sinceMs)
  const servers = forecastServers(
    state.forecast,
    policy.forecast,
    { arrived, serviceMs, waitMs, startMs },
    nowMs,
  )
  return servers === null ? null : servers / policy.slots
}

/** A burst is on for a stable window after the panic window last wanted twice what is ready. */
function updatePanic(
  state: ScalerState,
  { burst, ready, stableMs }: { burst: number; ready: number; stableMs: number },
  nowMs: number,
): boolean {
  if (burst >= PANIC_TIMES * Math.max(1, ready)) state.panicUntilMs = nowMs + stableMs
  if (state.panicUntilMs !== null && state.panicUntilMs <= nowMs) state.panicUntilMs = null
  return state.panicUntilMs !== null
}

function strongest(rules: Rules): [number, Reason] {
  const asked: [number, Reason][] = [
    [rules.steady, 'steady'],
    [rules.burst, 'burst'],
    [rules.backlog, 'backlog'],
    [rules.deadline, 'deadline'],
    [rules.cheap, 'cheap'],
    [rules.forecast ?? 0, 'forecast'],
  ]
  return asked.reduce((best, each) => (each[0] > best[0] ? each : best))
}

/** A pool sleeps where its policy lets it and nothing has waited, run or arrived for so long. */
function shouldSleep({ policy, signals, view }: ScalerContext, nowMs: number): boolean {
  if (policy.min > 0 || view.queued + view.inFlight + (view.remaining ?? 0) > 0) return false
  return nowMs - signals.busyMs >= policy.scaleToZeroAfterMs
}

function ratioOf({ rateE12, usualRateE12 }: MarketView): number | null {
  return usualRateE12 === null || usualRateE12 === 0n ? null : Number(rateE12) / Number(usualRateE12)
}

function inputsOf(rules: Rules, { policy, view }: ScalerContext): DecisionInputs {
  const { steady, burst, backlog, forecast, stable, isPanic, priceRatio } = rules
  return {
    ...{ ready: view.ready, acquiring: view.acquiring, queued: view.queued, inFlight: view.inFlight },
    ...{ steady, burst, backlog: Math.max(backlog, rules.deadline), forecast, isPanic, priceRatio },
    arrivalRate: stable.measures.arrivalRate,
    serviceMs: stable.serviceMs,
    committed: view.committed,
    budgetLeft: budgetLeft(policy, view),
  }
}

/** Returns how many replicas to acquire, or with a minus to let go, so that the pool becomes what was decided. */
export function difference({ desired }: Decision, view: PoolView): number {
  return desired - held(view)
}
