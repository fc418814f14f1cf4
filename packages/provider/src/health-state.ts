import { type ClockReading, judgeClock } from './health-clock.ts'
import { type DiskState, judgeDisk } from './health-disk.ts'
import {
  type Finding,
  type Gauge,
  type HealthLevel,
  newGauge,
  type Pace,
  read,
  worse,
} from './health-gauge.ts'
import { type GpuState, judgeGpus } from './health-gpus.ts'
import { judgeLink, type LinkReading } from './health-link.ts'
import { judgeLoop } from './health-loop.ts'
import { judgeMemory, type MemoryState } from './health-memory.ts'

/** What one look at this machine found. */
export interface Readings {
  readonly disk: DiskState
  readonly memory: MemoryState
  readonly gpu: readonly GpuState[]
  readonly clock: ClockReading
  readonly link: LinkReading
  /** Longest pause of this process since the look before, in milliseconds. */
  readonly loop: number
}

/** What is looked at. */
export type Check = keyof Readings

/** Every check, held over the looks. */
export type HealthState = Readonly<Record<Check, Gauge>>

/** What is done about each check, in the order in which people read of them. */
export type Effect = 'none' | 'half' | 'withdrawn' | 'drained'

/** A check that came to another level. */
export interface HealthChange {
  readonly check: Check
  readonly from: HealthLevel
  readonly to: HealthLevel
  readonly why: string | null
}

/** Looks in a row by which each level changes, and what follows from it (docs/AVAILABILITY.md, Provider health). */
export const RULES: Readonly<
  Record<Check, { readonly pace: Pace; readonly degraded: Effect; readonly failing: Effect }>
> = {
  disk: { pace: { worse: 3, better: 2 }, degraded: 'withdrawn', failing: 'drained' },
  memory: { pace: { worse: 3, better: 3 }, degraded: 'half', failing: 'withdrawn' },
  gpu: { pace: { worse: 1, better: 1 }, degraded: 'none', failing: 'none' },
  clock: { pace: { worse: 2, better: 2 }, degraded: 'withdrawn', failing: 'withdrawn' },
  link: { pace: { worse: 3, better: 1 }, degraded: 'withdrawn', failing: 'withdrawn' },
  loop: { pace: { worse: 3, better: 3 }, degraded: 'half', failing: 'withdrawn' },
}

export const CHECKS = Object.keys(RULES) as readonly Check[]

const JUDGES: { readonly [C in Check]: (before: HealthLevel, reading: Readings[C]) => Finding } = {
  disk: judgeDisk,
  memory: judgeMemory,
  gpu: (_, reading) => judgeGpus(reading),
  clock: judgeClock,
  link: judgeLink,
  loop: judgeLoop,
}

/** Makes the state of a machine that nobody has looked at. */
export function newHealth(nowMs: number): HealthState {
  const fresh = newGauge(nowMs)
  return { disk: fresh, memory: fresh, gpu: fresh, clock: fresh, link: fresh, loop: fresh }
}

/** Takes in one look at some or all of it; what was not looked at stays as it was. */
export function look(
  before: HealthState,
  readings: Partial<Readings>,
  nowMs: number,
): { state: HealthState; changes: HealthChange[] } {
  const state = { ...before }
  for (const check of CHECKS) state[check] = gaugeOf(check, before[check], readings, nowMs)
  const changed = CHECKS.filter((check) => state[check].level !== before[check].level)
  const changes = changed.map((check) => {
    const { level: to, why } = state[check]
    return { check, from: before[check].level, to, why }
  })
  return { state, changes }
}

/** Returns the worst level of all. */
export function overall(state: HealthState): HealthLevel {
  return CHECKS.map((check) => state[check].level).reduce(worse, 'ok')
}

function gaugeOf<C extends Check>(check: C, gauge: Gauge, readings: Partial<Readings>, nowMs: number): Gauge {
  const reading = readings[check]
  if (reading === undefined) return gauge
  return read(gauge, JUDGES[check](gauge.level, reading as Readings[C]), RULES[check].pace, nowMs)
}
