import { FAMILIES, scenarioOf } from './families.ts'
import { Town } from './town.ts'
import { Uptime } from './uptime.ts'
import { UPTIME_FAMILIES, uptimeScenario } from './uptime-families.ts'

/** What came of one run. */
export interface Outcome {
  readonly family: string
  readonly seed: number
  /** What must never be and was; empty where every promise was kept. */
  readonly broken: readonly string[]
  /** Of all that happened: equal for equal seeds. */
  readonly digest: string
  /** Virtual milliseconds until the job ended; null where it did not. */
  readonly jobMs: number | null
  readonly virtualMs: number
  /** The last that happened, for whoever looks into a failure. */
  readonly newest: readonly string[]
}

/** Runs one scenario of a family. */
export function play(family: string, seed: number): Outcome {
  return family in UPTIME_FAMILIES ? playUptime(family, seed) : playTown(family, seed)
}

function playUptime(family: string, seed: number): Outcome {
  const { broken, trace } = new Uptime(uptimeScenario(family, seed)).run()
  return { family, seed, broken, digest: trace.digest, jobMs: null, virtualMs: 0, newest: trace.newest }
}

function playTown(family: string, seed: number): Outcome {
  const town = new Town(scenarioOf(family, seed)).run()
  const { promises, trace, jobEnded, world } = town
  const broken = [...promises.broken]
  const jobMs = jobEnded?.atMs ?? null
  return { family, seed, broken, digest: trace.digest, jobMs, virtualMs: world.nowMs, newest: trace.newest }
}

/** Returns what to type to see a run again. */
export function replayOf({ family, seed }: Pick<Outcome, 'family' | 'seed'>): string {
  return `node packages/simulator/src/node/simulate.ts ${family} ${seed}`
}

/** Names of all families. */
export function familyNames(): string[] {
  return [...Object.keys(FAMILIES), ...Object.keys(UPTIME_FAMILIES)]
}

/** Returns the scenario of a family and a seed: pure data. */
export function scenario(family: string, seed: number): unknown {
  return family in UPTIME_FAMILIES ? uptimeScenario(family, seed) : scenarioOf(family, seed)
}

/** Returns the lines of the table of all families, as docs/AVAILABILITY.md has it. */
export function familyTable(): string[] {
  const rows = Object.entries({ ...FAMILIES, ...UPTIME_FAMILIES }).map(
    ([name, { happens, expected }]) => `| \`${name}\` | ${happens} | ${expected} |`,
  )
  return ['| family | what happens | what comes of it |', '| --- | --- | --- |', ...rows]
}
