import type { World } from '@souk/engine/testing'
import type { Cheat, Fault, LinkPlan, Scenario } from './scenario.ts'

/** Milliseconds in which faults begin: about as long as a job takes that meets some. */
const FAULTS_BEGIN_MS = 12_000

/** What every family changes something of. */
export type Draft = Omit<Scenario, 'family' | 'seed'>

/** A fast network without losses. */
export const LAN: LinkPlan = {
  latencyMs: 1,
  jitterMs: 4,
  bytesPerSecond: 12_500_000,
  lossPercent: 0,
  burstMs: 0,
}

/** Draws a market in which nothing goes wrong: its size, its quorum, its links. */
export function drawCalm(world: World): Draft {
  const [k, n] = oneOf(world, [
    [1, 1],
    [2, 3],
    [2, 3],
    [3, 4],
  ] as const)
  const latencyMs = oneOf(world, [1, 10, 40, 120])
  return {
    ...{ k, n },
    tasks: world.integer(3, 9),
    sellers: Math.max(4, n + world.integer(0, 1)),
    credit: world.integer(1, 3),
    pace: oneOf(world, [1, 4, 8]),
    saves: false,
    link: {
      ...LAN,
      latencyMs,
      jitterMs: world.integer(1, 40),
      bytesPerSecond: oneOf(world, [60_000, 12_500_000]),
    },
    chain: { blockMs: 2_000, settleBlocks: 30, leaseBlocks: oneOf(world, [40, 300]), openSeconds: 300 },
    cheats: [],
    faults: [],
    domains: [],
    allows: {},
  }
}

/** Returns one of some things. */
export function oneOf<T>(world: World, things: readonly T[]): T {
  const thing = things[world.integer(0, things.length - 1)]
  if (thing === undefined) throw new Error('one is drawn of at least one')
  return thing
}

/** Returns a moment at which a fault begins. */
export function moment(world: World): number {
  return world.integer(0, FAULTS_BEGIN_MS)
}

/** Returns so many different providers, by number. */
export function someOf(world: World, sellers: number, count: number): number[] {
  const left = Array.from({ length: sellers }, (_, at) => at + 1)
  return Array.from({ length: count }, () => left.splice(world.integer(0, left.length - 1), 1)).flat()
}

/** Makes one to `most` faults, each of somebody. */
export function faults(world: World, most: number, make: (atMs: number) => Fault): Fault[] {
  return Array.from({ length: world.integer(1, most) }, () => make(moment(world)))
}

/** Makes each of some providers cheat. */
export function cheats(who: readonly number[], make: (who: number) => Cheat): Cheat[] {
  return who.map(make)
}
