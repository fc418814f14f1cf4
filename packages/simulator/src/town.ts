import { EXACT } from '@souk/availability'
import { isOver, jobs, newJob, purchases, put, sales } from '@souk/engine'
import { jobRow, type MemoryJournal, World } from '@souk/engine/testing'
import type { Hex } from '@souk/protocol'
import { ChainModel } from './chain-model.ts'
import { EscrowModel } from './escrow-model.ts'
import { strike } from './faults.ts'
import { leaseFrom } from './leasing.ts'
import { Network } from './network.ts'
import { type Buyer, newParty, type Seller } from './party.ts'
import { Promises } from './promises.ts'
import { startSeller } from './provider-side.ts'
import { startBuyer } from './requester-side.ts'
import { faultsEndMs, type Scenario } from './scenario.ts'
import { settlePurchases, settleSales } from './settling.ts'
import { Trace } from './trace.ts'

/** Milliseconds of virtual time between looks at whether all is over: a look decodes every row. */
const LOOK_MS = 1_000
/** Milliseconds after the last fault within which every job ends. */
export const JOB_ENDS_MS = 600_000
/** Milliseconds after that within which all money is where it belongs. */
const MONEY_SETTLES_MS = 300_000
/** Base units that a requester and each provider begin with. */
const FUNDS = 1_000_000_000n

/** A lease that was sold. */
interface Sold {
  readonly seller: Seller
  readonly fromMs: number
  /** Until when its provider's process lived; null while it does. */
  untilMs: number | null
}

/** One requester with one job, some providers, their network and a chain, in virtual time; faults as planned. */
export class Town {
  readonly scenario: Scenario
  readonly world: World
  readonly trace = new Trace()
  readonly promises: Promises
  readonly network: Network
  readonly chain: ChainModel
  readonly buyer: Buyer
  readonly sellers: readonly Seller[]
  readonly sold = new Map<Hex, Sold>()
  /** Checkpoints that the requester's store has pinned, as task/address. */
  readonly store = new Set<string>()
  /** When the job ended, and the state in which it did. */
  jobEnded: { readonly atMs: number; readonly state: string } | null = null

  constructor(scenario: Scenario) {
    this.scenario = scenario
    this.world = new World(scenario.seed)
    this.buyer = newParty(0, (write, before) => {
      this.trace.note(this.world.nowMs, `0 writes ${write.table} ${write.key}`, write.value ?? undefined)
      this.promises.buyerWrites(this.buyer.journal, write, before)
    })
    this.sellers = Array.from({ length: scenario.sellers }, (_, at) => {
      const party = newParty<NonNullable<Seller['process']>>(at + 1, (write, before) => {
        this.trace.note(
          this.world.nowMs,
          `${at + 1} writes ${write.table} ${write.key}`,
          write.value ?? undefined,
        )
        this.promises.audit.sellerWrites(write, before)
      })
      return { ...party, shelves: new Map() }
    })
    const accounts = [this.buyer, ...this.sellers].map(({ context }) => context.signer.address)
    const escrow = new EscrowModel(scenario.chain.settleBlocks, new Map(accounts.map((one) => [one, FUNDS])))
    this.promises = new Promises(scenario.allows, escrow.total)
    this.network = new Network(this.world, scenario.link, scenario.faults)
    this.chain = new ChainModel(this.world, scenario.chain, escrow, (calls) => this.#onBlock(calls.length))
  }

  /** Runs the job to its end and its leases to theirs, and looks at what is left. */
  run(): this {
    const { tasks, k, n, faults } = this.scenario
    const job = newJob({ ...jobRow(tasks, k, n), comparator: EXACT })
    this.buyer.journal.commit([put(jobs, job.row.id, job.row)], 'synced')
    for (const seller of this.sellers) startSeller(this, seller)
    startBuyer(this, job, [])
    for (const seller of this.sellers) leaseFrom(this, seller)
    for (const fault of faults) this.world.after(fault.atMs, () => strike(this, fault))
    let isDone = false
    this.world.every(LOOK_MS, () => {
      isDone = this.#look()
    })
    const mostMs = faultsEndMs(this.scenario) + JOB_ENDS_MS + MONEY_SETTLES_MS
    this.world.run(mostMs, () => isDone || this.promises.broken.length > 0)
    this.#inspect()
    return this
  }

  #onBlock(calls: number): void {
    const { head, escrow } = this.chain
    this.trace.note(this.world.nowMs, `block ${head.number} with ${calls}`)
    this.promises.holdsMoney(escrow)
    if (this.#hears(this.buyer)) settlePurchases(this.buyer, this.chain)
    for (const seller of this.sellers) if (this.#hears(seller)) settleSales(seller, this.chain)
  }

  #hears({ process, deafMs }: Buyer | Seller): boolean {
    return process?.isAlive === true && !process.isStopped && deafMs <= this.world.nowMs
  }

  /** Tells whether job, leases and money are where they are to be; who never comes back is not waited for. */
  #look(): boolean {
    const state = this.buyer.journal.one(jobs, 'job')?.state ?? 'lost'
    if (state !== 'running') this.jobEnded ??= { atMs: this.world.nowMs, state }
    const areOver = (journal: MemoryJournal) =>
      [...journal.all(purchases).values(), ...journal.all(sales).values()].every(({ phase }) => isOver(phase))
    const isQuiet = [this.buyer, ...this.sellers].every(({ isGone, journal }) => isGone || areOver(journal))
    const isSettled = [...this.chain.escrow.leases.values()].every(({ isClosed }) => isClosed)
    return isQuiet && isSettled && (this.jobEnded !== null || this.buyer.isGone)
  }

  #inspect(): void {
    const { promises, scenario, buyer, sellers, chain } = this
    const { audit } = promises
    if (promises.broken.length > 0) return
    audit.expect(this.#look(), 'the run ended, and job, leases or money did not')
    const boundMs = faultsEndMs(scenario) + JOB_ENDS_MS
    if (scenario.allows.unfinished !== true) {
      audit.expect(this.jobEnded?.state === 'done', `the job ended as ${this.jobEnded?.state}`)
      audit.expect((this.jobEnded?.atMs ?? boundMs) < boundMs, `the job took until ${this.jobEnded?.atMs} ms`)
      audit.hasQuorum(buyer.journal, scenario.k)
      audit.nothingKept(buyer.journal, this.store, sellers)
    }
    for (const [lease, { seller, fromMs, untilMs }] of this.sold) {
      promises.paid(lease, chain.escrow, (untilMs ?? this.world.nowMs) - fromMs, seller)
    }
  }
}
