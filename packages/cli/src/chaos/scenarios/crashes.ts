import { setTimeout as pause } from 'node:timers/promises'
import { acceptedAttempts, busy, type JobPlan, type PlayedJob, playJob, WHOLE } from '../job.ts'
import type { Facts, Scenario } from '../scenario.ts'
import { seeded } from '../seeded.ts'
import { failed, until } from '../until.ts'
import type { World } from '../world.ts'

/** Milliseconds of a stop that is no death: below the shortest silence after which a provider is given up. */
const SHORT_STOP_MS = 2_500
/** Share of the providers that fail at once, rounded up. */
const CROWD_SHARE = 0.3
/** How many of the five share the fate of one rack. */
const RACK = 3
const PLAN: JobPlan = { tasks: 20, mebibytes: 48, k: 1, n: 1, leases: 3 }
const QUORUM: JobPlan = { tasks: 14, mebibytes: 48, k: 2, n: 3, leases: 5 }
const KILL = 'SIGKILL to the process'

/** Providers and requesters whose processes die, stand still or leave. */
export const CRASHES: readonly Scenario[] = [
  {
    name: 'kill-provider',
    what: 'a provider is killed in the middle of a task',
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, 'leases lost': 1, 'tasks elsewhere': { atLeast: 1 } },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await leased(job, world)
        await busy(world, job, victim)
        tell(`killing ${victim} while it works`)
        await world.child(victim).kill()
        await until('its lease is over', () => job.lost().length > 0)
        return { 'leases lost': new Set(job.lost()).size, ...(await movedFrom(job)) }
      }),
  },
  {
    name: 'kill-busiest',
    what: 'the provider with the most leases is killed while three jobs run',
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, 'other jobs': 'done', 'leases lost': { atLeast: 2 } },
    play: killBusiest,
  },
  {
    name: 'stop-short',
    what: `a provider stands still for ${SHORT_STOP_MS / 1000} s and goes on`,
    means: 'SIGSTOP, SIGCONT',
    world: 'crowd',
    expected: { ...WHOLE, 'leases lost': 0 },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await leased(job, world)
        await busy(world, job, victim)
        tell(`stopping ${victim} for ${SHORT_STOP_MS / 1000} s`)
        await stopFor(world, victim, () => pause(SHORT_STOP_MS))
        await until('more is accepted', () => job.accepted() === PLAN.tasks)
        return { 'leases lost': job.lost().length }
      }),
  },
  {
    name: 'stop-long',
    what: 'a provider stands still until others have its tasks, and then goes on',
    means: 'SIGSTOP, SIGCONT',
    world: 'crowd',
    expected: { ...WHOLE, 'tasks elsewhere': { atLeast: 1 }, 'fenced results accepted': 0 },
    play: stopLong,
  },
  {
    name: 'kill-domain',
    what: `${RACK} of five providers, all that share one rack, are killed at once`,
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, killed: RACK },
    play: (world, tell) => killSome(world, RACK, tell),
  },
  {
    name: 'kill-30-percent',
    what: 'three in ten of all providers, drawn by the seed, are killed at once',
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, killed: Math.ceil(5 * CROWD_SHARE) },
    play: (world, tell) => killSome(world, Math.ceil(world.names.length * CROWD_SHARE), tell),
  },
  {
    name: 'kill-standby',
    what: 'a provider is killed, and then the one that took over its tasks, at once',
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, 'leases lost': { atLeast: 2 } },
    play: killStandby,
  },
  {
    name: 'drain',
    what: 'a provider leaves while it works: what runs on it may end',
    means: 'souk-provider stop',
    world: 'crowd',
    expected: { ...WHOLE, 'leases lost': 0, ended: true },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        const victim = await leased(job, world)
        await busy(world, job, victim)
        tell(`asking ${victim} to leave`)
        const child = world.child(victim)
        await world.ask(victim, 'drain')
        await world.ask(victim, 'shutdown')
        await until(`${victim} has ended`, () => !child.isRunning())
        return { 'leases lost': job.lost().length, ended: !child.isRunning() }
      }),
  },
  {
    name: 'kill-requester',
    what: 'the requester is killed in the middle of its job, and started again',
    means: KILL,
    world: 'crowd',
    expected: { ...WHOLE, 'accepted before': { atLeast: 1 } },
    play: (world, tell) =>
      playJob(world, PLAN, async (job) => {
        await until('some results are accepted', () => job.accepted() > PLAN.tasks / 4)
        tell('killing the agent, and starting it again over its journal')
        await world.child('agent').kill()
        await world.restart('agent')
        return { 'accepted before': job.accepted() }
      }),
  },
]

/** Waits for the first leases, and returns the provider of one of them. */
async function leased(job: PlayedJob, world: World): Promise<string> {
  const lease = await until('a lease is active', () => job.of('dispatched')[0]?.lease)
  const found = job.of('lease').find((one) => one.lease === lease)
  if (found === undefined) throw failed('nobody was leased')
  return world.nameOf(found.subject)
}

async function movedFrom(job: PlayedJob): Promise<Facts> {
  await until('its tasks run elsewhere', () => job.takenAway().length > 0)
  return { 'tasks elsewhere': new Set(job.takenAway()).size }
}

async function stopFor(world: World, name: string, meanwhile: () => Promise<unknown>): Promise<void> {
  world.signal(name, 'SIGSTOP')
  try {
    await meanwhile()
  } finally {
    world.signal(name, 'SIGCONT')
  }
}

async function stopLong(world: World, tell: (sentence: string) => void): Promise<Facts> {
  let job: PlayedJob | undefined
  let fenced: readonly string[] = []
  const facts = await playJob(world, PLAN, async (started) => {
    job = started
    const victim = await leased(started, world)
    await busy(world, started, victim)
    tell(`stopping ${victim} until its tasks are elsewhere`)
    await stopFor(world, victim, () => movedFrom(started))
    tell(`${victim} goes on, with results that nobody waits for`)
    fenced = started.takenAway()
    return { 'tasks elsewhere': fenced.length }
  })
  const used = await acceptedAttempts(world, job?.id ?? '')
  return { ...facts, 'fenced results accepted': fenced.filter((attempt) => used.has(attempt)).length }
}

/** Kills so many providers that work for a job of a quorum, all within one turn. */
async function killSome(world: World, count: number, tell: (sentence: string) => void): Promise<Facts> {
  const random = seeded(world.seed)
  const drawn = world.names
    .map((name) => ({ name, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ name }) => name)
  return playJob(world, QUORUM, async (job) => {
    await until('results come in', () => job.accepted() > 0)
    tell(`killing ${drawn.join(', ')} at once`)
    const children = drawn.map((name) => world.child(name))
    await Promise.all(children.map((child) => child.kill()))
    return { killed: children.filter((child) => !child.isRunning()).length }
  })
}

async function killStandby(world: World, tell: (sentence: string) => void): Promise<Facts> {
  return playJob(world, { ...PLAN, leases: 4 }, async (job) => {
    const first = await leased(job, world)
    await busy(world, job, first)
    tell(`killing ${first}`)
    await world.child(first).kill()
    const second = await until('another took over', () => successor(world, job, first))
    tell(`killing ${second}, which has just taken over`)
    await world.child(second).kill()
    await until('both leases are lost', () => new Set(job.lost()).size >= 2)
    return { 'leases lost': new Set(job.lost()).size }
  })
}

/** Names who was given an attempt that another had lost. */
function successor(world: World, job: PlayedJob, gone: string): string | undefined {
  const again = job.of('dispatched').filter(({ attempts }) => attempts.some((one) => !one.endsWith('.1')))
  const names = again.map(({ lease }) => {
    const subject = job.of('lease').find((one) => one.lease === lease)?.subject
    return subject === undefined ? gone : world.nameOf(subject)
  })
  return names.find((name) => name !== gone)
}

/** Runs three jobs, and kills who has the most leases of all. */
async function killBusiest(world: World, tell: (sentence: string) => void): Promise<Facts> {
  const small = { ...PLAN, tasks: 12, leases: 2 }
  const others: Facts[] = []
  const facts = await playJob(world, small, async (first) => {
    const second = playJob(world, small, async (job) => {
      const third = playJob(world, small, async (last) => {
        const busiest = await mostLeased(world)
        tell(`killing ${busiest.name}, which works for ${busiest.leases} leases`)
        await world.child(busiest.name).kill()
        const lost = () => [first, job, last].flatMap((one) => one.lost())
        await until('its leases are over', () => lost().length >= 2)
        return { 'leases lost': lost().length }
      })
      return third
    })
    const inner = await second
    others.push(inner)
    return { 'leases lost': inner['leases lost'] ?? 0 }
  })
  return {
    ...facts,
    'other jobs': others.every(({ job, right }) => job === 'done' && right === 'all') ? 'done' : 'not done',
  }
}

async function mostLeased(world: World): Promise<{ name: string; leases: number }> {
  return until('somebody has two leases', async () => {
    const held = await Promise.all(
      world.names.map(async (name) => {
        const { leases } = await world.status(name)
        return {
          name,
          leases: leases.filter(({ running, earned }) => running > 0 && earned > 0n).length,
        }
      }),
    )
    const [most] = held.sort((a, b) => b.leases - a.leases)
    return most !== undefined && most.leases >= 2 && most
  })
}
