import { neededCheckpoints } from '@souk/engine'
import { contextOf, readBuyer } from '@souk/engine/testing'
import type { Buyer, Seller } from './party.ts'
import { startSeller } from './provider-side.ts'
import { startBuyer } from './requester-side.ts'
import type { Fault } from './scenario.ts'
import type { Town } from './town.ts'

/** Lets a fault happen. */
export function strike(town: Town, fault: Fault): void {
  const { world, chain, trace } = town
  trace.note(world.nowMs, `strikes ${JSON.stringify(fault)}`)
  const party = fault.who === 0 ? town.buyer : town.sellers[fault.who - 1]
  if (fault.kind === 'stall') chain.stall(fault.forMs)
  else if (fault.kind === 'reorg') chain.reorganise(fault.depth)
  else if (party !== undefined) befall(town, party, fault)
}

function befall(town: Town, party: Buyer | Seller, fault: Fault): void {
  const { world, sellers } = town
  const { process } = party
  switch (fault.kind) {
    case 'kill':
      kill(town, party, fault)
      return
    case 'stop':
      unwell(party, world.nowMs + fault.forMs)
      process?.stop(fault.forMs)
      return
    case 'clock':
      unwell(party, world.nowMs)
      process?.jumpAhead(fault.byMs)
      return
    case 'cut':
      unwell(party, world.nowMs)
      for (const wire of party.wires) wire.cut()
      party.wires.clear()
      return
    case 'partition':
      unwell(party, world.nowMs + fault.forMs)
      return
    case 'full':
      fill(town, party, fault.forMs)
      return
    case 'deaf':
      party.deafMs = Math.max(party.deafMs, world.nowMs + fault.forMs)
      return
    case 'drain':
      unwell(party, world.nowMs + fault.seconds * 1_000)
      sellers[party.who - 1]?.process?.broadcast({ type: 'drain', seconds: fault.seconds })
      return
    default:
      return
  }
}

function unwell(party: Buyer | Seller, untilMs: number): void {
  party.unwellMs = Math.max(party.unwellMs, untilMs)
}

function kill(town: Town, party: Buyer | Seller, fault: Extract<Fault, { kind: 'kill' }>): void {
  const { process } = party
  if (process?.isAlive !== true) return
  party.kill = fault
  process.crashAfter(fault.effects, () => crashed(town, party))
}

/** Nobody hears that the machine is gone, and of what was not synced any part may be lost with it. */
function cutPower({ world, promises }: Town, party: Buyer | Seller): void {
  for (const wire of party.wires) wire.mute()
  party.journal.cutPower((unsynced) => world.integer(0, unsynced))
  if (party.who === 0) promises.audit.losesRows()
}

function fill(town: Town, party: Buyer | Seller, forMs: number): void {
  const { world } = town
  const { process, journal } = party
  if (process?.isAlive !== true) return
  party.fullMs = Math.max(party.fullMs, world.nowMs + forMs)
  journal.isFull = true
  process.onCrash(() => crashed(town, party))
  world.after(forMs, () => {
    journal.isFull = world.nowMs < party.fullMs
    comeBack(town, party)
  })
}

/** Takes in that a process has ended: it was killed, or could not write. */
function crashed(town: Town, party: Buyer | Seller): void {
  const { world } = town
  const { kill } = party
  party.kill = null
  town.trace.note(world.nowMs, `${party.who} ${kill === null ? 'cannot write' : 'is dead'}`)
  if (kill?.power === true) cutPower(town, party)
  died(town, party)
  party.isGone ||= kill?.downMs === null
  const downMs = kill?.downMs ?? 0
  party.upMs = world.nowMs + downMs
  world.after(downMs, () => comeBack(town, party))
}

/** Starts a process again once nothing keeps it down. */
function comeBack(town: Town, party: Buyer | Seller): void {
  const isUp = party.process?.isAlive === true || party.isGone
  if (isUp || party.journal.isFull || town.world.nowMs < party.upMs) return
  restart(town, party)
}

/** Notes when a provider can have served last; it is unwell until it runs again. */
function died({ sold, world }: Town, party: Buyer | Seller): void {
  unwell(party, Number.POSITIVE_INFINITY)
  party.wires.clear()
  for (const one of sold.values()) if (one.seller === party) one.untilMs ??= world.nowMs
}

function restart(town: Town, party: Buyer | Seller): void {
  const { world, chain, store } = town
  party.boots += 1
  party.context = contextOf(party.who + 1, party.boots)
  party.unwellMs = world.nowMs
  party.memories = new Map()
  town.trace.note(world.nowMs, `${party.who} starts again`)
  const seller = town.sellers[party.who - 1]
  if (seller !== undefined) {
    startSeller(town, seller)
    return
  }
  const { job, leases } = readBuyer(party.journal, chain.head, world.nowMs)
  const needed = job.tasks.flatMap((task) => neededCheckpoints(task).map((cid) => `${task.index}/${cid}`))
  for (const key of needed) town.promises.audit.expect(store.has(key), `${key} is a row and not in the store`)
  for (const key of [...store]) if (!needed.includes(key)) store.delete(key)
  startBuyer(town, job, leases)
  // A job that is over needs its leases no more.
  if (job.row.state !== 'running') town.buyer.process?.broadcast({ type: 'close' })
}
