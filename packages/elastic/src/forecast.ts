import { assert } from '@souk/protocol'

/** A pool of a fixed size that is played beside the real one: it sleeps after so long without work. */
export interface Shadow {
  readonly size: number
  readonly holdMs: number
  /** Work that waits, in replica-milliseconds. */
  backlogMs: number
  /** When its replicas are ready after it woke; null while it sleeps. */
  readyMs: number | null
  busyMs: number
  /** What it cost and missed so far, in replica-seconds; what is older fades. */
  loss: number
}

/** Pools that are played in the mind, and which of them would have done best; updated in place. */
export interface Forecast {
  readonly shadows: readonly Shadow[]
  leader: Shadow
  /** What following the leader of each second came to, and what holding one replica did. */
  followed: number
  arrived: number
  sinceMs: number
  steps: number
}

/** How a forecast is made. */
export interface ForecastRule {
  /** Idle replica-seconds that one request within its target is worth. */
  readonly worth: number
  /** Milliseconds in which what was seen fades to a third. */
  readonly memoryMs: number
}

/** What has arrived so far, and what it needs. */
export interface ForecastInput {
  readonly arrived: number
  readonly serviceMs: number
  /** Milliseconds that a request may wait. */
  readonly waitMs: number
  /** Milliseconds until a replica serves. */
  readonly startMs: number
}

/** Milliseconds of one step. */
export const FORECAST_STEP_MS = 1_000
/** Steps before a forecast is believed. */
export const FORECAST_LEAST_STEPS = 30
/** Steps that are made up for after a pause, at most. */
const MOST_STEPS = 600
/** Sizes that are played, from one to the most, each a tenth or one larger than the last. */
const GROWTH = 1.1
/** Milliseconds without work after which shadows sleep; the last never do. */
const HOLDS = [20_000, 60_000, 180_000, Number.POSITIVE_INFINITY] as const

/** Creates a forecast that has seen nothing, for pools of so many servers at most. */
export function createForecast(most: number, nowMs: number): Forecast {
  const sizes = [1]
  for (let size = 1; size < most; sizes.push(size))
    size = Math.min(most, Math.max(size + 1, Math.round(size * GROWTH)))
  const shadows = sizes.flatMap((size) =>
    HOLDS.map((holdMs) => ({ size, holdMs, backlogMs: 0, readyMs: null, busyMs: nowMs, loss: 0 })),
  )
  const leader = shadows[0]
  assert(leader !== undefined, 'there is a pool of one')
  return { shadows, leader, followed: 0, arrived: 0, sinceMs: nowMs, steps: 0 }
}

/**
 * Returns the servers that would have done best of late, had they been held; null while following this has been no
 * better than holding one, which is how it switches itself off.
 *
 * Follow the leader (Hannan 1957) among pools of fixed sizes that sleep after so long: each is played in fluid beside
 * the real one (Lindley's recursion: what waits is what waited, and arrived, less what was served), and loses its
 * replica-seconds and `worth` for each request that it would have let wait too long. What is older fades.
 */
export function forecastServers(
  forecast: Forecast,
  rule: ForecastRule,
  input: ForecastInput,
  nowMs: number,
): number | null {
  const due = Math.floor((nowMs - forecast.sinceMs) / FORECAST_STEP_MS)
  const each = { ...input, arrived: due === 0 ? 0 : (input.arrived - forecast.arrived) / due }
  for (let i = 0; i < Math.min(due, MOST_STEPS); i++) {
    forecast.sinceMs += FORECAST_STEP_MS
    step(forecast, rule, each)
  }
  if (due > 0)
    Object.assign(forecast, {
      arrived: input.arrived,
      sinceMs: nowMs - ((nowMs - forecast.sinceMs) % FORECAST_STEP_MS),
    })
  return isTrusted(forecast) ? sizeOf(forecast.leader) : null
}

/** Tells whether following the leader has lately been better than holding one replica. */
export function isTrusted({ steps, followed, shadows }: Forecast): boolean {
  return steps >= FORECAST_LEAST_STEPS && followed < (shadows.find(isPlain)?.loss ?? 0)
}

function isPlain({ size, holdMs }: Shadow): boolean {
  return size === 1 && holdMs === Number.POSITIVE_INFINITY
}

function step(forecast: Forecast, { worth, memoryMs }: ForecastRule, input: ForecastInput): void {
  const fade = Math.exp(-FORECAST_STEP_MS / memoryMs)
  const { leader } = forecast
  for (const shadow of forecast.shadows) {
    const lost = play(shadow, input, worth, forecast.sinceMs)
    shadow.loss = shadow.loss * fade + lost
    if (shadow === leader) forecast.followed = forecast.followed * fade + lost
  }
  forecast.leader = forecast.shadows.reduce((best, each) => (each.loss < best.loss ? each : best))
  forecast.steps++
}

/** Plays one step; returns what it loses. */
function play(
  shadow: Shadow,
  { arrived, serviceMs, waitMs, startMs }: ForecastInput,
  worth: number,
  nowMs: number,
): number {
  if (arrived > 0 || shadow.backlogMs > 0) shadow.busyMs = nowMs
  if (nowMs - shadow.busyMs > shadow.holdMs) shadow.readyMs = null
  else shadow.readyMs ??= nowMs + startMs
  const isReady = shadow.readyMs !== null && shadow.readyMs <= nowMs
  const servers = isReady ? shadow.size : 1
  const before = shadow.backlogMs
  shadow.backlogMs = Math.max(0, before + arrived * serviceMs - servers * FORECAST_STEP_MS)
  const halfMs = (before + shadow.backlogMs) / 2
  const soonMs = isReady || shadow.readyMs === null ? 0 : shadow.readyMs - nowMs
  const waitedMs = Math.min(halfMs, soonMs + halfMs / shadow.size)
  return sizeOf(shadow) + (waitedMs > waitMs ? worth * arrived : 0)
}

/** Servers that a shadow holds now. */
function sizeOf({ size, readyMs }: Shadow): number {
  return readyMs === null ? 1 : size
}
