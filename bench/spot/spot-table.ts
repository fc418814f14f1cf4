import { randomFrom, type TraceSource } from '../harness/trace-source.ts'
import { soukPortfolio } from './souk-portfolio.ts'
import type { LoadedSpot } from './spot-load.ts'
import { playSpot, type SpotDay, type SpotPolicy, type SpotRules } from './spot-market.ts'
import { durationOf, type SpotTrace } from './spot-trace.ts'
import { roundRobin, spotHedge } from './spothedge.ts'

/** Replicas that must be ready, and the day that is played. */
export const TARGET = 3
const DAY_MS = 86_400_000
/** Milliseconds from launch to ready: cold, and two ways of having a standby prepared. */
export const STARTS_MS = [120_000, 30_000, 10_000] as const
/** The microbenchmark looks every 30 s; a start that is shorter needs a closer look. */
const TICK_MS = 30_000
/** Offsets of which every other one is reported; the rest is what settings were chosen on. */
const OFFSETS = 32
/** Spot prices that an instant below the target costs: the best of 150 to 1,000 on the offsets that are not reported. */
const WORTH = 300

/** A policy on a trace, as means over the offsets. */
export interface SpotRow {
  readonly trace: string
  readonly startMs: number
  readonly policy: 'Souk' | 'SpotHedge' | 'round robin' | 'omniscient'
  /** Shares, 0 to 1. */
  readonly availability: number
  readonly cost: number
}

/** Which half of the offsets. */
export type Half = 'tuned' | 'reported'

/** Plays every policy on every trace with every start. */
export function spotRows(
  loaded: readonly LoadedSpot[],
  half: Half,
  step?: (sentence: string) => void,
): SpotRow[] {
  return loaded.flatMap(({ trace }) =>
    STARTS_MS.flatMap((startMs) => {
      step?.(`${trace.name}, ${startMs / 1_000} s from launch to ready`)
      return rowsOf(trace, startMs, offsetsOf(trace, half))
    }),
  )
}

/** Names what was played. */
export function spotSources(loaded: readonly LoadedSpot[]): TraceSource[] {
  return loaded.map(({ source }) => source)
}

/** Offsets spread evenly over where a whole day is left. */
function offsetsOf(trace: SpotTrace, half: Half): number[] {
  const span = Math.max(0, durationOf(trace) - DAY_MS)
  const all = Array.from(
    { length: OFFSETS },
    (_, i) => Math.floor(((i + 0.5) * span) / OFFSETS / TICK_MS) * TICK_MS,
  )
  return all.filter((_, i) => (i % 2 === 0) === (half === 'tuned'))
}

function rowsOf(trace: SpotTrace, startMs: number, offsets: readonly number[]): SpotRow[] {
  const tickMs = Math.min(TICK_MS, startMs)
  const rules = { target: TARGET, startMs, tickMs, durationMs: Math.min(DAY_MS, durationOf(trace)) }
  const random = randomFrom(1)
  const row = (policy: SpotRow['policy'], days: readonly SpotDay[]): SpotRow => ({
    ...{ trace: trace.name, startMs, policy },
    availability: mean(days.map((day) => day.availability)),
    cost: mean(days.map((day) => day.cost)),
  })
  const played = (create: () => SpotPolicy) =>
    offsets.map((offset) => playSpot(trace, offset, rules, create()))
  return [
    row(
      'Souk',
      played(() => soukPortfolio(TARGET, WORTH)),
    ),
    row(
      'SpotHedge',
      played(() => spotHedge(TARGET, random)),
    ),
    row(
      'round robin',
      played(() => roundRobin(TARGET)),
    ),
    row(
      'omniscient',
      offsets.map((offset) => omniscient(trace, offset, rules)),
    ),
  ]
}

/**
 * What no policy can better: only the first start is waited for, and every instant has the cheapest capacity there is.
 * Nobody who must start replicas can reach its cost.
 */
function omniscient(
  trace: SpotTrace,
  offsetMs: number,
  { target, startMs, tickMs, durationMs }: SpotRules,
): SpotDay {
  const ticks = Math.floor(durationMs / tickMs)
  let paid = 0
  for (let tick = 0; tick < ticks; tick++) {
    const at = Math.floor((offsetMs + tick * tickMs) / trace.gapMs)
    const room = trace.zones.reduce((sum, zone) => sum + (zone[at] ?? 0), 0)
    const spot = Math.min(target, room)
    paid += spot + 3 * (target - spot)
  }
  return { availability: 1 - Math.ceil(startMs / tickMs) / ticks, cost: paid / (3 * target * ticks) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
