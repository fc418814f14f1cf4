import type { Head } from '@souk/engine'
import type { Matched } from '@souk/market'
import { type SoukNode, serveBlocks } from '@souk/network'
import type { Demand, Hex, Quote, Terms } from '@souk/protocol'
import type { ChainLink } from '@souk/settlement'
import type { Budget } from './budget.ts'
import type { CourtDesk } from './court-desk.ts'
import { JobDesk } from './job-desk.ts'
import type { JobRunner } from './job-runner.ts'
import type { JobEventReport, JobSpec, JobStarted } from './job-spec.ts'
import type { MarketView } from './market-view.ts'
import { askQuote } from './negotiate.ts'
import { keepSwept, PinKeeper } from './pin-keeper.ts'
import type { PoolDesk } from './pool-desk.ts'
import { PurchaseBook } from './purchase-book.ts'
import type { PurchaseCase } from './purchase-case.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import { readUnfinished } from './recover.ts'
import type { ReliabilityBook } from './reliability-book.ts'
import type { RequesterOptions } from './requester-options.ts'
import { openParts, type RequesterParts } from './requester-parts.ts'
import type { ReserveDesk } from './reserve-desk.ts'
import { RunwayDesk } from './runway-desk.ts'
import type { RunwayReport } from './runway-report.ts'
import type { ReportSources } from './service-level-report.ts'
import { Sessions } from './sessions.ts'
import type { UptimeDesk } from './uptime-desk.ts'

/** Milliseconds between ticks of every lease and job. */
const TICK_MS = 100

/** The buying side of one process: finds offers, holds leases, runs jobs, pays. */
export class Requester {
  readonly node: SoukNode
  readonly market: MarketView
  readonly chain: ChainLink
  readonly budget: Budget
  /** `null` where the network has no court. */
  readonly court: CourtDesk | null
  /** What uptime books of providers prove; `null` where the network has no court. */
  readonly uptime: UptimeDesk | null
  /** How far providers can be relied upon. */
  readonly reliability: ReliabilityBook
  readonly jobs: ReadonlyMap<string, JobRunner>
  readonly leases: ReadonlyMap<Hex, PurchaseRunner>
  /** The ways into what runs on our leases. */
  readonly sessions: Sessions
  /** Capacity that providers keep for us. */
  readonly reservations: ReserveDesk
  readonly #options: RequesterOptions
  readonly #parts: RequesterParts
  readonly #book: PurchaseBook
  readonly #desk: JobDesk
  readonly #runway: RunwayDesk
  readonly #stops: (() => Promise<void> | void)[]

  private constructor(
    options: RequesterOptions,
    parts: RequesterParts,
    stops: (() => Promise<void> | void)[],
  ) {
    this.#options = options
    this.#parts = parts
    this.#stops = stops
    this.node = parts.node
    this.chain = parts.chain
    this.market = parts.market
    this.budget = parts.budget
    this.court = parts.court
    this.uptime = parts.uptime
    this.reliability = parts.reliability
    this.jobs = parts.jobs
    this.leases = parts.leases
    this.sessions = new Sessions({ ...parts, random: options.random })
    this.#book = new PurchaseBook(options, parts)
    this.reservations = this.#book.reservations
    this.#desk = new JobDesk(options, parts, this.#book)
    this.#runway = new RunwayDesk(options, parts)
  }

  /** Starts a requester and goes on with the jobs and leases of its journal. Throws what its parts throw. */
  static async start(options: RequesterOptions): Promise<Requester> {
    const stops: (() => Promise<void> | void)[] = []
    let requester: Requester | undefined
    try {
      const parts = await openParts(options, async (head) => requester?.onHead(head), stops)
      requester = new Requester(options, parts, stops)
      await requester.#begin()
      return requester
    } catch (error) {
      for (const stop of stops.toReversed()) await stop()
      throw error
    }
  }

  /** Returns the offers that fit a demand and why the others do not. */
  offers(demand: Demand): Matched {
    return this.market.match(demand)
  }

  /** Asks the best offer for a quote: nothing is reserved. Throws `MatchError`, or what the negotiation throws. */
  async quote(demand: Demand): Promise<{ quote: Quote; terms: Terms; peerId: string }> {
    await this.market.measure(demand)
    const [best] = this.market.require(demand)
    const entry = best.entry
    return { ...(await askQuote(this.#book.negotiation(), entry, demand)), peerId: entry.peerId }
  }

  /**
   * Starts a job: journals it, buys its leases, dispatches. Its leases are closed when it is over.
   *
   * Throws `MatchError` `NO_OFFER`, `JobError` `CHAIN_UNAVAILABLE` and `MISSING_CONTENT`, and what `comparedTerms` and
   * `SecretDesk.read` throw, before anything is journalled; `JobError` `NO_LEASE` when no provider would lease,
   * `BudgetError` when no lease can be paid and the job does not wait for money: then it has failed.
   */
  run(
    spec: JobSpec,
    id: string,
    onEvent: (event: JobEventReport | JobStarted) => void = () => {},
  ): Promise<JobRunner> {
    return this.#desk.run(spec, id, onEvent)
  }

  /** Closes the leases of a job that is over, and waits until each has ended on its channel. */
  release(runner: JobRunner): Promise<void> {
    return this.#desk.release(runner)
  }

  /** Returns every purchase that the escrow has yet to close; what a provider refused is only watched. */
  unsettled(): PurchaseCase[] {
    return this.#book.unsettled()
  }

  /** Returns what reports about leases and jobs are made of. */
  reportSources(): ReportSources {
    const { journal, config } = this.#options
    const { service, court } = this.#parts
    return {
      journal,
      serviceOf: (lease) => service.of(lease),
      court: () => court?.status() ?? { claims: [], disputes: [] },
      blockSeconds: config.blockSeconds,
      slotBlocks: court?.slotBlocks ?? null,
    }
  }

  /** The leases of jobs that grow and shrink. */
  get pools(): PoolDesk {
    return this.#desk.pools
  }

  /** Returns what a top-up for a running job is decided on; null where no such job runs. */
  runway(job: string): RunwayReport | null {
    return this.#runway.report(job)
  }

  /** Takes a new block: every lease pays by its time, the balance is read again. */
  async onHead(head: Head): Promise<void> {
    for (const lease of this.leases.values()) void lease.post({ type: 'head', head })
    this.court?.onHead(head.number)
    void this.#parts.doubleVotes?.onHead(head.number)
    const bonded = () => this.market.index.all().filter((entry) => entry.bonded)
    void this.uptime?.visit(() => bonded().map(({ offer }) => offer.subject))
    await this.#runway.look()
  }

  /** Stops where it stands, in the reverse order of the start; the journal has the rest. */
  async stop(): Promise<void> {
    for (const job of this.jobs.values()) await job.stop()
    for (const lease of this.leases.values()) await lease.stop()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }

  async #begin(): Promise<void> {
    await this.#runway.readBalance()
    this.#stops.push(await this.#serveBlocks())
    const ticker = setInterval(() => this.#tick(), TICK_MS)
    this.#stops.push(() => clearInterval(ticker))
    await this.#recover()
    await this.#keepPins()
    await this.court?.recover([...this.#parts.cases.values()].map(({ purchase }) => purchase))
  }

  #serveBlocks(): Promise<() => Promise<void>> {
    const authorize = (peerId: string, cid: string) =>
      [...this.jobs.values()].some((job) => job.authorizes(peerId, cid)) ||
      this.court?.authorizes(peerId, cid) === true
    const gave = (peerId: string, cid: string, bytes: number) => {
      for (const job of this.jobs.values()) if (job.authorizes(peerId, cid)) job.gave(peerId, bytes)
    }
    return serveBlocks(this.node, { blocks: this.#options.blocks, authorize, gave })
  }

  #tick(): void {
    for (const lease of this.leases.values()) void lease.post({ type: 'tick' })
    for (const job of this.jobs.values()) job.tick()
    this.#desk.tick()
    this.reservations.tick()
    const { leases, health, service } = this.#parts
    const states = [...leases.values()].map(({ state }) => state)
    service.tick(states, (peerId) => health.verdictOf(peerId))
  }

  /** Takes up what the journal says was going on: leases are resumed, jobs continue (docs/ARCHITECTURE.md). */
  async #recover(): Promise<void> {
    const { journal, blocks, clock } = this.#options
    const unfinished = await readUnfinished(journal, blocks, clock())
    await this.#desk.takeUp(unfinished.jobs)
    for (const found of unfinished.purchases) {
      if (found.purchase.terms.hold === undefined) this.pools.resumed(this.#book.resume(found))
      else await this.reservations.resume(found.purchase, found.voucher)
    }
    this.#desk.giveUpStranded()
  }

  /** Lets the content of jobs go that are over, now and from time to time. */
  async #keepPins(): Promise<void> {
    const { journal, blocks, clock, onProblem } = this.#options
    const { jobs, cases } = this.#parts
    const isBusy = (job: string) =>
      jobs.has(job) || [...cases.values()].some(({ purchase }) => purchase.job === job)
    const keeper = new PinKeeper({ journal, blocks, clock, isBusy })
    await keeper.forgetUnbegun()
    this.#stops.push(keepSwept(keeper, onProblem))
  }
}
