/** A short forecast of demand, and how far it has been off. */
export interface Forecast {
  level: number
  trend: number
  /** Steps taken in. */
  steps: number
  lastMs: number
  /** What was said of instants to come, the soonest first. */
  pending: { atMs: number; said: number; held: number }[]
  /** Running means of the absolute error, and of that of saying "as now". */
  error: number
  naive: number
}

/** Milliseconds between two steps. */
export const FORECAST_STEP_MS = 1_000
/** Weights of the newest step in level and trend, and the share of the trend that is left a step later. */
const ALPHA = 0.5
const BETA = 0.2
const DAMPING = 0.9
/** Weight of the newest error: about the last minute counts. */
const ERROR_WEIGHT = 0.03
/** Steps before a forecast is believed. */
const LEAST_STEPS = 30
/** Forecasts that wait to be compared, at most: as many steps ahead as anybody asks for. */
const MOST_PENDING = 600

/** Creates a forecast that has seen nothing. */
export function createForecast(nowMs: number): Forecast {
  return { level: 0, trend: 0, steps: 0, lastMs: nowMs, pending: [], error: 0, naive: 0 }
}

/**
 * Takes in demand, once a step, and returns what it will be `aheadMs` from now; null while it is no better than saying
 * "as now", which is how it switches itself off.
 *
 * Holt's double exponential smoothing with Gardner's damped trend (1985). Its error is held against that of the naive
 * forecast over the same instants: their quotient, Hyndman and Koehler's scaled error (2006), must be below 1.
 */
export function forecastDemand(
  forecast: Forecast,
  demand: number,
  aheadMs: number,
  nowMs: number,
): number | null {
  if (forecast.steps === 0) Object.assign(forecast, { level: demand, lastMs: nowMs, steps: 1 })
  const steps = Math.min(MOST_PENDING, Math.floor((nowMs - forecast.lastMs) / FORECAST_STEP_MS))
  if (steps > 0) step(forecast, demand, steps, nowMs)
  const said = ahead(forecast, aheadMs)
  if (steps > 0) forecast.pending.push({ atMs: nowMs + aheadMs, said, held: demand })
  if (forecast.pending.length > MOST_PENDING) forecast.pending.shift()
  return isTrusted(forecast) ? said : null
}

/** Tells whether the forecast has lately been better than none. */
export function isTrusted({ steps, error, naive }: Forecast): boolean {
  return steps >= LEAST_STEPS && error < naive
}

function step(forecast: Forecast, demand: number, steps: number, nowMs: number): void {
  compare(forecast, demand, nowMs)
  for (let i = 0; i < steps; i++) {
    const before = forecast.level
    forecast.level = ALPHA * demand + (1 - ALPHA) * (before + DAMPING * forecast.trend)
    forecast.trend = BETA * (forecast.level - before) + (1 - BETA) * DAMPING * forecast.trend
  }
  forecast.steps += steps
  forecast.lastMs = nowMs
}

function compare(forecast: Forecast, demand: number, nowMs: number): void {
  while ((forecast.pending[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
    const due = forecast.pending.shift()
    if (due === undefined) return
    forecast.error += ERROR_WEIGHT * (Math.abs(due.said - demand) - forecast.error)
    forecast.naive += ERROR_WEIGHT * (Math.abs(due.held - demand) - forecast.naive)
  }
}

/** Level + trend × (φ + φ² + … + φʰ) for h steps ahead. */
function ahead({ level, trend }: Forecast, aheadMs: number): number {
  const steps = aheadMs / FORECAST_STEP_MS
  return Math.max(0, level + (trend * DAMPING * (1 - DAMPING ** steps)) / (1 - DAMPING))
}
