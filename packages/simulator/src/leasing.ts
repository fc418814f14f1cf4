import { isOver, purchases, put, sales } from '@souk/engine'
import { leaseRows, NETWORK, quoteOf, type Wire } from '@souk/engine/testing'
import { leaseOf } from '@souk/protocol'
import type { Seller } from './party.ts'
import type { Town } from './town.ts'

/** What is locked besides the deposit, in base units, so that both sides have money in the escrow. */
const BOND = 5_000n

/** Leases again from every provider that the requester has no lease of. */
export function leaseMore(town: Town): void {
  const open = [...town.buyer.journal.all(purchases).values()].filter(({ phase }) => !isOver(phase))
  const held = new Set(open.map(({ lease }) => town.sold.get(lease)?.seller.who))
  for (const seller of town.sellers) if (!held.has(seller.who)) leaseFrom(town, seller)
}

/** Leases from a provider, where the two can talk and write. */
export function leaseFrom(town: Town, seller: Seller): void {
  const { buyer, world, scenario, chain } = town
  if (!canTalk(town, seller) || buyer.process?.isAlive !== true) return
  if (buyer.journal.isFull || seller.journal.isFull) return
  const { leaseBlocks, openSeconds } = scenario.chain
  const quote = quoteOf(buyer.context, seller.context, town.sold.size, {
    bond: BOND,
    blocks: leaseBlocks,
    openBefore: chain.head.timestampSeconds + openSeconds,
  })
  const lease = leaseOf(NETWORK, quote)
  const rows = leaseRows(buyer.context, seller.context, quote)
  const purchase = { ...rows.purchase, peerId: String(seller.who) }
  buyer.journal.commit([put(purchases, lease, purchase)], 'synced')
  seller.journal.commit([put(sales, lease, rows.sale)], 'synced')
  town.sold.set(lease, { seller, fromMs: world.nowMs, untilMs: null })
  const wire = connect(town, seller)
  const domain = scenario.domains[seller.who - 1] ?? `net:${seller.who}`
  buyer.process.watch(String(seller.who), lease, [domain], seller.context.boot)
  buyer.process.begin(purchase, chain.head, wire.ends[0])
  seller.process?.begin(rows.sale, chain.head, wire.ends[1])
}

/** Tells whether requester and provider can set up a connection now. */
export function canTalk({ network, world, buyer }: Town, { who, process }: Seller): boolean {
  const isThere = process?.isAlive === true && !process.isStopped && buyer.process?.isStopped === false
  return isThere && network.isOpen(0, who, world.nowMs)
}

/** Connects the requester with a provider; its detector and the trace hear what happens there. */
export function connect(town: Town, seller: Seller): Wire {
  const { network, buyer, trace, world } = town
  const peer = String(seller.who)
  const wire = network.connect([0, seller.who], {
    heard: (at, frame, bytes) => {
      trace.note(world.nowMs, `${at} hears ${frame.t} with ${seller.who}`, bytes)
      if (at !== 0) return
      if (frame.t === 'beat') buyer.process?.post({ type: 'beat', peer, progress: null, faulty: false })
      if (frame.t === 'started' || frame.t === 'resumed') buyer.process?.up(peer, frame.boot)
    },
    closed: (at) => {
      trace.note(world.nowMs, `${at} loses its connection with ${seller.who}`)
      if (at === 0) buyer.process?.post({ type: 'closed', peer, byUs: false })
    },
  })
  for (const party of [buyer, seller]) party.wires.add(wire)
  return wire
}
