import type { DetectorEffect } from '@souk/availability'
import type { BuyerEffect, BuyerLease, Job, JobEffect } from '@souk/engine'
import type { End } from '@souk/engine/testing'
import type { Hex } from '@souk/protocol'
import { canTalk, connect, leaseMore } from './leasing.ts'
import type { Seller } from './party.ts'
import type { Town } from './town.ts'
import { WatchingBuyer } from './watching-buyer.ts'

/** Milliseconds after which what was wrong with a machine no longer excuses a verdict on it. */
const EXCUSE_MS = 15_000
/** One-way trips until an answer is here that somebody else had to ask for. */
const TRIPS = 4

/** Starts the requester's process with its job and its leases as they stand. */
export function startBuyer(town: Town, job: Job, leases: readonly BuyerLease[]): void {
  const { buyer, world, promises, store, scenario } = town
  buyer.process = new WatchingBuyer(
    {
      world,
      context: buyer.context,
      journal: buyer.journal,
      dial: (peer) => dial(town, peer),
      starved: () => leaseMore(town),
      store,
      serves: (peer, attempt, cid) => {
        const seller = sellerOf(town, peer)
        return seller !== undefined && canTalk(town, seller) && seller.shelves.get(attempt)?.has(cid) === true
      },
      report: (effect, lease) => {
        promises.buyerDoes(effect)
        if (effect.do === 'dispatch') promises.audit.goesOn(effect.assignments, store, scenario.k)
        if (effect.do === 'stand-by') leaseMore(town)
        tellDetector(town, effect, lease)
      },
      watch: (effect) => watch(town, effect),
    },
    job,
    leases,
  )
  for (const { purchase } of leases) {
    if (purchase.boot !== null) watchAgain(town, purchase.peerId, purchase.lease, purchase.boot)
  }
}

function watchAgain({ buyer, scenario }: Town, peer: string, lease: Hex, boot: Hex): void {
  buyer.process?.watch(peer, lease, [scenario.domains[Number(peer) - 1] ?? `net:${peer}`], boot)
  // There is no connection yet, by nobody's fault.
  buyer.process?.post({ type: 'closed', peer, byUs: true })
}

function sellerOf({ sellers }: Town, peer: string): Seller | undefined {
  return sellers[Number(peer) - 1]
}

function dial(town: Town, peer: string): End | null {
  const seller = sellerOf(town, peer)
  if (seller === undefined || !canTalk(town, seller)) return null
  const wire = connect(town, seller)
  seller.process?.accept(wire.ends[1])
  return wire.ends[0]
}

/** A close that the requester's own programs cause is no evidence; neither is a lease that is over. */
function tellDetector({ buyer, sold }: Town, effect: BuyerEffect | JobEffect, lease: Hex | null): void {
  const seller = lease === null ? undefined : sold.get(lease)?.seller
  if (seller === undefined || buyer.process === null) return
  const peer = String(seller.who)
  if (effect.do === 'hang-up') buyer.process.post({ type: 'closed', peer, byUs: true })
  if (effect.do === 'settle') buyer.process.post({ type: 'unwatch', peer })
}

/** Does what the detector asks for, with the delays of the network, and holds its verdicts against what is true. */
function watch(town: Town, effect: DetectorEffect): void {
  const { trace, world, promises } = town
  trace.note(world.nowMs, JSON.stringify(effect))
  if (effect.do === 'verdict') {
    const seller = sellerOf(town, effect.peer)
    if (seller !== undefined) promises.isFair(effect, seller.unwellMs + EXCUSE_MS < world.nowMs)
  }
  if (effect.do === 'probe') probe(town, effect)
  if (effect.do === 'reach') reach(town)
}

/** Asks the chain for anything at all. */
function reach({ buyer, network, world, scenario }: Town): void {
  const { process } = buyer
  if (buyer.deafMs > world.nowMs || !network.isOpen(0, CHAIN, world.nowMs)) return
  const tripMs = scenario.link.latencyMs + scenario.link.jitterMs
  world.after(2 * tripMs, () => {
    if (process?.isAlive === true) process.post({ type: 'answered', domains: [] })
  })
}

/** Whoever answers for the chain. */
const CHAIN = -1

function probe(town: Town, { peer, via }: Extract<DetectorEffect, { do: 'probe' }>): void {
  const { world, network, scenario, buyer } = town
  const [suspect, helper] = [sellerOf(town, peer), sellerOf(town, via)]
  const { process } = buyer
  if (suspect === undefined || helper === undefined) return
  const tripMs = scenario.link.latencyMs + scenario.link.jitterMs
  world.after(TRIPS * tripMs, () => {
    const isThere = (one: Seller) => one.process?.isAlive === true && !one.process.isStopped
    if (process?.isAlive !== true || !isThere(helper) || !network.isOpen(0, helper.who, world.nowMs)) return
    const slanders = scenario.cheats.some(({ kind, who }) => kind === 'slander' && who === helper.who)
    const reached = !slanders && isThere(suspect) && network.isOpen(helper.who, suspect.who, world.nowMs)
    process.post({ type: 'probed', peer, via, reached })
  })
}
