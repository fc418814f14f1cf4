import type { Context, SettlementMemory } from '@souk/engine'
import { contextOf, MemoryJournal, type SellerProcess, type Wire } from '@souk/engine/testing'
import type { Hex } from '@souk/protocol'
import type { Fault } from './scenario.ts'
import type { WatchingBuyer } from './watching-buyer.ts'

/** The machine, the keys and the disk of a process, which outlive it; 0 is the requester's number. */
export interface Party<P> {
  readonly who: number
  process: P | null
  context: Context
  readonly journal: MemoryJournal
  boots: number
  /** Until when it hears nothing from the chain. */
  deafMs: number
  /** Until when something was wrong with it. */
  unwellMs: number
  /** What its process is about to be killed by. */
  kill: Extract<Fault, { kind: 'kill' }> | null
  /** Until when it is down at least, and until when its disk is full. */
  upMs: number
  fullMs: number
  /** It never comes back. */
  isGone: boolean
  /** What it remembers of each lease between two looks at the chain. */
  memories: Map<Hex, SettlementMemory>
  wires: Set<Wire>
}

/** The requester. */
export type Buyer = Party<WatchingBuyer>

/** A provider. */
export interface Seller extends Party<SellerProcess> {
  /** Checkpoints that its store has pinned, by attempt. */
  readonly shelves: Map<string, Set<string>>
}

/** Makes a party whose process does not run yet; `watch` sees what it writes. */
export function newParty<P>(who: number, watch: ConstructorParameters<typeof MemoryJournal>[0]): Party<P> {
  return {
    who,
    process: null,
    context: contextOf(who + 1, 1),
    journal: new MemoryJournal(watch),
    boots: 1,
    deafMs: 0,
    unwellMs: Number.NEGATIVE_INFINITY,
    kill: null,
    upMs: 0,
    fullMs: 0,
    isGone: false,
    memories: new Map(),
    wires: new Set(),
  }
}
