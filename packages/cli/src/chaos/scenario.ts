import type { World, WorldName } from './world.ts'

/** One thing that was seen. */
export type Fact = string | number | boolean
export type Facts = Readonly<Record<string, Fact>>
/** What a fact must be: the same, or within bounds. */
export type Rule = Fact | { readonly atLeast: number } | { readonly atMost: number }
export type Expected = Readonly<Record<string, Rule>>

/** One way to break a market, and what must come of it. */
export interface Scenario {
  readonly name: string
  /** What is broken, in one sentence. */
  readonly what: string
  /** By which means it is broken. */
  readonly means: string
  /** The market that it is played in; scenarios of one name share one. */
  readonly world: WorldName
  readonly expected: Expected
  /** Returns why it cannot be played on this machine. */
  readonly obstacle?: () => string | undefined
  /** Breaks it, waits for the end, and returns what was seen; `tell` says to people what is being done. */
  play(world: World, tell: (sentence: string) => void): Promise<Facts>
}

/** What came of one scenario. */
export interface Outcome {
  readonly name: string
  readonly what: string
  readonly means: string
  readonly expected: Expected
  readonly seen: Facts
  /** True also for one that was skipped. */
  readonly ok: boolean
  /** Why it was not played; null where it was. */
  readonly skipped: string | null
  readonly seconds: number
}

export interface ChaosReport {
  readonly scenarios: readonly Outcome[]
  readonly ok: boolean
}
