import {
  advanceJob,
  type Job,
  type JobEffect,
  type JobEvent,
  MOST_TASKS,
  type PauseRow,
  ProgramLoop,
  type Shortage,
  type Slot,
} from '@souk/engine'
import type { Hex, Task } from '@souk/protocol'
import { FailoverDesk } from './failover-desk.ts'
import { CheckpointIntake } from './job-checkpoint-intake.ts'
import { JobEffects } from './job-effects.ts'
import { jobClosed, tooManyTasks } from './job-error.ts'
import { JobLeaseUser } from './job-lease-user.ts'
import { JobLeases } from './job-leases.ts'
import { JobReports, type Report } from './job-reports.ts'
import { JobSearch } from './job-search.ts'
import type { JobParts, JobServices } from './job-services.ts'
import type { JobEventReport, TaskResult } from './job-spec.ts'
import { requireContent } from './keep-content.ts'
import { PeerLosses } from './peer-losses.ts'
import type { PurchaseRunner } from './purchase-runner.ts'
import { readResult } from './read-result.ts'

/** What leases hear as it happens: their rows come later in the same journal, and nothing leaves before those. */
const TO_LEASES: ReadonlySet<JobEffect['do']> = new Set(['dispatch', 'cancel', 'ahead'])

type End = 'done' | 'failed' | 'cancelled'

/** Carries out the effects of one job's program over the leases it holds. */
export class JobRunner {
  readonly job: Job
  readonly tasks: Task[]
  readonly deadlineMs: number
  readonly leases = new Map<Hex, PurchaseRunner>()
  /** Leases that are given nothing new. */
  readonly retired = new Set<Hex>()
  readonly #finished = Promise.withResolvers<End>()
  readonly #vacated = Promise.withResolvers<void>()
  readonly #services: JobServices
  readonly #loop: ProgramLoop<JobEvent, JobEffect>
  readonly #content: ReadonlySet<string>
  readonly #stopping = new AbortController()
  readonly #reports: JobReports
  readonly #losses = new PeerLosses()
  readonly #members = new JobLeases(this.leases)
  readonly #user: JobLeaseUser
  readonly #effects: JobEffects
  readonly #checkpoints: CheckpointIntake
  readonly #search: JobSearch
  readonly #failover: FailoverDesk
  readonly #startedMs: number
  readonly #doneBefore: number

  constructor(
    job: Job,
    tasks: readonly Task[],
    served: ReadonlySet<string>,
    services: JobServices,
    pause: PauseRow,
  ) {
    this.job = job
    this.tasks = [...tasks]
    this.deadlineMs = job.row.deadlineMs
    this.#services = services
    this.#content = served
    this.#reports = new JobReports(services)
    this.#startedMs = services.clock()
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceJob(job, event, nowMs),
      perform: (effect) => this.#effects.perform(effect),
      ahead: ({ do: what }) => TO_LEASES.has(what),
      clock: services.clock,
      fail: services.fatal,
    })
    const parts = this.#parts()
    const checkpoints = new CheckpointIntake(parts, (cid) => served.has(cid))
    const acquire = (count: number, failures: unknown[]) => services.acquire(this, count, failures)
    const isAsleep = () => services.isAsleep(this)
    const search = new JobSearch(parts, { lacking: () => this.lacking, acquire, isAsleep }, pause)
    this.#checkpoints = checkpoints
    this.#search = search
    this.#user = new JobLeaseUser(parts, checkpoints, (lease) => this.retired.has(lease))
    this.#failover = new FailoverDesk(parts, {
      leases: this.leases,
      search: (count, failures) => search.search(count, failures),
      askNext: () => services.askNext(this),
    })
    this.#effects = new JobEffects(parts, {
      leases: this.leases,
      checkpoints,
      search,
      failover: this.#failover,
      caught: (lease, index) => services.caught(this, lease, index),
      convicted: (account) => this.#shutOut(account),
      finished: (state) => this.#over(state),
    })
    this.#doneBefore = this.#effects.done
  }

  /** Settles when the job is over. */
  get finished(): Promise<End> {
    return this.#finished.promise
  }

  /** Settles when the job is over and its last lease too, or when the process stops. */
  get vacated(): Promise<void> {
    return this.#vacated.promise
  }

  /** The newest events, for whoever attaches later. */
  get history(): readonly JobEventReport[] {
    return this.#reports.history
  }

  /** What the job waits for money for; null while it does not wait. */
  get shortage(): Shortage | null {
    return this.#search.shortage
  }

  /** Leases that a task needs at the same time and the job does not have. */
  get lacking(): number {
    const { k, first = k } = this.job.row
    return Math.max(1, first - this.leases.size)
  }

  /** Seconds that the open tasks take at the pace of this process so far; null before the first was done. */
  secondsToDo(): number | null {
    const done = this.#effects.done - this.#doneBefore
    if (done === 0) return null
    return (this.job.open * (this.#services.clock() - this.#startedMs)) / done / 1000
  }

  /** Lets time pass. */
  tick(): void {
    void this.post({ type: 'tick' })
    this.#members.tellMembers()
    this.#search.tick()
    this.#failover.tick()
  }

  /** Waits for money where nothing else kept anyone from leasing; resolves with whether it does. */
  waitsFor(failures: readonly unknown[]): Promise<boolean> {
    return this.#search.waitsFor(failures)
  }

  /** Fails for want of leases, and notes where it was money that kept anyone from leasing. */
  failWithout(failures: readonly unknown[]): Promise<void> {
    return this.#search.failWithout(failures)
  }

  /** Feeds one event to the program. */
  post(event: JobEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /**
   * Adds tasks to an open job, whose content came with the job, and returns the index of the first. They are in the
   * journal before they are dispatched.
   *
   * Throws {@link JobError} `JOB_CLOSED`, `TOO_MANY_TASKS` or `MISSING_CONTENT`; then none was added.
   */
  add(tasks: readonly Task[]): number {
    const { row } = this.job
    if (!row.open || row.state !== 'running') throw jobClosed(row.id)
    const first = this.tasks.length
    if (first + tasks.length > MOST_TASKS) throw tooManyTasks(first + tasks.length)
    requireContent(tasks, this.#content)
    this.tasks.push(...tasks)
    void this.post({ type: 'add', tasks })
    return first
  }

  /** Ends an open job as soon as its tasks are decided. */
  seal(): Promise<void> {
    return this.post({ type: 'seal' })
  }

  /** Adds a lease to the job and dispatches to it; a job that is over closes it again. */
  join(runner: PurchaseRunner): void {
    this.#members.add(runner)
    runner.user = this.#user
    runner.tellSecrets()
    const { lease, quote, peerId, negotiatedMs } = runner.state.purchase
    const { provider, resultSigner: subject } = quote
    this.report({ kind: 'lease', lease, provider, subject, peerId, negotiatedMs: negotiatedMs ?? 0 })
    this.#user.capacity(runner)
  }

  /** Calls back for each event from now on; returns the undo. */
  subscribe(listener: (event: JobEventReport) => void): () => void {
    return this.#reports.subscribe(listener)
  }

  /** Notes an event and tells everyone who listens. */
  report(report: Report): void {
    this.#reports.report(report)
  }

  /** Notes that a block of the job was given to a peer. */
  gave(peerId: string, bytes: number): void {
    this.#reports.gave(peerId, bytes)
  }

  /** Tells whether this peer holds a lease of the job and the block belongs to the job. */
  authorizes(peerId: string, cid: string): boolean {
    return (this.#content.has(cid) || this.#checkpoints.serves(cid)) && this.#members.has(peerId)
  }

  /** Returns the result of a task with its content; `undefined` while it is not decided. */
  result(index: number): Promise<TaskResult | undefined> {
    return readResult(this.#services.journal, this.#services.blocks, this.job.row.id, index)
  }

  /**
   * Closes every lease of the job whose provider is there, the others when it is there again or given up;
   * {@link vacated} tells when each has ended on its channel.
   */
  release(): Promise<void> {
    return this.#members.closePresent()
  }

  /** Tells whether results of a lease wait for others to be compared with. */
  awaits(lease: Hex): boolean {
    const isWaiting = (slot: Slot) => slot.state === 'result' && slot.lease === lease
    return this.job.tasks.some((task) => task.state === 'open' && task.slots.some(isWaiting))
  }

  /** Returns how many leases of this job a provider has lost. */
  lossesOf(peerId: string): number {
    return this.#losses.of(peerId)
  }

  /** Returns the peers that are not asked for a lease: they hold one that is not `leaving`, or have lost too many. */
  unasked(leaving: ReadonlySet<Hex> = new Set()): Set<string> {
    return new Set([...this.#members.holders(leaving), ...this.#losses.losers()])
  }

  /** Gives a lease nothing new from now on, or takes that back; what it has it goes on with. */
  retire(lease: Hex, isRetired: boolean): void {
    const runner = this.leases.get(lease)
    if (runner === undefined || this.retired.has(lease) === isRetired) return
    if (isRetired) this.retired.add(lease)
    else this.retired.delete(lease)
    this.#user.capacity(runner)
  }

  /** Tells whether an account gave this job a wrong result: it gets no lease of it. */
  excludes(account: Hex): boolean {
    return this.job.audits?.excluded.has(account) === true
  }

  /** Looks for `count` more leases, unless a search is under way; resolves with how many came. */
  search(count: number, failures: unknown[] = []): Promise<number> {
    return this.#search.search(count, failures)
  }

  /** Takes up checkpoints that an earlier run kept; returns on whose behalf they are pinned. */
  recoverCheckpoints(): Promise<string[]> {
    return this.#checkpoints.recover()
  }

  /** Returns the lease that an attempt was given to, unless a newer attempt has fenced it. */
  leaseOf(attempt: string): Hex | undefined {
    const place = this.job.where.get(attempt)
    return place && this.job.tasks[place.index]?.slots[place.slot]?.lease
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#checkpoints.stop()
    await this.#loop.stop()
    await this.#search.stop()
    this.#vacated.resolve()
  }

  /** Tells the job that a lease is over; what ran there was suspended before. */
  over(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void {
    const { lease, quote, peerId } = runner.state.purchase
    if (!this.#members.remove(lease)) return
    this.retired.delete(lease)
    if (phase === 'lost') this.#losses.count(peerId)
    this.report({ kind: 'lease-over', lease, subject: quote.resultSigner, phase, why })
    if (this.leases.size === 0 && this.job.row.state !== 'running') this.#vacated.resolve()
  }

  #parts(): JobParts {
    return {
      job: this.job,
      tasks: this.tasks,
      services: this.#services,
      reports: this.#reports,
      losses: this.#losses,
      signal: this.#stopping.signal,
      post: (event) => this.post(event),
    }
  }

  /** Closes the leases of an account; what they gave stays evidence until it was brought before the court. */
  #shutOut(account: Hex): void {
    for (const runner of this.leases.values()) {
      if (runner.state.purchase.quote.provider === account) void runner.close()
    }
  }

  #over(state: End): void {
    this.#checkpoints.stop()
    this.report({ kind: 'finished', state })
    this.#finished.resolve(state)
    if (this.leases.size === 0) this.#vacated.resolve()
  }
}
