import type { Decision } from '@souk/elastic'
import type { DecisionRow } from '@souk/engine'

/** Returns what is kept of a decision; numbers that no row can hold become the largest that it can. */
export function decisionRow({ inputs, ...decision }: Decision, seq: number, draining: number): DecisionRow {
  const level = (value: number) => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, value || 0))
  const some = (value: number | null) => (value === null ? null : level(value))
  const { steady, burst, backlog, forecast, arrivalRate, serviceMs, isPanic, priceRatio } = inputs
  return {
    ...{ seq, atMs: Math.floor(decision.atMs), desired: decision.desired, wanted: level(decision.wanted) },
    ...{ reason: decision.reason, cappedBy: decision.cappedBy },
    inputs: {
      ...{ ready: inputs.ready, acquiring: inputs.acquiring, draining },
      ...{ queued: inputs.queued, inFlight: inputs.inFlight, isPanic },
      ...{ steady: level(steady), burst: level(burst), backlog: level(backlog), forecast: some(forecast) },
      ...{ arrivalRate: level(arrivalRate), serviceMs: some(serviceMs), priceRatio: some(priceRatio) },
      ...{ committed: inputs.committed, budgetLeft: inputs.budgetLeft },
    },
  }
}
