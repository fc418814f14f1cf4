import type { Stretch } from '@souk/engine/testing'
import { World } from '@souk/engine/testing'
import { oneOf, someOf } from './draw.ts'
import type { UptimeScenario } from './uptime.ts'

/** A family of epochs under watch. */
interface UptimeFamily {
  readonly happens: string
  readonly expected: string
  /** Watchers of one hand, of three. */
  readonly liars: number
  /** Watchers are cut off and crash. */
  readonly troubled: boolean
}

const FAIR = 'nobody pays for a slot in which it answered'
const WATCHERS = 3
/** Milliseconds of the epoch that is looked at, and some before it. */
const EPOCH_LASTS = 40_000

/** Every family, by name. */
export const UPTIME_FAMILIES: Readonly<Record<string, UptimeFamily>> = {
  uptime: {
    happens: 'providers are away for a while, and watchers are cut off and crash',
    expected: FAIR,
    liars: 0,
    troubled: true,
  },
  'watchers-lie': {
    happens: 'watchers with fewer seats than a quorum say that everybody is down, or up',
    expected: `${FAIR}; every slot of an outage is found where the others are a quorum`,
    liars: 1,
    troubled: false,
  },
  'watchers-lie-many': {
    happens: 'two of three watchers say that everybody is down: more than the court is made for',
    expected: 'whoever they watch pays, up to its bond',
    liars: WATCHERS - 1,
    troubled: true,
  },
}

/** Returns one scenario of a family: equal seeds give equal scenarios. */
export function uptimeScenario(family: string, seed: number): UptimeScenario {
  const drawn = UPTIME_FAMILIES[family]
  if (drawn === undefined)
    throw new Error(`expected one of ${Object.keys(UPTIME_FAMILIES).join(', ')}, got ${family}`)
  const world = new World(seed)
  const { liars, troubled } = drawn
  const plan = {
    seed,
    slotBlocks: 2,
    subjects: 3,
    watchers: WATCHERS,
    outages: stretches(world, 1, 2),
    cuts: troubled ? stretches(world, WATCHERS, 3) : [],
    crashes: troubled ? crashes(world) : [],
  }
  const says = liars > 1 ? 'down' : oneOf(world, ['down', 'up'] as const)
  return { family, seed, plan, says, liars: someOf(world, WATCHERS, liars).map((number) => number - 1) }
}

function stretches(world: World, parties: number, most: number): Stretch[] {
  return Array.from({ length: world.integer(1, most) }, () => {
    const fromMs = world.integer(0, EPOCH_LASTS)
    return { who: world.integer(0, parties - 1), fromMs, untilMs: fromMs + world.integer(1_000, 15_000) }
  })
}

function crashes(world: World) {
  return Array.from({ length: world.integer(0, 3) }, () => ({
    who: world.integer(0, WATCHERS - 1),
    atMs: world.integer(0, EPOCH_LASTS),
    effects: world.integer(0, 8),
    downMs: world.integer(0, 6_000),
  }))
}
