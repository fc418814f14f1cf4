import { byTolerance, EXACT } from '@souk/availability'
import { type Hex, leaseOf, type Quote } from '@souk/protocol'
import { neededCheckpoints } from '../job-checkpoints.ts'
import { newJob } from '../job-state.ts'
import { payable } from '../payment.ts'
import type { Context, Head } from '../program.ts'
import { isOver, jobs, type Opening, purchases, put, sales } from '../records.ts'
import { BuyerProcess } from './buyer-process.ts'
import { MarketAudit } from './market-audit.ts'
import type { Fault, MarketPlan } from './market-plan.ts'
import { MemoryJournal } from './memory-journal.ts'
import { contextOf, jobRow, leaseRows, NETWORK, quoteOf } from './parties.ts'
import { readBuyer } from './recover-buyer.ts'
import { SellerProcess } from './seller-process.ts'
import { connect, type Wire } from './wire.ts'
import { World } from './world.ts'

/** Milliseconds between blocks of the simulated chain, and the time of its first. */
const BLOCK_MS = 2_000
const GENESIS_SECONDS = 1_000
/** Milliseconds between looks at whether all is over: a look decodes every row. */
const LOOK_MS = 1_000
/** Milliseconds of virtual time after which a run is broken off. */
const MOST_MS = 600_000

interface Party<P> {
  process: P | null
  context: Context
  readonly journal: MemoryJournal
  boots: number
  /** Until when it hears nothing from the chain. */
  deafMs: number
}

interface Seller extends Party<SellerProcess> {
  wire: Wire | null
  /** Until when connections to it carry nothing. */
  muteMs: number
  /** Checkpoints that its store has pinned, by attempt. */
  readonly shelves: Map<string, Set<string>>
}

interface LeaseOnChain {
  readonly seller: number
  readonly quote: Quote
  readonly startedMs: number
  opening: Opening | null
}

/** One requester with one job, some providers, and a chain, in virtual time; crashes and losses as planned. */
export class Market {
  readonly world: World
  readonly audit = new MarketAudit()
  readonly plan: MarketPlan
  readonly leases = new Map<Hex, LeaseOnChain>()
  readonly buyer: Party<BuyerProcess>
  readonly sellers: Seller[]
  /** Checkpoints that the requester's store has pinned, as task/address. */
  readonly #store = new Set<string>()
  #head: Head = { number: 1, timestampSeconds: GENESIS_SECONDS }

  constructor(plan: MarketPlan) {
    this.plan = plan
    this.world = new World(plan.seed)
    const buyerJournal = new MemoryJournal((write, before) => this.audit.buyerWrites(write, before))
    this.buyer = { process: null, context: contextOf(1, 1), journal: buyerJournal, boots: 1, deafMs: 0 }
    this.sellers = Array.from({ length: plan.sellers }, (_, i) => {
      const journal = new MemoryJournal((write, before) => this.audit.sellerWrites(write, before))
      return {
        process: null,
        context: contextOf(i + 2, 1),
        journal,
        boots: 1,
        deafMs: 0,
        muteMs: 0,
        shelves: new Map(),
        wire: null,
      }
    })
  }

  /** Runs the job to its end, closes its leases, and looks at what is left. */
  run(): this {
    const { tasks, k, n, rounds } = this.plan
    const job = newJob({ ...jobRow(tasks, k, n), comparator: rounds ? byTolerance() : EXACT })
    this.buyer.journal.commit([put(jobs, job.row.id, job.row)])
    for (const index of this.sellers.keys()) this.#startSeller(index)
    this.buyer.process = new BuyerProcess(this.#aroundBuyer(), job, [])
    for (const index of this.sellers.keys()) this.#lease(index)
    this.world.every(BLOCK_MS, () => this.#mine())
    for (const fault of this.plan.faults) this.world.after(fault.atMs, () => this.#strike(fault))
    let isOver = false
    this.world.every(LOOK_MS, () => {
      isOver = this.#isOver()
    })
    this.world.run(MOST_MS, () => isOver)
    this.#inspect()
    return this
  }

  /** State of the job in the requester's journal. */
  get jobState(): string | undefined {
    return this.buyer.journal.one(jobs, 'job')?.state
  }

  #isOver(): boolean {
    const isDone = this.jobState !== 'running'
    const bought = [...this.buyer.journal.all(purchases).values()].every(({ phase }) => isOver(phase))
    const sold = this.sellers.every(({ journal }) =>
      [...journal.all(sales).values()].every(({ phase }) => isOver(phase)),
    )
    return isDone && bought && sold
  }

  #inspect(): void {
    const { audit, buyer } = this
    audit.expect(this.#isOver(), `the run ended as ${this.jobState} with leases that are not over`)
    audit.expect(this.jobState === 'done', `the job ended as ${this.jobState}`)
    audit.hasQuorum(buyer.journal, this.plan.k)
    audit.nothingKept(buyer.journal, this.#store, this.sellers)
    const time = { timestampSeconds: GENESIS_SECONDS + Math.floor(this.world.nowMs / 1000) }
    for (const [lease, { seller, quote, opening, startedMs }] of this.leases) {
      const journal = this.sellers[seller]?.journal ?? buyer.journal
      audit.settled(lease, buyer.journal, journal, payable(quote, opening, time))
      audit.paidForService(lease, buyer.journal, this.world.nowMs - startedMs)
    }
  }

  #startSeller(index: number): void {
    const seller = this.sellers[index]
    if (seller === undefined) return
    const { context, journal, shelves } = seller
    seller.process = new SellerProcess({
      world: this.world,
      context,
      journal,
      credit: this.plan.credit,
      saves: this.plan.saves === true,
      rounding: this.plan.rounds ? index : null,
      shelves,
      lie: this.plan.liar && index === 0 ? 1 : 0,
      fails: () => this.world.random() * 100 < this.plan.failPercent,
      report: (effect) => this.audit.sellerDoes(context.boot, effect),
    })
  }

  #aroundBuyer() {
    const { context, journal } = this.buyer
    return {
      world: this.world,
      context,
      journal,
      dial: (peer: string) => this.#dial(Number(peer)),
      starved: () => this.#leaseMore(),
      store: this.#store,
      serves: (peer: string, attempt: string, cid: string) => {
        const seller = this.sellers[Number(peer)]
        return seller?.process?.isAlive === true && seller.shelves.get(attempt)?.has(cid) === true
      },
      report: (effect: Parameters<MarketAudit['buyerDoes']>[0]) => {
        this.audit.buyerDoes(effect)
        if (effect.do === 'dispatch') this.audit.goesOn(effect.assignments, this.#store, this.plan.k)
      },
    }
  }

  #dial(index: number) {
    const seller = this.sellers[index]
    if (seller?.process?.isAlive !== true || seller.muteMs > this.world.nowMs) return null
    const wire = this.#connect(seller)
    seller.process.accept(wire.ends[1])
    return wire.ends[0]
  }

  #connect(seller: Seller): Wire {
    seller.wire = connect(this.world)
    return seller.wire
  }

  /** Leases again from every provider that the requester has no lease of. */
  #leaseMore(): void {
    const open = [...this.buyer.journal.all(purchases).values()].filter(({ phase }) => !isOver(phase))
    const held = new Set(open.map(({ lease }) => this.leases.get(lease)?.seller))
    for (const index of this.sellers.keys()) if (!held.has(index)) this.#lease(index)
  }

  #lease(index: number): void {
    const seller = this.sellers[index]
    const buyer = this.buyer.process
    if (seller?.process?.isAlive !== true || buyer?.isAlive !== true || seller.muteMs > this.world.nowMs)
      return
    const quote = quoteOf(this.buyer.context, seller.context, this.leases.size)
    const lease = leaseOf(NETWORK, quote)
    const rows = leaseRows(this.buyer.context, seller.context, quote)
    const purchase = { ...rows.purchase, peerId: String(index) }
    const sale = { ...rows.sale, held: this.plan.held }
    this.buyer.journal.commit([put(purchases, lease, purchase)])
    seller.journal.commit([put(sales, lease, sale)])
    this.leases.set(lease, { seller: index, quote, startedMs: this.world.nowMs, opening: null })
    const wire = this.#connect(seller)
    buyer.begin(purchase, this.#head, wire.ends[0])
    seller.process.begin(sale, this.#head, wire.ends[1])
  }

  #mine(): void {
    const number = this.#head.number + 1
    this.#head = { number, timestampSeconds: GENESIS_SECONDS + Math.floor(this.world.nowMs / 1000) }
    for (const one of this.leases.values()) {
      // One block of three takes the openings that wait.
      if (one.opening === null && this.world.random() < 1 / 3) {
        one.opening = { block: number, timestampSeconds: this.#head.timestampSeconds }
      }
    }
    this.#tell()
  }

  #tell(): void {
    const head = this.#head
    for (const party of [this.buyer, ...this.sellers]) {
      if (party.process?.isAlive !== true || party.deafMs > this.world.nowMs) continue
      const { process } = party
      process.broadcast({ type: 'head', head })
      for (const [lease, { worker, state }] of process.leases) {
        const opening = this.leases.get(lease)?.opening
        const record = 'purchase' in state ? state.purchase : state.sale
        if (opening && record.opening === null) worker.post({ type: 'opened', ...opening })
      }
    }
  }

  #strike(fault: Fault): void {
    const seller = this.sellers[fault.who - 1]
    const party = fault.who === 0 ? this.buyer : seller
    switch (fault.kind) {
      case 'cut':
        seller?.wire?.cut()
        return
      case 'mute':
        if (seller === undefined) return
        seller.wire?.mute()
        seller.muteMs = this.world.nowMs + fault.downMs
        return
      case 'deaf':
        if (party !== undefined) party.deafMs = this.world.nowMs + fault.downMs
        return
      case 'drain':
        seller?.process?.broadcast({ type: 'drain', seconds: fault.seconds })
        return
      case 'crash':
        party?.process?.crashAfter(fault.effects, () => {
          this.world.after(fault.downMs, () => this.#restart(fault.who))
        })
        return
    }
  }

  #restart(who: number): void {
    const party = who === 0 ? this.buyer : this.sellers[who - 1]
    if (party === undefined) return
    party.boots += 1
    party.context = contextOf(who + 1, party.boots)
    if (who > 0) {
      this.#startSeller(who - 1)
      return
    }
    const { job, leases } = readBuyer(this.buyer.journal, this.#head, this.world.nowMs)
    const needed = job.tasks.flatMap((task) => neededCheckpoints(task).map((cid) => `${task.index}/${cid}`))
    for (const key of needed) this.audit.expect(this.#store.has(key), `${key} is a row and not in the store`)
    for (const key of [...this.#store]) if (!needed.includes(key)) this.#store.delete(key)
    this.buyer.process = new BuyerProcess(this.#aroundBuyer(), job, leases)
    // A job that is over needs its leases no more.
    if (job.row.state !== 'running') this.buyer.process.broadcast({ type: 'close' })
  }
}
