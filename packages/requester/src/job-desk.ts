import { assuranceOf } from '@souk/availability'
import {
  type JobRow,
  jobs,
  newJob,
  type PauseRow,
  pauses,
  put,
  restoreAudits,
  taskKey,
  tasks,
} from '@souk/engine'
import type { Candidate, OfferEntry } from '@souk/market'
import { type Demand, errorMessage, type Hex } from '@souk/protocol'
import { estimateJob, leasesFor } from './assurance-estimate.ts'
import { checkedTerms } from './assurance-terms.ts'
import { AuditBook, liarsOf } from './audit-book.ts'
import { AvailabilityDesk, type PlannedOffer } from './availability-desk.ts'
import { BudgetError } from './budget.ts'
import { buyLeases } from './buy-leases.ts'
import { forgetCheckpoints } from './checkpoint-desk.ts'
import { noLease, shortageIn } from './job-error.ts'
import { JobRunner } from './job-runner.ts'
import type { JobEventReport, JobSpec, JobStarted } from './job-spec.ts'
import { comparedTerms } from './job-terms.ts'
import { keepContent } from './keep-content.ts'
import { askQuote, negotiate } from './negotiate.ts'
import { SilenceError } from './next-frame.ts'
import { PoolDesk } from './pool-desk.ts'
import { PoolError } from './pool-money.ts'
import { withinBudget } from './pool-negotiation.ts'
import type { PurchaseBook } from './purchase-book.ts'
import type { Unfinished } from './recover.ts'
import { boundIn, byWorth } from './reliability-order.ts'
import { watchJob } from './reliability-watch.ts'
import type { RequesterOptions } from './requester-options.ts'
import type { RequesterParts } from './requester-parts.ts'
import { type Claimable, keptFirst } from './reserve-claims.ts'
import { readPause } from './runway-pause.ts'
import { SecretDesk } from './secret-desk.ts'

/** Milliseconds between two looks at whether jobs have the leases that they want: each dials who is away. */
const PLAN_LOOK_MS = 30_000

/** Starts jobs, buys leases for them, and takes up those of earlier runs. */
export class JobDesk {
  readonly #options: RequesterOptions
  readonly #parts: RequesterParts
  readonly #book: PurchaseBook
  readonly #secrets: SecretDesk
  readonly #audits: AuditBook
  readonly #availability: AvailabilityDesk
  /** The leases of jobs that grow and shrink. */
  readonly pools: PoolDesk
  #lookAtMs = 0

  constructor(options: RequesterOptions, parts: RequesterParts, book: PurchaseBook) {
    this.#options = options
    this.#parts = parts
    this.#book = book
    this.#secrets = new SecretDesk(options.journal, options.secrets)
    this.#availability = new AvailabilityDesk({ ...parts, journal: options.journal })
    this.#audits = new AuditBook(options.journal, options.dateMs)
    const { journal, dateMs, onProblem, config } = options
    this.pools = new PoolDesk({
      ...{ journal, dateMs, onProblem, chain: parts.chain, blockSeconds: config.blockSeconds },
      candidates: (runner) => this.#candidates(runner, []),
    })
  }

  /** Journals a job, buys its leases, dispatches; see `Requester.run`, also for what it throws. */
  async run(
    spec: JobSpec,
    id: string,
    onEvent: (event: JobEventReport | JobStarted) => void,
  ): Promise<JobRunner> {
    const { market } = this.#parts
    await market.measure(spec.demand)
    const kept = this.#book.reservations.candidates(spec.demand)
    const offers =
      kept.length > 0 ? [...kept, ...market.match(spec.demand).candidates] : market.require(spec.demand)
    this.#book.head()
    const terms = comparedTerms(spec, offers, this.#options.runLocally !== undefined)
    const plan = await this.#availability.plan({ ...spec, ...terms }, this.#planned(terms.demand))
    const least = leasesFor(assuranceOf(spec.assurance))
    if (spec.pool !== undefined) this.pools.check(spec.pool, terms.demand, offers, least)
    const leases = plan?.chosen.peers.length ?? (spec.pool ? Math.max(spec.pool.min, least) : spec.leases)
    const runner = await this.#begin({ ...spec, ...terms, leases }, id)
    onEvent({ kind: 'started', job: id, atMs: this.#options.dateMs() })
    runner.subscribe(onEvent)
    runner.report({ kind: 'estimate', ...estimateJob(spec, offers, this.#audits.before()) })
    const { gpu } = terms.demand.resources
    if (gpu !== null && terms.demand !== spec.demand)
      runner.report({ kind: 'device-class', model: gpu.model })
    const failures: unknown[] = []
    if (plan !== null) await this.#availability.adopt(runner, plan)
    const found = await runner.search(leases, failures)
    if (found > 0) {
      await this.#requireAvailable(runner, failures)
      return runner
    }
    if (await runner.waitsFor(failures)) return runner
    await runner.failWithout(failures)
    throw noLease(failures)
  }

  /** Closes the leases of a job that is over, and waits until each has ended on its channel. */
  async release(runner: JobRunner): Promise<void> {
    await runner.release()
    await runner.vacated
  }

  /** Goes on with the jobs of an earlier run; their leases are resumed afterwards. */
  async takeUp(found: Unfinished['jobs']): Promise<void> {
    const { journal, blocks, clock } = this.#options
    await this.#audits.load()
    const owners = new Set<string>()
    for (const { job, tasks: list, served } of found) {
      const pause = await readPause(journal, job.row.id)
      await this.#availability.takeUp(job.row.id)
      restoreAudits(job, await liarsOf(journal, job.row.id), clock(), this.#audits.before())
      const runner = this.#adopt(new JobRunner(job, list, served, this.#services(), pause))
      await this.pools.takeUp(runner)
      for (const owner of await runner.recoverCheckpoints()) owners.add(owner)
    }
    await forgetCheckpoints(blocks, owners)
    for (const runner of [...this.#parts.jobs.values()]) await this.#takeUpSecrets(runner)
  }

  /** Gives attempts to other leases whose own ended while nobody watched. */
  giveUpStranded(): void {
    for (const runner of this.#parts.jobs.values()) {
      const stranded = [...runner.job.inFlight].filter((attempt) => {
        const lease = runner.leaseOf(attempt)
        return lease === undefined || !runner.leases.has(lease)
      })
      if (stranded.length > 0) void runner.post({ type: 'lost', attempts: stranded })
    }
  }

  /** Keeps the content of a job, and its rows, before anything is bought for it. */
  async #begin(spec: JobSpec & Pick<JobRow, 'comparator'>, id: string): Promise<JobRunner> {
    const { journal, blocks, dateMs } = this.#options
    const secrets = await this.#secrets.read(spec)
    const served = await keepContent(blocks, id, spec)
    const { runLocally, random } = this.#options
    const checked = await checkedTerms(spec, { blocks, random, canRun: runLocally !== undefined })
    const row: JobRow = {
      ...{ id, name: spec.name.slice(0, 256), ...checked },
      comparator: spec.comparator,
      ...{ deadlineMs: spec.deadlineMs, tasks: spec.tasks.length, createdAtMs: dateMs() },
      ...{ open: spec.open ?? false, state: 'running', demand: spec.demand, leases: spec.leases },
      ...(spec.standby === undefined ? {} : { standby: spec.standby }),
      ...(spec.service === true ? { service: true } : {}),
    }
    const job = newJob(row, this.#audits.before())
    const rows = spec.tasks.map((task, index) => put(tasks, taskKey(id, index), task))
    rows.push(...this.#secrets.rows(id, spec.secrets), ...this.pools.rows(row, spec.pool))
    const pause: PauseRow = { graceMs: spec.graceMs ?? 0, paused: null }
    await journal.commit([put(jobs, id, job.row), put(pauses, id, pause), ...rows], 'synced')
    this.#secrets.hold(id, secrets)
    const runner = this.#adopt(new JobRunner(job, spec.tasks, served, this.#services(), pause))
    this.pools.adopt(runner, spec.pool)
    return runner
  }

  /** Takes care of a job until its last lease has ended. */
  #adopt(runner: JobRunner): JobRunner {
    const { jobs: running } = this.#parts
    const { id } = runner.job.row
    running.set(id, runner)
    watchJob(runner, this.#parts)
    runner.subscribe(({ kind }) => {
      if (kind === 'lease-over') this.#replenish(runner)
    })
    const over = async () => {
      this.#secrets.forget(id)
      this.#availability.forget(id)
      this.pools.forget(id)
      await this.release(runner)
      running.delete(id)
    }
    const { onProblem } = this.#options
    runner.finished.then(over).catch((error) => onProblem(`job ${id} did not give its leases back`, error))
    return runner
  }

  #services() {
    const { journal, blocks, clock, dateMs, runLocally, onFatal, onProblem } = this.#options
    const { node, budget, chain, court, cases, reliability } = this.#parts
    return {
      ...{ node, journal, blocks, clock, dateMs, runLocally, fatal: onFatal, onProblem },
      acquire: (runner: JobRunner, count: number, failures: unknown[]) =>
        this.#acquire(runner, count, failures),
      isAsleep: (runner: JobRunner) => this.pools.of(runner.job.row.id)?.isAsleep === true,
      caught(runner: JobRunner, lease: Hex, index: number) {
        const purchase = cases.get(lease)?.purchase
        if (purchase !== undefined) void court?.caught(purchase, runner.job.row.id, index)
      },
      audited: (account: Hex, verdict: 'valid' | 'wrong') => {
        this.#audits.note(account, verdict).catch(onFatal)
        // A wrong one is told of as caught; a right one counts for its account.
        if (verdict === 'valid') reliability.note({ account, subject: account }, { kind: 'verified' })
      },
      askNext: (runner: JobRunner) => this.#askNext(runner),
      covers: (deposit: bigint) => budget.shortage(deposit) === null,
      hasChain: () => chain.head() !== null,
      secretsOf: (job: string) => this.#secrets.of(job),
    }
  }

  /** Buys up to `count` leases for a job, from those that have lost the fewest, then by worth; or what its plan lacks. */
  async #acquire(runner: JobRunner, wanted: number, failures: unknown[]): Promise<number> {
    const { id } = runner.job.row
    const count = this.pools.of(id)?.allow(wanted) ?? wanted
    if (this.#availability.has(id)) {
      const isWanted = this.#availability.isWanted(id)
      const found = await this.#acquirePlanned(runner, failures)
      // Work that waits although the plan is met wants accounts that its leases are not of.
      if (found > 0 || isWanted || runner.leases.size === 0) return found
    }
    const claimed = await this.#claim(runner, count, failures)
    const bought = await buyLeases(this.#candidates(runner, failures), count - claimed, ({ entry }) =>
      this.#lease(runner, entry, runner.job.row.demand),
    )
    failures.push(...bought.failures)
    return claimed + bought.found
  }

  /** Leases up to `count` of what is kept for us, before anything else is bought. */
  async #claim(runner: JobRunner, count: number, failures: unknown[]): Promise<number> {
    const { reservations } = this.#book
    const kept = reservations.claimable(runner.job.row.demand, runner.unasked()).slice(0, count)
    const had = await Promise.allSettled(kept.map((one) => this.#take(runner, one)))
    for (const one of had) if (one.status === 'rejected') failures.push(one.reason)
    return had.filter(({ status }) => status === 'fulfilled').length
  }

  /** Leases what a reservation keeps. Throws what leasing throws. */
  async #take(runner: JobRunner, { lease, entry, demand }: Claimable): Promise<void> {
    const { reservations } = this.#book
    const ask = () => this.#lease(runner, entry, demand, lease)
    try {
      // Nobody else keeps it: who is only slow is asked once more.
      await ask().catch((error) => (error instanceof SilenceError ? ask() : Promise.reject(error)))
      await reservations.claimed(lease)
    } catch (error) {
      await reservations.failed(lease, error)
      throw error
    }
  }

  async #askNext(runner: JobRunner): Promise<void> {
    const [next] = this.#candidates(runner, [])
    if (next !== undefined) await askQuote(this.#book.negotiation(), next.entry, runner.job.row.demand)
  }

  #candidates(runner: JobRunner, failures: unknown[]): Candidate[] {
    const { demand } = runner.job.row
    const losses = ({ entry }: Candidate) => runner.lossesOf(entry.peerId)
    const { market, gpus, reliability } = this.#parts
    const leaving = this.pools.of(runner.job.row.id)?.leaving()
    const { candidates: found } = market.match(demand, runner.unasked(leaving))
    const worthy = byWorth(gpus.honest(found, failures), demand, boundIn(reliability, demand))
    reliability.learn(worthy.map(({ entry: { offer } }) => offer))
    return worthy.toSorted((a, b) => losses(a) - losses(b))
  }

  /** Returns the offers that a plan may take, those first that are asked first. */
  #planned(demand: Demand): PlannedOffer[] {
    const { market, gpus, reliability } = this.#parts
    const found = gpus.honest(market.match(demand).candidates, [])
    return keptFirst(
      this.#book.reservations.lasting(demand, new Set()),
      byWorth(found, demand, boundIn(reliability, demand)),
    )
  }

  #acquirePlanned(runner: JobRunner, failures: unknown[]): Promise<number> {
    const { demand } = runner.job.row
    const kept = () => this.#book.reservations.lasting(demand, runner.unasked())
    const offered = (refused: ReadonlySet<string>) =>
      keptFirst(kept(), this.#candidates(runner, failures)).filter(({ entry }) => !refused.has(entry.peerId))
    return this.#availability.acquire(runner, offered, async (wanted) => {
      const bought: string[] = []
      const claims = new Map(kept().map((one) => [one.entry.peerId, one]))
      const { failures: why } = await buyLeases(wanted, wanted.length, async ({ entry }) => {
        const claim = claims.get(entry.peerId)
        await (claim === undefined ? this.#lease(runner, entry, demand) : this.#take(runner, claim))
        bought.push(entry.peerId)
      })
      failures.push(...why)
      return bought
    })
  }

  /** Fails a job that began with less than it wants: its user asked for that, and for nothing less. */
  async #requireAvailable(runner: JobRunner, failures: readonly unknown[]): Promise<void> {
    const lacks = await this.#availability.lacks(runner)
    if (lacks === null || runner.job.row.state !== 'running') return
    await runner.failWithout(failures)
    throw shortageIn(failures) === null ? lacks : noLease(failures)
  }

  /** Looks for another lease at once where a plan wants it, not only when work waits. */
  #replenish(runner: JobRunner): void {
    const { id, state, service, leases } = runner.job.row
    if (state !== 'running') return
    const isPlanned = this.#availability.has(id)
    if (isPlanned) this.#availability.wants(id)
    // Replicas wait for nobody: that one waits for a lease must not depend on all others being gone.
    else if (service !== true || runner.leases.size >= leases || this.pools.of(id) !== undefined) return
    runner
      .search(1)
      .catch((error) => this.#options.onProblem(`job ${id} did not replace a lease that it lost`, error))
  }

  /** Looks whether jobs have what they want: also those of an earlier run, and where nobody was to be had before. */
  tick(): void {
    this.pools.tick()
    const nowMs = this.#options.clock()
    if (nowMs < this.#lookAtMs) return
    this.#lookAtMs = nowMs + PLAN_LOOK_MS
    for (const runner of this.#parts.jobs.values()) void this.#look(runner)
  }

  async #look(runner: JobRunner): Promise<void> {
    try {
      const lacks = await this.#availability.lacks(runner)
      if (lacks !== null || runner.job.row.service === true) this.#replenish(runner)
    } catch (error) {
      this.#options.onProblem(`what job ${runner.job.row.id} lacks could not be looked at`, error)
    }
  }

  async #lease(runner: JobRunner, entry: OfferEntry, demand: Demand, of: Hex | null = null): Promise<void> {
    const pool = this.pools.of(runner.job.row.id)
    const negotiation = this.#book.negotiation()
    try {
      const lease = await negotiate(
        pool === undefined ? negotiation : withinBudget(pool.money, negotiation),
        entry,
        demand,
        runner.job.row.id,
        of,
      )
      // Nothing runs on a GPU that is not what its provider says.
      await this.#parts.gpus.first(lease, entry)
      runner.join(lease)
    } catch (error) {
      // What we cannot pay for nobody refused.
      if (!(error instanceof BudgetError) && !(error instanceof PoolError))
        runner.report({ kind: 'refused', peerId: entry.peerId, why: errorMessage(error) })
      throw error
    }
    this.#book.look()
  }

  /** Ends a job of an earlier run that cannot have its secrets: its tasks would find none. */
  async #takeUpSecrets(runner: JobRunner): Promise<void> {
    const { id } = runner.job.row
    const problem = await this.#secrets.takeUp(id)
    if (problem === null) return
    this.#options.onProblem(`job ${id} ends, because its secrets are not to be had`, problem)
    await runner.post({ type: 'stop', state: 'failed' })
  }
}
