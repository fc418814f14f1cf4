import type { Forecast } from './forecast.ts'

/** What a scaler remembers between two decisions; updated in place. */
export interface ScalerState {
  /** When it began. */
  readonly sinceMs: number
  /** Until when a burst is on: nothing shrinks; null without one. */
  panicUntilMs: number | null
  /** The most that was wanted in each of the last stretches of the cool-down, the oldest first. */
  wants: { atMs: number; count: number }[]
  /** Null until the first request was served. */
  forecast: Forecast | null
}

/** Stretches that the cool-down is remembered in. */
const STRETCHES = 16

/** Creates the state of a scaler that has decided nothing. */
export function createScaler(nowMs: number): ScalerState {
  return { sinceMs: nowMs, panicUntilMs: null, wants: [], forecast: null }
}

/** Takes in what is wanted now, and returns the most that was wanted within the cool-down. */
export function remembered(state: ScalerState, count: number, coolDownMs: number, nowMs: number): number {
  state.wants = state.wants.filter(({ atMs }) => atMs > nowMs - coolDownMs)
  const last = state.wants.at(-1)
  if (last === undefined || nowMs - last.atMs >= coolDownMs / STRETCHES || count > last.count) {
    // What is lower and older can never be the most again.
    while ((state.wants.at(-1)?.count ?? count + 1) <= count) state.wants.pop()
    state.wants.push({ atMs: nowMs, count })
  }
  return Math.max(count, ...state.wants.map((want) => want.count))
}
