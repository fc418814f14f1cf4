import { setTimeout as pause } from 'node:timers/promises'
import type { Head } from '@souk/engine'
import { type JobPlan, type PlayedJob, playJob, WHOLE } from '../job.ts'
import { ANYONE, type LinkRule } from '../link.ts'
import { startRpcFaults } from '../rpc-faults.ts'
import type { Facts, Scenario } from '../scenario.ts'
import { failed, until } from '../until.ts'
import type { World } from '../world.ts'

const PLAN: JobPlan = { tasks: 24, mebibytes: 48, k: 1, n: 1, leases: 2 }
/** Long enough that there is work to do when the chain goes and all leases are known to be open. */
const LONG_PLAN: JobPlan = { ...PLAN, tasks: 60 }
/** Milliseconds without a chain: what is not known to be open is paid for 10 s, and served unpaid for 5 s and 30 s. */
const UNKNOWN_MS = 60_000
/** Blocks on top of the one that opened a lease by which its requester has looked at it. */
const LOOKED_BLOCKS = 2
/** Share of the calls that a faulty endpoint answers badly. */
const RPC_FAULTS = 0.3
const AGENT = 'agent'
const REFUSED: LinkRule = { from: ANYONE, to: 'chain', refused: true }

/** A chain that is away, stands still, or answers badly while jobs run. */
export const CHAIN_FAULTS: readonly Scenario[] = [
  {
    name: 'chain-gone',
    what: 'the chain refuses all connections while a job runs, and comes back',
    means: 'TCP relay between the processes',
    world: 'links',
    expected: { ...WHOLE, 'accepted without it': { atLeast: 1 }, 'leases lost': 0 },
    play: (world, tell) =>
      withoutChain(world, tell, {
        take: () => world.relay.rule(REFUSED),
        giveBack: () => world.relay.rule(),
      }),
  },
  {
    name: 'rpc-lies',
    what: `${RPC_FAULTS * 100} % of the answers of the RPC endpoint are errors, nonsense or missing`,
    means: 'HTTP server before the endpoint',
    world: 'links',
    expected: { ...WHOLE, 'bad answers': { atLeast: 10 } },
    play: rpcLies,
  },
  {
    name: 'chain-stalled',
    what: 'the chain stands still while a job runs, and goes on',
    means: 'SIGSTOP, SIGCONT to the chain',
    world: 'links',
    expected: { ...WHOLE, 'accepted without it': { atLeast: 1 }, 'leases lost': 0 },
    play: (world, tell) => withoutChain(world, tell, stalling(world)),
  },
  {
    name: 'chain-stalled-early',
    what: 'the chain stands still for a minute from before anybody knows that the leases of a job are open',
    means: 'SIGSTOP, SIGCONT to the chain',
    world: 'links',
    expected: { ...WHOLE, 'leases ended without it': 0 },
    play: stallEarly,
  },
]

/** How the chain is taken away, and given back. */
interface Taking {
  take(): void
  giveBack(): void
}

function stalling(world: World): Taking {
  const { pid } = world.market.chain
  return { take: () => process.kill(pid, 'SIGSTOP'), giveBack: () => process.kill(pid, 'SIGCONT') }
}

async function withoutChain(world: World, tell: (sentence: string) => void, taking: Taking): Promise<Facts> {
  return playJob(world, LONG_PLAN, async (job) => {
    await until('both sides know that leases are open', () => areKnownOpen(world, job))
    const before = job.accepted()
    await deprived(tell, taking, () =>
      until('every result is accepted', () => job.accepted() === LONG_PLAN.tasks),
    )
    return { 'accepted without it': job.accepted() - before, 'leases lost': job.lost().length }
  })
}

function stallEarly(world: World, tell: (sentence: string) => void): Promise<Facts> {
  return playJob(world, PLAN, async (job) => {
    await until('a lease is agreed on', () => job.of('lease').length > 0)
    const ended = await deprived(tell, stalling(world), async () => {
      await pause(UNKNOWN_MS)
      return job.of('finished').length > 0 ? 0 : job.of('lease-over').length
    })
    await until('every result is accepted', () => job.accepted() === PLAN.tasks)
    return { 'leases ended without it': ended }
  })
}

/** Takes the chain away for as long as `meanwhile` takes. */
async function deprived<T>(
  tell: (sentence: string) => void,
  { take, giveBack }: Taking,
  meanwhile: () => Promise<T>,
): Promise<T> {
  tell('taking the chain away')
  take()
  try {
    return await meanwhile()
  } finally {
    tell('giving it back')
    giveBack()
  }
}

/** Tells whether the providers of all leases have seen them open, and the requester has surely looked, too. */
async function areKnownOpen(world: World, job: PlayedJob): Promise<boolean> {
  if (job.of('finished').length > 0) throw failed('the job was over before its leases were known to be open')
  const leases = job.of('lease')
  if (leases.length === 0) return false
  const { head } = await world.ask<{ head: Head | null }>(AGENT, 'status')
  const known = leases.map(async ({ lease, subject }) => {
    const { openBlock } = await world.reader.leaseState(lease)
    const { leases: sold } = await world.status(world.nameOf(subject))
    const isLooked = (head?.number ?? 0) >= openBlock + LOOKED_BLOCKS
    return isLooked && sold.some((one) => one.lease === lease && one.open)
  })
  return (await Promise.all(known)).every(Boolean)
}

async function rpcLies(world: World, tell: (sentence: string) => void): Promise<Facts> {
  const faults = await startRpcFaults(world.market.chain.rpcUrl, { seed: world.seed, share: RPC_FAULTS })
  try {
    tell('the endpoint begins to answer badly')
    world.relay.redirect(world.chainPort, faults.port)
    const facts = await playJob(world, PLAN, async () => undefined)
    return { ...facts, 'bad answers': faults.played() }
  } finally {
    world.relay.redirect(world.chainPort, undefined)
    await faults.stop()
  }
}
