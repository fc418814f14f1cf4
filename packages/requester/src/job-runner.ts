import {
  type Assignment,
  advanceJob,
  attemptTask,
  type Delivery,
  type Job,
  type JobEffect,
  type JobEvent,
  MOST_TASKS,
  neededCheckpoints,
  type PauseRow,
  ProgramLoop,
  type Shortage,
  type Slot,
  usableCredit,
} from '@souk/engine'
import type { SoukNode } from '@souk/network'
import {
  errorCode,
  errorMessage,
  type FailureCode,
  type Hex,
  LIMITS,
  type SecretFiles,
  type Task,
  taskContent,
} from '@souk/protocol'
import { type BlockStore, type Journal, StorageError } from '@souk/storage'
import { CheckpointDesk, checkpointOwner } from './checkpoint-desk.ts'
import { jobClosed, missingContent, shortageIn, tooManyTasks } from './job-error.ts'
import { tellMembers } from './job-members.ts'
import type { JobEventReport, TaskResult } from './job-spec.ts'
import { KeptOutputs } from './kept-outputs.ts'
import { fetchOutput } from './output-content.ts'
import { ProgressMeter } from './progress-meter.ts'
import type { LeaseUser, PurchaseRunner } from './purchase-runner.ts'
import { readResult } from './read-result.ts'
import { PauseDesk } from './runway-pause.ts'

/** What a job needs from the process around it. */
export interface JobServices {
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  clock(): number
  dateMs(): number
  /** Buys up to `count` more leases for the job; resolves with how many came, after noting why others did not. */
  acquire(runner: JobRunner, count: number, failures: unknown[]): Promise<number>
  /** Tells whether a deposit of so many base units could be set aside now. */
  covers(deposit: bigint): boolean
  /** A result of this lease contradicts what its quorum accepted; the evidence is in the journal. */
  caught(runner: JobRunner, lease: Hex, index: number): void
  /** What providers of the job get as secrets. */
  secretsOf(job: string): SecretFiles
  fatal(error: unknown): void
}

/** Leases that a provider may lose during one job before it is asked no more: each costs a start fee. */
const MOST_LOSSES = 3
/** Looks for more leases without any success after which a starved job is given up. */
const FRUITLESS_SEARCHES = 5
/** Bytes of a block that rides along with its attempt instead of being fetched. */
const RIDE_BYTES = 8 * 1024
/** Events kept for whoever attaches later; a job of any size keeps its newest. */
const HISTORY_EVENTS = 4_096

/** An event of a job without its time. */
type Report = JobEventReport extends infer E ? (E extends unknown ? Omit<E, 'atMs'> : never) : never

/** Carries out the effects of one job's program over the leases it holds. */
export class JobRunner implements LeaseUser {
  readonly job: Job
  readonly tasks: Task[]
  readonly deadlineMs: number
  readonly leases = new Map<Hex, PurchaseRunner>()
  /** The newest events, for whoever attaches later. */
  readonly history: JobEventReport[] = []
  readonly finished: Promise<'done' | 'failed' | 'cancelled'>
  /** Settles when the job is over and its last lease too, or when the process stops. */
  readonly vacated: Promise<void>
  readonly #services: JobServices
  readonly #loop: ProgramLoop<JobEvent, JobEffect>
  readonly #listeners = new Set<(event: JobEventReport) => void>()
  readonly #content: ReadonlySet<string>
  readonly #finish: (state: 'done' | 'failed' | 'cancelled') => void
  readonly #vacate: () => void
  readonly #stopping = new AbortController()
  readonly #losses = new Map<string, number>()
  readonly #kept: KeptOutputs
  readonly #checkpoints: CheckpointDesk
  /** Blocks that rode along with attempts, by lease. */
  readonly #sent = new WeakMap<PurchaseRunner, Set<string>>()
  readonly #pause: PauseDesk
  readonly #startedMs: number
  readonly #doneBefore: number
  #searching = false
  #membersChanged = false
  readonly #progress: ProgressMeter
  /** Bytes that each peer was given. */
  readonly #given = new Map<string, number>()
  #fruitless = 0
  #done = 0

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
    this.#progress = new ProgressMeter((one) => this.report({ kind: 'progress', ...one }), services.clock)
    this.#kept = new KeptOutputs(services.blocks, job.row.id)
    const { node, blocks } = services
    const isContent = (cid: string) => served.has(cid)
    this.#checkpoints = new CheckpointDesk({ node, blocks, job: job.row.id, isContent })
    this.#done = job.tasks.filter((task) => task.state !== 'open').length
    this.#doneBefore = this.#done
    this.#startedMs = services.clock()
    const finished = Promise.withResolvers<'done' | 'failed' | 'cancelled'>()
    this.finished = finished.promise
    this.#finish = finished.resolve
    const vacated = Promise.withResolvers<void>()
    this.vacated = vacated.promise
    this.#vacate = vacated.resolve
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceJob(job, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: services.fatal,
    })
    this.#pause = new PauseDesk(pause, {
      job: job.row.id,
      journal: services.journal,
      dateMs: services.dateMs,
      covers: services.covers,
      paused: (shortage, untilMs) => this.report({ kind: 'paused', ...shortage, untilMs }),
      resumed: (pausedMs) => this.report({ kind: 'resumed', pausedMs }),
      search: () => void this.#lookForLeases(),
      giveUp: () => void this.post({ type: 'stop', state: 'failed' }),
      fatal: services.fatal,
    })
    this.#pause.begin()
  }

  /** What the job waits for money for; null while it does not wait. */
  get shortage(): Shortage | null {
    return this.#pause.shortage
  }

  /** Leases that a task needs at the same time and the job does not have. */
  get lacking(): number {
    return Math.max(1, this.job.row.k - this.leases.size)
  }

  /** Seconds that the open tasks take at the pace of this process so far; null before the first was done. */
  secondsToDo(): number | null {
    const done = this.#done - this.#doneBefore
    if (done === 0) return null
    return (this.job.open * (this.#services.clock() - this.#startedMs)) / done / 1000
  }

  /** Lets time pass. */
  tick(): void {
    void this.post({ type: 'tick' })
    if (this.#membersChanged) tellMembers(this.leases.values())
    this.#membersChanged = false
    if (this.job.row.state === 'running') this.#pause.look(this.job.inFlight.size > 0, this.#searching)
  }

  /** Waits for money where nothing else kept anyone from leasing; resolves with whether it does. */
  async waitsFor(failures: readonly unknown[]): Promise<boolean> {
    const shortage = this.#shortageIn(failures)
    return shortage !== null && (await this.#pause.searched(shortage))
  }

  /** Fails for want of leases, and notes where it was money that kept anyone from leasing. */
  async failWithout(failures: readonly unknown[]): Promise<void> {
    const shortage = this.#shortageIn(failures)
    if (shortage !== null) await this.#pause.end(shortage)
    await this.post({ type: 'stop', state: 'failed' })
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
    const missing = tasks.flatMap(taskContent).find((cid) => !this.#content.has(cid))
    if (missing !== undefined) throw missingContent(missing)
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
    this.leases.set(runner.lease, runner)
    runner.user = this
    runner.tellSecrets()
    const { lease, quote, peerId, negotiatedMs } = runner.state.purchase
    const { provider, resultSigner: subject } = quote
    this.#membersChanged = true
    this.report({ kind: 'lease', lease, provider, subject, peerId, negotiatedMs: negotiatedMs ?? 0 })
    this.capacity(runner)
  }

  secrets(): SecretFiles {
    return this.#services.secretsOf(this.job.row.id)
  }

  /** Calls back for each event from now on; returns the undo. */
  subscribe(listener: (event: JobEventReport) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notes an event and tells everyone who listens. */
  report(report: Report): void {
    const event = { ...report, atMs: this.#services.dateMs() } as JobEventReport
    if (event.kind !== 'progress') this.history.push(event)
    if (this.history.length > HISTORY_EVENTS) this.history.shift()
    for (const listener of this.#listeners) listener(event)
  }

  /** Notes that a block of the job was given to a peer. */
  gave(peerId: string, bytes: number): void {
    const haveBytes = (this.#given.get(peerId) ?? 0) + bytes
    this.#given.set(peerId, haveBytes)
    this.#progress.note({ what: 'upload', name: peerId, haveBytes, totalBytes: null })
  }

  /** Tells whether this peer holds a lease of the job and the block belongs to the job. */
  authorizes(peerId: string, cid: string): boolean {
    if (!this.#content.has(cid) && !this.#checkpoints.serves(cid)) return false
    return [...this.leases.values()].some((runner) => runner.state.purchase.peerId === peerId)
  }

  /** Returns the result of a task with its content; `undefined` while it is not decided. */
  result(index: number): Promise<TaskResult | undefined> {
    return readResult(this.#services.journal, this.#services.blocks, this.job.row.id, index)
  }

  /**
   * Closes every lease of the job whose provider is there, the others when it is there again or given up;
   * {@link vacated} tells when each has ended on its channel.
   */
  async release(): Promise<void> {
    const present = [...this.leases.values()].filter((lease) => lease.state.connected)
    await Promise.all(present.map((lease) => lease.close()))
  }

  /** Tells whether results of a lease wait for others to be compared with. */
  awaits(lease: Hex): boolean {
    const isWaiting = (slot: Slot) => slot.state === 'result' && slot.lease === lease
    return this.job.tasks.some((task) => task.state === 'open' && task.slots.some(isWaiting))
  }

  /** Returns how many leases of this job a provider has lost. */
  lossesOf(peerId: string): number {
    return this.#losses.get(peerId) ?? 0
  }

  /** Returns the peers that are not asked for a lease: they hold one, or have lost too many. */
  unasked(): Set<string> {
    const holders = [...this.leases.values()].map((lease) => lease.state.purchase.peerId)
    const losers = [...this.#losses].flatMap(([peerId, losses]) => (losses >= MOST_LOSSES ? [peerId] : []))
    return new Set([...holders, ...losers])
  }

  /** Looks for `count` more leases, unless a search is under way; resolves with how many came. */
  async search(count: number, failures: unknown[] = []): Promise<number> {
    if (this.#searching) return 0
    this.#searching = true
    try {
      return await this.#services.acquire(this, count, failures)
    } finally {
      this.#searching = false
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#checkpoints.stop()
    await this.#loop.stop()
    await this.#pause.stop()
    this.#vacate()
  }

  deliver(runner: PurchaseRunner, deliveries: readonly Delivery[]): void {
    void this.#receiveAll(runner, deliveries)
  }

  failed(runner: PurchaseRunner, attempt: string, code: FailureCode, message: string): void {
    this.report({ kind: 'failed', lease: runner.lease, attempt, code, message })
    void this.post({ type: 'failed', attempt, code, message })
  }

  saved(runner: PurchaseRunner, attempt: string, checkpoint: { cid: string; bytes: number }): void {
    void this.#takeCheckpoint(runner, attempt, checkpoint)
  }

  /** Takes up what an earlier run kept; returns on whose behalf that is pinned. */
  async recoverCheckpoints(): Promise<string[]> {
    const owners: string[] = []
    for (const task of this.job.tasks) {
      for (const cid of neededCheckpoints(task)) {
        const isHere = await this.#checkpoints.recover(task.index, cid)
        if (isHere) owners.push(checkpointOwner(this.job.row.id, task.index, cid))
      }
    }
    return owners
  }

  suspend(runner: PurchaseRunner, attempts: readonly string[]): void {
    this.report({ kind: 'suspended', lease: runner.lease, attempts })
    void this.post({ type: 'lost', attempts })
  }

  capacity(runner: PurchaseRunner): void {
    const { lease, quote } = runner.state.purchase
    const { provider: account, resultSigner: subject } = quote
    void this.post({ type: 'lease', lease, account, subject, credit: usableCredit(runner.state) })
    if (this.job.row.state !== 'running' && runner.state.connected) void runner.close()
  }

  /** Tells the job that a lease is over; what ran there was suspended before. */
  over(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void {
    const { lease, quote, peerId } = runner.state.purchase
    if (!this.leases.delete(lease)) return
    this.#membersChanged = true
    if (phase === 'lost') this.#countLoss(peerId)
    this.report({ kind: 'lease-over', lease, subject: quote.resultSigner, phase, why })
    if (this.leases.size === 0 && this.job.row.state !== 'running') this.#vacate()
  }

  async #perform(effect: JobEffect): Promise<void> {
    switch (effect.do) {
      case 'persist':
        return this.#services.journal.commit(effect.writes, effect.durability)
      case 'dispatch':
        return this.#dispatch(effect.lease, effect.assignments)
      case 'cancel':
        void this.leases.get(effect.lease)?.post({ type: 'cancel', attempts: effect.attempts })
        return
      case 'accepted': {
        const { index, output } = effect
        this.#done += 1
        const { tasks: total } = this.job.row
        return this.report({ kind: 'accepted', index, done: this.#done, total, status: output.status })
      }
      case 'task-failed': {
        const { index, code, message } = effect
        this.#done += 1
        return this.report({ kind: 'task-failed', index, code, message })
      }
      case 'kept': {
        const { index, attempt, bytes } = effect
        return this.report({ kind: 'checkpoint', index, attempt, bytes })
      }
      case 'needed':
        return this.#checkpoints.keepOnly(effect.index, effect.cids)
      case 'ahead':
        void this.leases.get(effect.lease)?.post({ type: 'ahead', cid: effect.cid })
        return
      case 'caught': {
        const { index, lease, subject } = effect
        this.#services.caught(this, lease, index)
        return this.report({ kind: 'caught', index, lease, subject })
      }
      case 'starved':
        return this.#starved()
      case 'finished':
        this.#checkpoints.stop()
        this.report({ kind: 'finished', state: effect.state })
        this.#finish(effect.state)
        if (this.leases.size === 0) this.#vacate()
        return
    }
  }

  async #dispatch(lease: Hex, assignments: readonly Assignment[]): Promise<void> {
    const runner = this.leases.get(lease)
    const attempts = assignments.map((assignment) => assignment.attempt)
    if (runner === undefined) {
      void this.post({ type: 'lost', attempts })
      return
    }
    const items = []
    for (const { attempt, n, index, checkpoint } of assignments) {
      const own = this.tasks[index]
      if (own === undefined) continue
      const task = attemptTask(own, checkpoint)
      if (checkpoint !== null) this.report({ kind: 'continued', index, attempt, lease })
      items.push({
        attempt: { id: attempt, n, task, deadlineMs: this.deadlineMs },
        inline: await this.#inline(runner, task),
      })
    }
    this.report({ kind: 'dispatched', lease, attempts })
    void runner.post({ type: 'dispatch', items })
  }

  /**
   * Returns the small blocks of a task that the lease was not sent yet; what it lost since and large ones are fetched
   * and cached by the provider.
   */
  async #inline(runner: PurchaseRunner, task: Task): Promise<Uint8Array[]> {
    const inline: Uint8Array[] = []
    const sent = this.#sentTo(runner)
    let room: number = LIMITS.inlineBytes
    for (const cid of taskContent(task)) {
      if (sent.has(cid)) continue
      const block = await this.#services.blocks.get(cid)
      if (block === undefined || block.byteLength > Math.min(room, RIDE_BYTES)) continue
      inline.push(block)
      sent.add(cid)
      room -= block.byteLength
    }
    return inline
  }

  #sentTo(runner: PurchaseRunner): Set<string> {
    const sent = this.#sent.get(runner) ?? new Set()
    this.#sent.set(runner, sent)
    return sent
  }

  /** Gives the results to the program whose content is here at once, the others as their content comes. */
  async #receiveAll(runner: PurchaseRunner, deliveries: readonly Delivery[]): Promise<void> {
    const here: Delivery[] = []
    for (const delivery of deliveries) {
      if (await this.#isHere(delivery)) here.push(delivery)
      else void this.#receive(runner, delivery)
    }
    if (here.length > 0) void this.post({ type: 'results', results: here })
  }

  async #isHere({ attempt, output }: Delivery): Promise<boolean> {
    const place = this.job.where.get(attempt)
    const limits = place && this.tasks[place.index]?.limits
    if (place === undefined || limits === undefined) return true
    if (this.job.tasks[place.index]?.state !== 'open') return true
    // Where the store fails, the longer way says so.
    return this.#kept.keepIfHere(output, limits).catch(() => false)
  }

  /** Gives a result to the program once its content is here; beside the program, which must go on meanwhile. */
  async #receive(runner: PurchaseRunner, { attempt, output }: Delivery): Promise<void> {
    const place = this.job.where.get(attempt)
    const task = place && this.tasks[place.index]
    const isWanted = place !== undefined && this.job.tasks[place.index]?.state === 'open'
    try {
      if (isWanted && task !== undefined) await this.#fetch(runner, task, output)
      await this.post({ type: 'results', results: [{ attempt, output }] })
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#notKept(runner, attempt, error)
    }
  }

  /** Runs an attempt again whose content did not come; a provider that does not give it is left. */
  #notKept(runner: PurchaseRunner, attempt: string, error: unknown): void {
    const message = `the content of the result could not be kept: ${errorMessage(error)}`
    if (error instanceof StorageError) {
      this.failed(runner, attempt, 'internal', message)
      return
    }
    this.report({ kind: 'failed', lease: runner.lease, attempt, code: 'internal', message })
    this.#countLoss(runner.state.purchase.peerId)
    void runner.close()
    void this.post({ type: 'lost', attempts: [attempt] })
  }

  #fetch(runner: PurchaseRunner, task: Task, output: Delivery['output']): Promise<void> {
    const { node, blocks } = this.#services
    const { peerId } = runner.state.purchase
    const maxBytes = task.limits.outputBytes
    const { signal } = this.#stopping
    const onProgress = (haveBytes: number, totalBytes: number) =>
      this.#progress.note({ what: 'download', name: peerId, haveBytes, totalBytes })
    const { files } = task.limits
    const transfer = { node, blocks, peerId, job: this.job.row.id, maxBytes, files, signal, onProgress }
    return fetchOutput(output, transfer)
  }

  /** Brings a checkpoint here beside the program, and tells its provider when that is over. */
  async #takeCheckpoint(
    runner: PurchaseRunner,
    attempt: string,
    { cid, bytes }: { cid: string; bytes: number },
  ): Promise<void> {
    const index = this.job.where.get(attempt)?.index
    const limits = index === undefined ? undefined : this.tasks[index]?.limits
    if (index === undefined || limits === undefined || this.job.row.state !== 'running') return
    const { peerId } = runner.state.purchase
    const told = { peerId, attempt, index, cid, bytes, limits }
    const atMs = this.#services.dateMs()
    const keep = () => this.post({ type: 'checkpoint', attempt, index, cid, bytes, atMs })
    try {
      if (!(await this.#checkpoints.take(told, keep))) return
    } catch (error) {
      this.#notTaken(runner, attempt, error)
    }
    void runner.post({ type: 'taken', attempt, cid })
  }

  /** A checkpoint that a connected provider does not give counts against it; its attempt goes on. */
  #notTaken(runner: PurchaseRunner, attempt: string, error: unknown): void {
    if (!runner.state.connected || this.#stopping.signal.aborted) return
    const [code, message] = [errorCode(error) ?? 'INTERNAL', errorMessage(error)]
    this.report({ kind: 'checkpoint-refused', lease: runner.lease, attempt, code, message })
    if (!(error instanceof StorageError)) this.#countLoss(runner.state.purchase.peerId)
  }

  #countLoss(peerId: string): void {
    this.#losses.set(peerId, this.lossesOf(peerId) + 1)
  }

  /** Returns the lease that an attempt was given to, unless a newer attempt has fenced it. */
  leaseOf(attempt: string): Hex | undefined {
    const place = this.job.where.get(attempt)
    return place && this.job.tasks[place.index]?.slots[place.slot]?.lease
  }

  /** Looks for leases beside the program; one search at a time, and none while money is waited for. */
  #starved(): void {
    if (this.#searching || this.shortage !== null) return
    this.report({ kind: 'starved' })
    void this.#lookForLeases()
  }

  async #lookForLeases(): Promise<void> {
    const failures: unknown[] = []
    const found = await this.search(this.lacking, failures)
    const shortage = found > 0 ? null : this.#shortageIn(failures)
    if (await this.#pause.searched(shortage)) return
    this.#fruitless = found > 0 ? 0 : this.#fruitless + 1
    if (this.#fruitless < FRUITLESS_SEARCHES || this.job.row.state !== 'running') return
    await this.failWithout(failures)
  }

  /** Returns what all leases lack that a task needs; null where it was not money. */
  #shortageIn(failures: readonly unknown[]): Shortage | null {
    return shortageIn(failures, this.lacking)
  }
}
