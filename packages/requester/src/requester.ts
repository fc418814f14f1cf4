import {
  buyerLease,
  type Context,
  type Head,
  isOver,
  jobs,
  keySigner,
  newJob,
  type PauseRow,
  pauses,
  put,
  taskKey,
  tasks,
} from '@souk/engine'
import type { Candidate, Matched, OfferEntry } from '@souk/market'
import { type NodeOptions, type SoukNode, serveBlocks, startNode } from '@souk/network'
import {
  type Demand,
  errorMessage,
  type Hex,
  leaseOf,
  type Offer,
  type Quote,
  signCourtStruct,
  type Terms,
  toHex,
} from '@souk/protocol'
import {
  type ChainLink,
  type CourtLink,
  defaultUnitsPerCoin,
  type NetworkConfig,
  networkId,
  openChainLink,
  openCourtLink,
} from '@souk/settlement'
import type { BlockStore, Journal } from '@souk/storage'
import { Budget, BudgetError } from './budget.ts'
import { buyLeases } from './buy-leases.ts'
import { forgetCheckpoints } from './checkpoint-desk.ts'
import { CourtDesk } from './court-desk.ts'
import { fundsOf } from './funds.ts'
import { JobError, noLease } from './job-error.ts'
import { JobRunner } from './job-runner.ts'
import type { JobEventReport, JobSpec } from './job-spec.ts'
import { keepContent } from './keep-content.ts'
import { type MarketView, openMarketView } from './market-view.ts'
import { askQuote, type NegotiationServices, negotiate } from './negotiate.ts'
import { pause } from './pause.ts'
import { PinKeeper } from './pin-keeper.ts'
import { type PurchaseCase, purchaseCase } from './purchase-case.ts'
import { type LeaseUser, PurchaseRunner } from './purchase-runner.ts'
import { readUnfinished, type Unfinished } from './recover.ts'
import { GasDesk } from './runway-gas.ts'
import { readPause } from './runway-pause.ts'
import { neededSeconds, paidLease, type RunwayReport, returning, runwayReport } from './runway-report.ts'
import { type RunwayInput, runwayWarnings, untold, warningWords } from './runway-watch.ts'
import { type ReadSecrets, SecretDesk } from './secret-desk.ts'
import { Sessions } from './sessions.ts'
import { standsBehind } from './stands-behind.ts'

/** Everything a requester is made of; all of it is handed in, so that it runs in Node and in a browser. */
export interface RequesterOptions {
  readonly config: NetworkConfig
  /** Names the peer; Ed25519. */
  readonly nodeKey: NodeOptions['privateKey']
  /** The delegate's private key, which signs openings and vouchers. */
  readonly delegateKey: Uint8Array
  /** The account whose balance the delegate may lock. */
  readonly account: Hex
  readonly journal: Journal
  readonly blocks: BlockStore
  /** Addresses to listen on; empty in a browser. */
  readonly listen: readonly string[]
  /** Ways of finding offers that are switched off by false. */
  readonly discovery?: { gossip?: boolean; directory?: boolean; dht?: boolean }
  /** Monotonic milliseconds. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly dateMs: () => number
  readonly random: (bytes: number) => Uint8Array
  /** Reads the user's secrets where jobs name some; without it none may. */
  readonly secrets?: ReadSecrets
  /** Hears what goes wrong and is tried again. */
  readonly onProblem: (sentence: string, error: unknown) => void
  /** The journal cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void
}

/** Milliseconds between two looks at which content nobody needs any more. */
const SWEEP_MS = 60_000
/** Milliseconds between ticks of every lease and job. */
const TICK_MS = 100
/** Milliseconds that closing a lease waits for its results to be compared with others. */
const COMPARED_MS = 120_000
/** Stands in for a job that is over: its lease is closed as soon as the provider is there again. */
const CLOSER: LeaseUser = {
  deliver: () => {},
  failed: () => {},
  saved: () => {},
  suspend: () => {},
  capacity: (runner) => {
    if (runner.state.connected) void runner.close()
  },
  secrets: () => [],
}

/** The buying side of one process: finds offers, holds leases, runs jobs, pays. */
export class Requester {
  readonly node: SoukNode
  readonly market: MarketView
  readonly chain: ChainLink
  readonly budget: Budget
  /** `null` where the network has no court. */
  readonly court: CourtDesk | null
  readonly jobs = new Map<string, JobRunner>()
  readonly leases = new Map<Hex, PurchaseRunner>()
  /** The ways into what runs on our leases. */
  readonly sessions: Sessions
  readonly #options: RequesterOptions
  readonly #context: Context
  readonly #cases: Map<Hex, PurchaseCase>
  /** Purchases that their provider refused; it could still open them until they are too old. */
  readonly #refused = new Set<Hex>()
  readonly #stops: (() => Promise<void> | void)[]
  readonly #gas: GasDesk
  readonly #secrets: SecretDesk
  /** What runs out and was told. */
  readonly #told = new Set<string>()

  private constructor(
    options: RequesterOptions,
    parts: {
      context: Context
      node: SoukNode
      chain: ChainLink
      market: MarketView
      budget: Budget
      court: CourtLink | null
    },
    cases: Map<Hex, PurchaseCase>,
    stops: (() => Promise<void> | void)[],
  ) {
    this.#options = options
    this.#context = parts.context
    this.#cases = cases
    this.#stops = stops
    this.node = parts.node
    this.chain = parts.chain
    this.market = parts.market
    this.budget = parts.budget
    this.court = parts.court && this.#openCourt(parts.court)
    const { jobs, leases } = this
    this.sessions = new Sessions({ node: parts.node, jobs, leases, random: options.random })
    this.#secrets = new SecretDesk(options.journal, options.secrets)
    this.#gas = new GasDesk(parts.chain, parts.context.signer.address, options.clock)
  }

  /** Starts a requester and goes on with the jobs and leases of its journal. Throws what its parts throw. */
  static async start(options: RequesterOptions): Promise<Requester> {
    const { config, journal, delegateKey } = options
    const network = networkId(config)
    const signer = keySigner(network, delegateKey)
    const context: Context = { network, signer, boot: toHex(options.random(16)) }
    const budget = new Budget()
    const cases = new Map<Hex, PurchaseCase>()
    const stops: (() => Promise<void> | void)[] = []
    let requester: Requester | undefined
    try {
      const chain = await openChainLink({
        config,
        journal,
        key: delegateKey,
        cases: () => [...cases.values()].filter((one) => !one.purchase.settled),
        onHead: async (head) => requester?.onHead(head),
        onProblem: (sentence, error) => {
          // Providers send what this key cannot pay for: there is nothing to do about it.
          if (requester === undefined || !requester.#gas.lacks(error)) options.onProblem(sentence, error)
        },
      })
      stops.push(() => chain.stop())
      const node = await startNode({
        network,
        privateKey: options.nodeKey,
        listen: options.listen,
        bootstrap: config.bootstrap,
        dev: config.dev,
      })
      stops.push(() => node.stop())
      const isBonded = (offer: Offer) => standsBehind(chain, offer)
      const market = await openMarketView({
        node,
        hear: ['cpu'],
        ...options.discovery,
        dateMs: options.dateMs,
        isBonded,
      })
      stops.push(() => market.stop())
      const court = await openCourtLink({
        ...{ rpc: chain.rpc, escrow: config.escrow, reader: chain.reader },
        unitsPerCoin: defaultUnitsPerCoin(config),
      })
      requester = new Requester(options, { context, node, chain, market, budget, court }, cases, stops)
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
    return { ...(await askQuote(this.#negotiation(), entry, demand)), peerId: entry.peerId }
  }

  /**
   * Starts a job: journals it, buys its leases, dispatches. Its leases are closed when it is over.
   *
   * Throws `MatchError` `NO_OFFER`, {@link JobError} `CHAIN_UNAVAILABLE` and `MISSING_CONTENT`, and what `SecretDesk.read` throws,
   * before anything is journalled; {@link JobError} `NO_LEASE` when no provider would lease, `BudgetError` when no lease can be paid
   * and the job does not wait for money: then it has failed.
   */
  async run(
    spec: JobSpec,
    id: string,
    onEvent: (event: JobEventReport) => void = () => {},
  ): Promise<JobRunner> {
    await this.market.measure(spec.demand)
    this.market.require(spec.demand)
    this.#head()
    const secrets = await this.#secrets.read(spec)
    const job = newJob({
      id,
      name: spec.name.slice(0, 256),
      k: spec.assurance.k,
      n: spec.assurance.n,
      deadlineMs: spec.deadlineMs,
      tasks: spec.tasks.length,
      createdAtMs: this.#options.dateMs(),
      open: spec.open ?? false,
      state: 'running',
      demand: spec.demand,
      leases: spec.leases,
    })
    const served = await keepContent(this.#options.blocks, id, spec)
    const rows = spec.tasks.map((task, index) => put(tasks, taskKey(id, index), task))
    rows.push(...this.#secrets.rows(id, spec.secrets))
    const pause: PauseRow = { graceMs: spec.graceMs ?? 0, paused: null }
    await this.#options.journal.commit([put(jobs, id, job.row), put(pauses, id, pause), ...rows], 'synced')
    this.#secrets.hold(id, secrets)
    const runner = this.#adopt(new JobRunner(job, spec.tasks, served, this.#jobServices(), pause))
    runner.subscribe(onEvent)
    const failures: unknown[] = []
    const found = await runner.search(spec.leases, failures)
    if (found > 0 || (await runner.waitsFor(failures))) return runner
    await runner.failWithout(failures)
    throw noLease(failures)
  }

  /** Closes the leases of a job that is over, and waits until each has ended on its channel. */
  async release(runner: JobRunner): Promise<void> {
    await runner.release()
    await runner.vacated
  }

  /** Returns every purchase that the escrow has yet to close; what a provider refused is only watched. */
  unsettled(): PurchaseCase[] {
    return [...this.#cases.values()].filter(({ lease, purchase }) => {
      const isWatched = this.#refused.has(lease) && purchase.opening === null
      return !purchase.settled && !isWatched
    })
  }

  /** Stops where it stands, in the reverse order of the start; the journal has the rest. */
  async stop(): Promise<void> {
    for (const job of this.jobs.values()) await job.stop()
    for (const lease of this.leases.values()) await lease.stop()
    for (const stop of this.#stops.splice(0).toReversed()) await stop()
  }

  /** Takes a new block: every lease pays by its time, the balance is read again. */
  async onHead(head: Head): Promise<void> {
    for (const lease of this.leases.values()) void lease.post({ type: 'head', head })
    this.court?.onHead(head.number)
    await Promise.all([this.#readBalance(), this.#gas.read()]).catch(() => {})
    this.#watchRunway()
  }

  /** Returns what a top-up for a running job is decided on; null where no such job runs. */
  runway(job: string): RunwayReport | null {
    const runner = this.jobs.get(job)
    if (runner === undefined || runner.job.row.state !== 'running') return null
    const coming = returning([...this.#cases.values()].map(({ purchase }) => purchase))
    return runwayReport(runner, this.budget, this.#runwayInput(), coming)
  }

  async #begin(): Promise<void> {
    await this.#readBalance()
    const authorize = (peerId: string, cid: string) =>
      [...this.jobs.values()].some((job) => job.authorizes(peerId, cid)) ||
      this.court?.authorizes(peerId, cid) === true
    const gave = (peerId: string, cid: string, bytes: number) => {
      for (const job of this.jobs.values()) if (job.authorizes(peerId, cid)) job.gave(peerId, bytes)
    }
    this.#stops.push(await serveBlocks(this.node, { blocks: this.#options.blocks, authorize, gave }))
    const ticker = setInterval(() => this.#tick(), TICK_MS)
    this.#stops.push(() => clearInterval(ticker))
    await this.#recover()
    await this.#keepPins()
    await this.court?.recover([...this.#cases.values()].map(({ purchase }) => purchase))
  }

  /** Lets the content of jobs go that are over, now and from time to time. */
  async #keepPins(): Promise<void> {
    const { journal, blocks, clock, onProblem } = this.#options
    const isBusy = (job: string) =>
      this.jobs.has(job) || [...this.#cases.values()].some(({ purchase }) => purchase.job === job)
    const keeper = new PinKeeper({ journal, blocks, clock, isBusy })
    await keeper.forgetUnbegun()
    const sweep = () =>
      keeper.sweep().catch((error) => onProblem('the content of jobs that are over was not let go', error))
    let sweeping = sweep()
    const timer = setInterval(() => {
      sweeping = sweep()
    }, SWEEP_MS)
    this.#stops.push(async () => {
      clearInterval(timer)
      await sweeping
    })
  }

  #openCourt(court: CourtLink): CourtDesk {
    const { journal, blocks, clock, random, onProblem, delegateKey } = this.#options
    const { network } = this.#context
    const desk = new CourtDesk({
      ...{ court, network, journal, blocks, clock, random, onProblem },
      ...{ chain: this.chain, node: this.node },
      find: (key) => this.market.whereIs(key),
      leaseOf: (quote) => leaseOf(network, quote),
      plead: (subject) =>
        signCourtStruct(delegateKey, court.id, 'Plea', { subject, peerId: this.node.peerId }),
    })
    this.#stops.push(() => desk.stop())
    return desk
  }

  #tick(): void {
    for (const lease of this.leases.values()) void lease.post({ type: 'tick' })
    for (const job of this.jobs.values()) job.tick()
  }

  async #readBalance(): Promise<void> {
    const cover = await this.chain.ledger.cover(this.#options.account, this.#context.signer.address)
    const head = this.chain.watcher.clock.head()
    if (head !== undefined) this.budget.update(fundsOf(cover, head))
  }

  #runwayInput(): RunwayInput {
    const { blockSeconds } = this.#options.config
    const { funds, reserved } = this.budget
    const leases = [...this.leases.values()].map((lease) => paidLease(lease, blockSeconds))
    const { roundsLeft } = this.#gas
    return { funds, reserved, leases, neededSeconds: neededSeconds(this.jobs.values()), roundsLeft }
  }

  /** Tells every running job, and the log, what runs out before it is done. */
  #watchRunway(): void {
    const running = [...this.jobs.values()].filter(({ job }) => job.row.state === 'running')
    const warnings = running.length === 0 ? [] : runwayWarnings(this.#runwayInput())
    for (const warning of untold(this.#told, warnings)) {
      for (const runner of running) runner.report({ kind: 'low', ...warning })
      this.#options.onProblem('what the running jobs live on runs out', warningWords(warning))
    }
  }

  /** Takes care of a job until its last lease has ended. */
  #adopt(runner: JobRunner): JobRunner {
    const { id } = runner.job.row
    this.jobs.set(id, runner)
    void runner.finished.then(async () => {
      this.#secrets.forget(id)
      await this.release(runner)
      this.jobs.delete(id)
    })
    return runner
  }

  /** Buys up to `count` leases for a job, from those that have lost the fewest, best offers first. */
  async #acquire(runner: JobRunner, count: number, failures: unknown[]): Promise<number> {
    const { demand } = runner.job.row
    const losses = ({ entry }: Candidate) => runner.lossesOf(entry.peerId)
    const { candidates: found } = this.market.match(demand, runner.unasked())
    const candidates = found.toSorted((a, b) => losses(a) - losses(b))
    const bought = await buyLeases(candidates, count, ({ entry }) => this.#lease(runner, entry, demand))
    failures.push(...bought.failures)
    return bought.found
  }

  async #lease(runner: JobRunner, entry: OfferEntry, demand: Demand): Promise<void> {
    try {
      runner.join(await negotiate(this.#negotiation(), entry, demand, runner.job.row.id))
    } catch (error) {
      // What we cannot pay for nobody refused.
      if (!(error instanceof BudgetError))
        runner.report({ kind: 'refused', peerId: entry.peerId, why: errorMessage(error) })
      throw error
    }
    this.#look()
  }

  #negotiation(): NegotiationServices {
    const { config, account, journal, blocks, clock, dateMs, onFatal } = this.#options
    return {
      context: this.#context,
      node: this.node,
      journal,
      blocks,
      account,
      blockSeconds: config.blockSeconds,
      clock,
      dateMs,
      head: () => this.#head(),
      reserve: (lease, deposit) => this.budget.reserve(lease, deposit),
      unreserve: (lease) => this.budget.unreserve(lease),
      began: (runner) => this.#track(runner),
      beforeClose: (lease) => this.#beforeClose(lease),
      settle: (runner, phase, why) => this.#over(runner, phase, why),
      gaveUp: (runner, refused) => this.#gaveUp(runner, refused),
      fatal: onFatal,
    }
  }

  /** A provider that leaves before its results are compared must not take its result bond along. */
  async #beforeClose(lease: Hex): Promise<void> {
    if (this.court === null) return
    const { clock } = this.#options
    const untilMs = clock() + COMPARED_MS
    const job = this.jobs.get(this.#cases.get(lease)?.purchase.job ?? '')
    while (job?.awaits(lease) === true && clock() < untilMs) await pause(TICK_MS)
    await this.court.beforeClose(lease)
  }

  #head(): Head {
    const head = this.chain.head()
    if (head !== null) return head
    throw new JobError(
      'expected a chain to lock deposits on, but no endpoint answers; check the RPC addresses',
      {
        code: 'CHAIN_UNAVAILABLE',
      },
    )
  }

  /** Follows a purchase on its channel and on the chain from now on. */
  #track(runner: PurchaseRunner): void {
    const { purchase } = runner.state
    this.leases.set(purchase.lease, runner)
    const one = purchaseCase({
      purchase,
      voucher: () => runner.state.voucher,
      journal: this.#options.journal,
      budget: this.budget,
      holds: () => this.court?.holds(purchase.lease) ?? false,
      looked: (chain) => this.court?.seen(purchase.lease, chain),
      opened: (block, timestampSeconds) => void runner.post({ type: 'opened', block, timestampSeconds }),
      settled: () => this.#settled(purchase.lease),
    })
    const next: PurchaseCase['next'] = (chain, head) => (this.#gas.pays ? one.next(chain, head) : null)
    this.#cases.set(purchase.lease, { ...one, next })
  }

  #settled(lease: Hex): void {
    this.#cases.delete(lease)
    this.#refused.delete(lease)
    this.court?.settled(lease)
  }

  #over(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void {
    this.leases.delete(runner.lease)
    if (phase === 'lost') this.court?.broke(runner.state.purchase)
    this.jobs.get(runner.state.purchase.job)?.over(runner, phase, why)
    this.#look()
  }

  /** A purchase never started: its channel is forgotten, the chain is watched. */
  #gaveUp({ lease }: PurchaseRunner, refused: boolean): void {
    this.leases.delete(lease)
    if (refused) this.#refused.add(lease)
  }

  #look(): void {
    const head = this.chain.head()
    if (head !== null) void this.chain.settler.look(head)
  }

  /** Ends a job of an earlier run that cannot have its secrets: its tasks would find none. */
  async #takeUpSecrets(runner: JobRunner): Promise<void> {
    const problem = await this.#secrets.takeUp(runner.job.row.id)
    if (problem === null) return
    this.#options.onProblem(`job ${runner.job.row.id} ends, because its secrets are not to be had`, problem)
    await runner.post({ type: 'stop', state: 'failed' })
  }

  #jobServices() {
    const { journal, blocks, clock, dateMs, onFatal } = this.#options
    const acquire = (runner: JobRunner, count: number, failures: unknown[]) =>
      this.#acquire(runner, count, failures)
    const caught = (runner: JobRunner, lease: Hex, index: number) => {
      const purchase = this.#cases.get(lease)?.purchase
      if (purchase !== undefined) void this.court?.caught(purchase, runner.job.row.id, index)
    }
    const covers = (deposit: bigint) => this.budget.shortage(deposit) === null
    const secretsOf = (job: string) => this.#secrets.of(job)
    const common = { node: this.node, journal, blocks, clock, dateMs, fatal: onFatal }
    return { ...common, acquire, caught, covers, secretsOf }
  }

  /** Takes up what the journal says was going on: leases are resumed, jobs continue (docs/ARCHITECTURE.md). */
  async #recover(): Promise<void> {
    const { journal, blocks, clock } = this.#options
    const unfinished = await readUnfinished(journal, blocks, clock())
    const owners = new Set<string>()
    for (const { job, tasks: list, served } of unfinished.jobs) {
      const pause = await readPause(journal, job.row.id)
      const runner = this.#adopt(new JobRunner(job, list, served, this.#jobServices(), pause))
      for (const owner of await runner.recoverCheckpoints()) owners.add(owner)
    }
    await forgetCheckpoints(blocks, owners)
    for (const runner of [...this.jobs.values()]) await this.#takeUpSecrets(runner)
    for (const found of unfinished.purchases) this.#resume(found)
    for (const job of this.jobs.values()) this.#giveUpStranded(job)
  }

  /** Takes a purchase up again: its lease is resumed for its job, or to be closed where that is over. */
  #resume({ purchase, channel, voucher, inFlight }: Unfinished['purchases'][number]): void {
    const { clock } = this.#options
    const head = this.chain.head() ?? { number: 0, timestampSeconds: 0 }
    const runner = this.#newRunner(buyerLease(purchase, head, clock(), { channel, voucher, inFlight }))
    this.#track(runner)
    const job = this.jobs.get(purchase.job)
    if (isOver(purchase.phase)) this.leases.delete(purchase.lease)
    else if (job !== undefined) job.join(runner)
    else runner.user = CLOSER
  }

  /** Attempts on leases that ended while nobody watched run elsewhere. */
  #giveUpStranded(runner: JobRunner): void {
    const stranded = [...runner.job.inFlight].filter((attempt) => {
      const lease = runner.leaseOf(attempt)
      return lease === undefined || !runner.leases.has(lease)
    })
    if (stranded.length > 0) void runner.post({ type: 'lost', attempts: stranded })
  }

  #newRunner(state: ReturnType<typeof buyerLease>): PurchaseRunner {
    return new PurchaseRunner(state, this.#negotiation())
  }
}
