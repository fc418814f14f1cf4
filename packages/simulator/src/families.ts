import { World } from '@souk/engine/testing'
import { sha256, toHex, utf8 } from '@souk/protocol'
import { type Draft, drawCalm, faults, moment, oneOf, someOf } from './draw.ts'
import { ANYBODY, anything, cutOff, killed, SELLER, together } from './fault-draws.ts'
import type { Scenario } from './scenario.ts'

/** A family of scenarios: what goes wrong in them, and what is to come of it. */
export interface Family {
  readonly happens: string
  readonly expected: string
  readonly draw: (world: World, calm: Draft) => Partial<Draft>
}

const DONE = 'the job ends right, all money where it belongs'

/** Every family, by name. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  calm: { happens: 'nothing', expected: DONE, draw: () => ({}) },
  'kill-provider': {
    happens: 'providers are killed between any two effects and start again',
    expected: DONE,
    draw: (world, calm) => ({ faults: faults(world, 4, (atMs) => killed(world, SELLER(world, calm), atMs)) }),
  },
  'kill-requester': {
    happens: 'the requester is killed between any two effects and starts again',
    expected: DONE,
    draw: (world) => ({ faults: faults(world, 3, (atMs) => killed(world, 0, atMs)) }),
  },
  power: {
    happens: 'power is cut: what was not synced is gone, and nobody is told',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 4, (atMs) => {
        const who = oneOf(world, [0, ANYBODY(world, calm)])
        return { ...killed(world, who, atMs), downMs: world.integer(100, 5_000), power: true }
      }),
    }),
  },
  stop: {
    happens: 'processes stand still for up to 20 s (SIGSTOP)',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 4, (atMs) => {
        return { kind: 'stop', atMs, who: ANYBODY(world, calm), forMs: world.integer(500, 20_000) }
      }),
    }),
  },
  partition: {
    happens: 'providers or the requester are cut off, both ways, for up to 20 s',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 3, (atMs) => cutOff(world, ANYBODY(world, calm), atMs, 'both')),
    }),
  },
  'one-way': {
    happens: 'the same, one way only',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 3, (atMs) =>
        cutOff(world, ANYBODY(world, calm), atMs, oneOf(world, ['from', 'to'] as const)),
      ),
    }),
  },
  'broken-streams': {
    happens: 'connections break again and again',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 40, (atMs) => ({ kind: 'cut', atMs, who: SELLER(world, calm) })),
    }),
  },
  'loss-3': {
    happens: 'every link loses 3 % in bursts',
    expected: `${DONE}; nobody is called dead`,
    draw: (_, calm) => ({ link: { ...calm.link, lossPercent: 3, burstMs: 150 } }),
  },
  'loss-10': {
    happens: 'every link loses 10 % in long bursts',
    expected: DONE,
    draw: (_, calm) => ({
      link: { ...calm.link, lossPercent: 10, burstMs: 600 },
      allows: { falseDeaths: true },
    }),
  },
  slow: {
    happens: 'some providers take up to 38 times as long',
    expected: DONE,
    draw: (world, calm) => ({
      // Within the deadline of an attempt, for who is slower than that says that the program is at fault.
      pace: 1,
      cheats: someOf(world, calm.sellers, world.integer(1, calm.sellers - calm.k)).map((who) => {
        return { kind: 'slow', who, times: world.integer(5, 38) }
      }),
    }),
  },
  'disk-full': {
    happens: 'disks are full: who cannot write stops where it is',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 3, (atMs) => {
        return { kind: 'full', atMs, who: ANYBODY(world, calm), forMs: world.integer(500, 15_000) }
      }),
    }),
  },
  clock: {
    happens: 'clocks jump ahead by up to a minute',
    expected: DONE,
    draw: (world, calm) => ({
      faults: faults(world, 4, (atMs) => {
        return { kind: 'clock', atMs, who: ANYBODY(world, calm), byMs: world.integer(300, 60_000) }
      }),
    }),
  },
  'chain-stall': {
    happens: 'the chain makes no blocks for up to two minutes, or is not heard',
    expected: `${DONE}; a lease that is not opened in time ends and is not paid beyond its start`,
    draw: (world, calm) => ({
      faults: [
        { kind: 'stall', atMs: moment(world), who: 0, forMs: world.integer(10_000, 120_000) },
        { kind: 'deaf', atMs: moment(world), who: ANYBODY(world, calm), forMs: world.integer(1_000, 20_000) },
      ],
      allows: { unpaid: true },
    }),
  },
  reorg: {
    happens: 'up to three blocks give way to others, again and again',
    expected: DONE,
    draw: (world) => ({
      faults: faults(world, 8, (atMs) => ({ kind: 'reorg', atMs, who: 0, depth: world.integer(1, 3) })),
    }),
  },
  drain: {
    happens: 'providers are told to leave',
    expected: DONE,
    draw: (world, calm) => ({
      faults: someOf(world, calm.sellers, calm.sellers - calm.k).map((who) => {
        return { kind: 'drain', atMs: moment(world), who, seconds: world.integer(0, 20) }
      }),
    }),
  },
  'requester-gone': {
    happens: 'the requester never comes back',
    expected: 'every provider ends its leases and gets what it holds vouchers for',
    draw: (world) => ({
      faults: [{ ...killed(world, 0, moment(world)), downMs: null, power: oneOf(world, [true, false]) }],
      allows: { unfinished: true },
    }),
  },
  domain: {
    happens: 'all of one failure domain are cut off or lose their power at once',
    expected: DONE,
    draw: (world, calm) => {
      const half = Math.floor(calm.sellers / 2)
      const domains = Array.from({ length: calm.sellers }, (_, at) => (at < half ? 'net:one' : `net:${at}`))
      return {
        domains,
        faults: together(
          world,
          Array.from({ length: half }, (_, at) => at + 1),
        ),
      }
    },
  },
  third: {
    happens: '30 % of ten providers at once are cut off or lose their power',
    expected: DONE,
    draw: (world) => ({ sellers: 10, faults: together(world, someOf(world, 10, 3)) }),
  },
  'progress-lies': {
    happens: 'providers say that they work and do not',
    expected: DONE,
    draw: (world, calm) => ({
      cheats: someOf(world, calm.sellers, 1).map((who) => {
        return { kind: 'idle', who, percent: oneOf(world, [30, 100]) }
      }),
    }),
  },
  failures: {
    happens: 'attempts fail on up to all providers',
    expected: DONE,
    draw: (world, calm) => ({
      cheats: someOf(world, calm.sellers, world.integer(1, calm.sellers)).map((who) => {
        return { kind: 'fail', who, percent: 20 }
      }),
    }),
  },
  'result-lies': {
    happens: 'fewer than k providers of one hand give wrong results',
    expected: `${DONE}; no wrong result is accepted, nobody honest is blamed`,
    draw: (world) => {
      const k = world.integer(2, 3)
      const liars = someOf(world, k + 3, k - 1)
      return {
        k,
        n: 2 * k - 1,
        sellers: k + 3,
        cheats: liars.map((who) => ({ kind: 'wrong', who, hand: 1 })),
      }
    },
  },
  'result-lies-many': {
    happens: 'k providers of one hand give wrong results: more than a quorum is made for',
    expected: 'the job ends and money is where it belongs; results may be wrong',
    draw: (world) => {
      const liars = someOf(world, 5, 2)
      const cheats = liars.map((who) => ({ kind: 'wrong', who, hand: 1 }) as const)
      return { k: 2, n: 3, sellers: 5, cheats, allows: { wrong: true } }
    },
  },
  slander: {
    happens: 'two helpers say of everybody that they do not reach it, and others stand still',
    expected: `${DONE}; nobody who is well is called dead`,
    draw: (world, calm) => {
      const [stopped, ...liars] = someOf(world, calm.sellers, 3)
      return {
        cheats: liars.map((who) => ({ kind: 'slander', who })),
        faults: [
          { kind: 'stop', atMs: moment(world), who: stopped ?? 1, forMs: world.integer(2_000, 12_000) },
        ],
      }
    },
  },
  checkpoints: {
    happens: 'programs save while they run, and everything else happens to them',
    expected: `${DONE}; work goes on from what was saved`,
    draw: (world, calm) => ({ saves: true, faults: faults(world, 5, (atMs) => anything(world, calm, atMs)) }),
  },
  storm: {
    happens: 'everything above at once, over links that lose 3 %, with fewer liars than k',
    expected: 'the job ends right, all money where it belongs',
    draw: (world, calm) => ({
      ...{ k: 2, n: 3 },
      link: { ...calm.link, lossPercent: 3, burstMs: 300 },
      cheats: [
        { kind: 'wrong', who: 1, hand: 1 },
        { kind: 'fail', who: 2, percent: 10 },
      ],
      faults: faults(world, 10, (atMs) => anything(world, calm, atMs)),
      allows: { falseDeaths: true },
    }),
  },
}

/** Returns one scenario of a family: equal seeds give equal scenarios. */
export function scenarioOf(name: string, seed: number): Scenario {
  const family = FAMILIES[name]
  if (family === undefined)
    throw new Error(`expected one of ${Object.keys(FAMILIES).join(', ')}, got ${name}`)
  // Seeds of two families draw nothing alike.
  const world = new World(Number.parseInt(toHex(sha256(utf8(`${name} ${seed}`))).slice(2, 10), 16))
  const calm = drawCalm(world)
  const drawn = { ...calm, ...family.draw(world, calm), family: name, seed }
  // Who cannot open a lease, because there are no blocks, cannot pay for it either.
  const isStalled = drawn.faults.some(({ kind }) => kind === 'stall')
  return isStalled ? { ...drawn, allows: { ...drawn.allows, unpaid: true } } : drawn
}
