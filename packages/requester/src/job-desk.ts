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
import { estimateJob } from './assurance-estimate.ts'
import { checkedTerms } from './assurance-terms.ts'
import { AuditBook, liarsOf } from './audit-book.ts'
import { BudgetError } from './budget.ts'
import { buyLeases } from './buy-leases.ts'
import { forgetCheckpoints } from './checkpoint-desk.ts'
import { noLease } from './job-error.ts'
import { JobRunner } from './job-runner.ts'
import type { JobEventReport, JobSpec, JobStarted } from './job-spec.ts'
import { comparedTerms } from './job-terms.ts'
import { keepContent } from './keep-content.ts'
import { negotiate } from './negotiate.ts'
import type { PurchaseBook } from './purchase-book.ts'
import type { Unfinished } from './recover.ts'
import { boundIn, byWorth } from './reliability-order.ts'
import { watchJob } from './reliability-watch.ts'
import type { RequesterOptions } from './requester-options.ts'
import type { RequesterParts } from './requester-parts.ts'
import { readPause } from './runway-pause.ts'
import { SecretDesk } from './secret-desk.ts'

/** Starts jobs, buys leases for them, and takes up those of earlier runs. */
export class JobDesk {
  readonly #options: RequesterOptions
  readonly #parts: RequesterParts
  readonly #book: PurchaseBook
  readonly #secrets: SecretDesk
  readonly #audits: AuditBook

  constructor(options: RequesterOptions, parts: RequesterParts, book: PurchaseBook) {
    this.#options = options
    this.#parts = parts
    this.#book = book
    this.#secrets = new SecretDesk(options.journal, options.secrets)
    this.#audits = new AuditBook(options.journal, options.dateMs)
  }

  /** Journals a job, buys its leases, dispatches; see `Requester.run`, also for what it throws. */
  async run(
    spec: JobSpec,
    id: string,
    onEvent: (event: JobEventReport | JobStarted) => void,
  ): Promise<JobRunner> {
    const { market } = this.#parts
    await market.measure(spec.demand)
    const offers = market.require(spec.demand)
    this.#book.head()
    const terms = comparedTerms(spec, offers, this.#options.runLocally !== undefined)
    const runner = await this.#begin({ ...spec, ...terms }, id)
    onEvent({ kind: 'started', job: id, atMs: this.#options.dateMs() })
    runner.subscribe(onEvent)
    runner.report({ kind: 'estimate', ...estimateJob(spec, offers, this.#audits.before()) })
    const { gpu } = terms.demand.resources
    if (gpu !== null && terms.demand !== spec.demand)
      runner.report({ kind: 'device-class', model: gpu.model })
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

  /** Goes on with the jobs of an earlier run; their leases are resumed afterwards. */
  async takeUp(found: Unfinished['jobs']): Promise<void> {
    const { journal, blocks, clock } = this.#options
    await this.#audits.load()
    const owners = new Set<string>()
    for (const { job, tasks: list, served } of found) {
      const pause = await readPause(journal, job.row.id)
      restoreAudits(job, await liarsOf(journal, job.row.id), clock(), this.#audits.before())
      const runner = this.#adopt(new JobRunner(job, list, served, this.#services(), pause))
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
    }
    const job = newJob(row, this.#audits.before())
    const rows = spec.tasks.map((task, index) => put(tasks, taskKey(id, index), task))
    rows.push(...this.#secrets.rows(id, spec.secrets))
    const pause: PauseRow = { graceMs: spec.graceMs ?? 0, paused: null }
    await journal.commit([put(jobs, id, job.row), put(pauses, id, pause), ...rows], 'synced')
    this.#secrets.hold(id, secrets)
    return this.#adopt(new JobRunner(job, spec.tasks, served, this.#services(), pause))
  }

  /** Takes care of a job until its last lease has ended. */
  #adopt(runner: JobRunner): JobRunner {
    const { jobs: running } = this.#parts
    const { id } = runner.job.row
    running.set(id, runner)
    watchJob(runner, this.#parts)
    void runner.finished.then(async () => {
      this.#secrets.forget(id)
      await this.release(runner)
      running.delete(id)
    })
    return runner
  }

  #services() {
    const { journal, blocks, clock, dateMs, runLocally, onFatal } = this.#options
    const { node, budget, court, cases } = this.#parts
    return {
      ...{ node, journal, blocks, clock, dateMs, runLocally, fatal: onFatal },
      acquire: (runner: JobRunner, count: number, failures: unknown[]) =>
        this.#acquire(runner, count, failures),
      caught(runner: JobRunner, lease: Hex, index: number) {
        const purchase = cases.get(lease)?.purchase
        if (purchase !== undefined) void court?.caught(purchase, runner.job.row.id, index)
      },
      audited: (account: Hex, verdict: 'valid' | 'wrong') => {
        this.#audits.note(account, verdict).catch(onFatal)
      },
      covers: (deposit: bigint) => budget.shortage(deposit) === null,
      secretsOf: (job: string) => this.#secrets.of(job),
    }
  }

  /** Buys up to `count` leases for a job, from those that have lost the fewest, then by worth. */
  async #acquire(runner: JobRunner, count: number, failures: unknown[]): Promise<number> {
    const { demand } = runner.job.row
    const losses = ({ entry }: Candidate) => runner.lossesOf(entry.peerId)
    const { market, gpus, reliability } = this.#parts
    const { candidates: found } = market.match(demand, runner.unasked())
    const worthy = byWorth(gpus.honest(found, failures), demand, boundIn(reliability, demand))
    const candidates = worthy.toSorted((a, b) => losses(a) - losses(b))
    const bought = await buyLeases(candidates, count, ({ entry }) => this.#lease(runner, entry, demand))
    failures.push(...bought.failures)
    return bought.found
  }

  async #lease(runner: JobRunner, entry: OfferEntry, demand: Demand): Promise<void> {
    try {
      const lease = await negotiate(this.#book.negotiation(), entry, demand, runner.job.row.id)
      // Nothing runs on a GPU that is not what its provider says.
      await this.#parts.gpus.first(lease, entry)
      runner.join(lease)
    } catch (error) {
      // What we cannot pay for nobody refused.
      if (!(error instanceof BudgetError))
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
