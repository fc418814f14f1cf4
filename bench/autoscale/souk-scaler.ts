import {
  createScaler,
  createSignals,
  decide,
  observeArrivals,
  observeLevel,
  observeServed,
  POLICY_DEFAULTS,
  type PoolPolicy,
} from '@souk/elastic'
import type { ScalingPolicy } from './pool-model.ts'

/** Milliseconds between looks while nothing arrives. */
const TICK_MS = 1_000
/** Money is no bound here: the traces have none. */
const BUDGET = { amount: 10n ** 30n, ratePerHour: null }

/** Creates the scaler of `packages/elastic` for the replay. */
export function soukScaler(
  given: Pick<PoolPolicy, 'max' | 'target'> & Partial<PoolPolicy>,
  startMs: number,
): ScalingPolicy {
  const policy = { ...POLICY_DEFAULTS, min: 1, budget: BUDGET, ...given }
  const signals = createSignals(policy, 0)
  const state = createScaler(0)
  return {
    tickMs: TICK_MS,
    actsOnEvents: true,
    arrived: (nowMs) => observeArrivals(signals, 1, nowMs),
    served: (served, nowMs) => observeServed(signals, served, nowMs),
    level: ({ queued, inFlight, nowMs }) => observeLevel(signals, { queued, inFlight }, nowMs),
    desired({ nowMs, ready, acquiring, queued, inFlight }) {
      const view = {
        ...{ ready, acquiring, draining: 0, queued, inFlight, remaining: null },
        ...{ committed: 0n, rateE12: 0n },
      }
      const market = { offers: policy.max, commit: 1n, rateE12: 1n, usualRateE12: null, startMs }
      return decide(state, { policy, signals, view, market }, nowMs).desired
    },
  }
}
