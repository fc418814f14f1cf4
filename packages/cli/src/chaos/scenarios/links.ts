import { anyBusy, type JobPlan, type PlayedJob, playJob, WHOLE } from '../job.ts'
import { ANYONE, type LinkRule } from '../link.ts'
import type { Facts, Scenario } from '../scenario.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const PLAN: JobPlan = { tasks: 24, mebibytes: 48, k: 1, n: 1, leases: 2 }
const AGENT = 'agent'
const RELAY = 'TCP relay between the processes'
/** Of the slow peer: milliseconds by which each chunk is late, and bytes per second. */
const SLOW = { delayMs: 150, bytesPerSecond: 64 * 1024 } as const

/** Links between peers, and to the chain, that are cut, slow or lossy; a clock that jumps. */
export const LINKS: readonly Scenario[] = [
  partition('partition', 'a provider is cut off from everybody, the chain too, both ways', (victim) => [
    { from: victim, to: ANYONE, cut: true },
    { from: ANYONE, to: victim, cut: true },
  ]),
  partition(
    'partition-outbound',
    'nothing that a provider says arrives anywhere; it hears everything',
    (victim) => [{ from: victim, to: ANYONE, cut: true }],
  ),
  partition('partition-inbound', 'nothing reaches a provider; what it says arrives', (victim) => [
    { from: ANYONE, to: victim, cut: true },
  ]),
  partition(
    'partition-requester',
    'only the requester and one provider cannot reach each other',
    (victim) => [
      { from: victim, to: AGENT, cut: true },
      { from: AGENT, to: victim, cut: true },
    ],
  ),
  bad('loss-3-percent', 'all links lose 3 % of their segments, in bursts', { loss: 0.03 }),
  bad('loss-10-percent', 'all links lose 10 % of their segments, in bursts', { loss: 0.1 }),
  {
    name: 'slow-peer',
    what: `everything from and to one provider is ${SLOW.delayMs} ms late, at ${SLOW.bytesPerSecond / 1024} KiB/s`,
    means: RELAY,
    world: 'links',
    expected: { ...WHOLE, 'leases lost': 0 },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await anyBusy(world, job)
        tell(`slowing ${victim} down`)
        world.relay.rule({ from: victim, to: ANYONE, ...SLOW }, { from: ANYONE, to: victim, ...SLOW })
        return calm(world, job)
      }),
  },
  {
    name: 'clock-jump',
    what: 'the wall clock of a provider jumps ahead by an hour while it works, and back',
    means: 'a clock that is loaded before the process and jumps at SIGUSR2',
    world: 'links',
    expected: WHOLE,
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await anyBusy(world, job)
        tell(`the clock of ${victim} jumps`)
        world.signal(victim, 'SIGUSR2')
        await until('every result is accepted', () => job.accepted() === PLAN.tasks)
        world.signal(victim, 'SIGUSR2')
        return undefined
      }),
  },
]

/** Cuts the links of a provider by `rules` until the others have done its work, and mends them. */
function partition(name: string, what: string, rules: (victim: string) => readonly LinkRule[]): Scenario {
  return {
    name,
    what,
    means: RELAY,
    world: 'links',
    expected: { ...WHOLE, 'tasks elsewhere': { atLeast: 1 } },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await anyBusy(world, job)
        tell(`cutting the links of ${victim}`)
        world.relay.rule(...rules(victim))
        await until('its tasks run elsewhere', () => job.takenAway().length > 0)
        await until('every result is accepted', () => job.accepted() === PLAN.tasks)
        tell('mending them')
        world.relay.rule()
        return { 'tasks elsewhere': new Set(job.takenAway()).size }
      }),
  }
}

/** Lets all links of all peers lose segments for the time of a job. */
function bad(name: string, what: string, weather: { loss: number }): Scenario {
  return {
    name,
    what,
    means: `${RELAY}, which waits as TCP does for what was lost`,
    world: 'links',
    expected: { ...WHOLE, 'leases lost': 0 },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        tell('losing segments')
        world.relay.rule({ from: ANYONE, to: ANYONE, ...weather })
        return calm(world, job)
      }),
  }
}

async function calm(world: World, job: PlayedJob): Promise<Facts> {
  await until('every result is accepted', () => job.accepted() === PLAN.tasks)
  world.relay.rule()
  return { 'leases lost': job.lost().length }
}
