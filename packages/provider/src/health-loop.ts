import { type Finding, type HealthLevel, WELL } from './health-gauge.ts'

/** Milliseconds that this process may stand still at a time: beats are due twice a second. */
const LATE_LOOP_MS = 3_000
const DEAD_LOOP_MS = 10_000
/** Milliseconds below which it is in time again. */
const TIMELY_LOOP_MS = 1_000

/** Says how late this process is, by its longest pause in milliseconds since the look before. */
export function judgeLoop(before: HealthLevel, longestMs: number): Finding {
  const why = `this process stood still for ${Math.round(longestMs)} ms`
  if (longestMs >= DEAD_LOOP_MS) return { level: 'failing', why }
  if (longestMs >= (before === 'ok' ? LATE_LOOP_MS : TIMELY_LOOP_MS)) return { level: 'degraded', why }
  return WELL
}
