import type { World } from '@souk/engine/testing'
import { type Draft, moment, oneOf } from './draw.ts'
import type { Fault } from './scenario.ts'

/** Draws the requester or a provider. */
export const ANYBODY = (world: World, { sellers }: Draft) => world.integer(0, sellers)
/** Draws a provider. */
export const SELLER = (world: World, { sellers }: Draft) => world.integer(1, sellers)

/** Kills somebody between two of its next effects. */
export function killed(world: World, who: number, atMs: number): Extract<Fault, { kind: 'kill' }> {
  const downMs = world.integer(100, 20_000)
  return { kind: 'kill', atMs, who, effects: world.integer(0, 60), downMs, power: false }
}

/** Cuts somebody off. */
export function cutOff(world: World, who: number, atMs: number, way: 'both' | 'from' | 'to'): Fault {
  return { kind: 'partition', atMs, who, forMs: world.integer(500, 20_000), way }
}

/** The same thing happens to all of them at the same moment. */
export function together(world: World, who: readonly number[]): Fault[] {
  const atMs = moment(world)
  const isCut = world.random() < 0.5
  const forMs = world.integer(5_000, 30_000)
  return who.map((one) =>
    isCut
      ? { kind: 'partition', atMs, who: one, forMs, way: 'both' }
      : { kind: 'kill', atMs, who: one, effects: 0, downMs: forMs, power: true },
  )
}

/** Draws any fault at all. */
export function anything(world: World, calm: Draft, atMs: number): Fault {
  const who = ANYBODY(world, calm)
  switch (world.integer(0, 8)) {
    case 0:
      return killed(world, who, atMs)
    case 1:
      return { ...killed(world, who, atMs), power: true }
    case 2:
      return { kind: 'stop', atMs, who, forMs: world.integer(500, 12_000) }
    case 3:
      return cutOff(world, who, atMs, oneOf(world, ['both', 'from', 'to'] as const))
    case 4:
      return { kind: 'full', atMs, who, forMs: world.integer(500, 8_000) }
    case 5:
      return { kind: 'clock', atMs, who, byMs: world.integer(300, 20_000) }
    case 6:
      return { kind: 'reorg', atMs, who, depth: world.integer(1, 3) }
    case 7:
      return { kind: 'stall', atMs, who, forMs: world.integer(5_000, 40_000) }
    default:
      return { kind: 'cut', atMs, who: SELLER(world, calm) }
  }
}
