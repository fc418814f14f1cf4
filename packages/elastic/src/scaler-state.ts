import type { Forecast } from './forecast.ts'

/** What a scaler remembers between two decisions; updated in place. */
export interface ScalerState {
  /** When it began. */
  readonly sinceMs: number
  /** Until when a burst is on: nothing shrinks; null without one. */
  panicUntilMs: number | null
  /** What was wanted within the cool-down and not topped since, the oldest and highest first. */
  wants: { atMs: number; count: number }[]
  /** Null until the first request was served. */
  forecast: Forecast | null
}

/** Creates the state of a scaler that has decided nothing. */
export function createScaler(nowMs: number): ScalerState {
  return { sinceMs: nowMs, panicUntilMs: null, wants: [], forecast: null }
}

/** Takes in what is wanted now, and returns the most that was wanted within the cool-down. */
export function remembered(state: ScalerState, count: number, coolDownMs: number, nowMs: number): number {
  // What is lower and older can never be the most again: what is left falls, one for each number at most.
  const higher = state.wants.filter((want) => want.atMs > nowMs - coolDownMs && want.count > count)
  state.wants = [...higher, { atMs: nowMs, count }]
  return Math.max(count, ...higher.map((want) => want.count))
}
