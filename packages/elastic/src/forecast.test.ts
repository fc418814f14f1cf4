import { describe, expect, test } from 'vitest'
import {
  createForecast,
  FORECAST_LEAST_STEPS,
  FORECAST_STEP_MS,
  type Forecast,
  forecastServers,
} from './forecast.ts'

const RULE = { worth: 30, memoryMs: 300_000 }
const COSTS = { serviceMs: 500, waitMs: 1_000, startMs: 5_000 }

/** Plays so many arrivals in each second; returns what was said after each. */
function playSeconds(forecast: Forecast, seconds: readonly number[]): (number | null)[] {
  let arrived = forecast.arrived
  return seconds.map((count) => {
    arrived += count
    return forecastServers(forecast, RULE, { ...COSTS, arrived }, forecast.sinceMs + FORECAST_STEP_MS)
  })
}

describe('a forecast', () => {
  test('says nothing before it has seen enough', () => {
    const said = playSeconds(createForecast(50, 0), new Array(FORECAST_LEAST_STEPS - 1).fill(20))
    expect(said.every((each) => each === null)).toBe(true)
  })

  test('holds what recurring bursts need, between them, too', () => {
    const bursts = Array.from({ length: 600 }, (_, second) => (second % 60 < 15 ? 20 : 0))
    const said = playSeconds(createForecast(50, 0), bursts)
    // Twenty arrivals of half a second each in a second are ten servers.
    for (const each of said.slice(-60)) expect(each).toBeGreaterThanOrEqual(9)
    for (const each of said.slice(-60)) expect(each).toBeLessThanOrEqual(15)
  })

  test('lets go of what no longer comes', () => {
    const forecast = createForecast(50, 0)
    playSeconds(
      forecast,
      Array.from({ length: 300 }, (_, second) => (second % 60 < 15 ? 20 : 0)),
    )
    const after = playSeconds(forecast, new Array(3_000).fill(0))
    expect(after.at(-1) ?? 1).toBeLessThanOrEqual(1)
  })

  test('switches itself off when following it was no better than holding one', () => {
    const forecast = createForecast(50, 0)
    playSeconds(
      forecast,
      Array.from({ length: 300 }, (_, second) => (second % 60 < 15 ? 20 : 0)),
    )
    forecast.followed = Number.POSITIVE_INFINITY
    expect(playSeconds(forecast, [20])).toEqual([null])
  })

  test('is the same however often it is asked, and makes up for a pause', () => {
    const [often, seldom] = [createForecast(20, 0), createForecast(20, 0)]
    let arrived = 0
    for (let atMs = 250; atMs <= 60_000; atMs += 250) {
      if (atMs % 1_000 === 0) arrived += 8
      forecastServers(often, RULE, { ...COSTS, arrived }, atMs)
    }
    forecastServers(seldom, RULE, { ...COSTS, arrived }, 60_000)
    expect(often.steps).toBe(seldom.steps)
    expect(often.leader.size).toBe(seldom.leader.size)
  })
})
