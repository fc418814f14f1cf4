import {
  type Assignment,
  accepted,
  advanceJob,
  type Delivery,
  type Job,
  type JobEffect,
  type JobEvent,
  ProgramLoop,
  taskKey,
  usableCredit,
} from '@souk/engine'
import { fetchContent, type SoukNode } from '@souk/network'
import { type FailureCode, type Hex, LIMITS, type Output, type Task, taskContent } from '@souk/protocol'
import { type BlockStore, contentBlocks, type Journal, missingBlocks, readContent } from '@souk/storage'
import type { JobEventReport, TaskResult } from './job-spec.ts'
import type { LeaseUser, PurchaseRunner } from './purchase-runner.ts'

/** What a job needs from the process around it. */
export interface JobServices {
  readonly node: SoukNode
  readonly journal: Journal
  readonly blocks: BlockStore
  clock(): number
  dateMs(): number
  /** Finds `count` more leases for the job; resolves with how many came. */
  acquire(runner: JobRunner, count: number): Promise<number>
  fatal(error: unknown): void
}

/** Looks for more leases without any success after which a starved job is given up. */
const FRUITLESS_SEARCHES = 5
/** Bytes of a block that rides along with its attempt instead of being fetched. */
const RIDE_BYTES = 8 * 1024

/** An event of a job without its time. */
type Report = JobEventReport extends infer E ? (E extends unknown ? Omit<E, 'atMs'> : never) : never

/** Carries out the effects of one job's program over the leases it holds. */
export class JobRunner implements LeaseUser {
  readonly job: Job
  readonly tasks: readonly Task[]
  readonly deadlineMs: number
  readonly leases = new Map<Hex, PurchaseRunner>()
  /** Every event so far, for whoever attaches later. */
  readonly history: JobEventReport[] = []
  readonly finished: Promise<'done' | 'failed' | 'cancelled'>
  readonly #services: JobServices
  readonly #loop: ProgramLoop<JobEvent, JobEffect>
  readonly #listeners = new Set<(event: JobEventReport) => void>()
  readonly #content: ReadonlySet<string>
  readonly #finish: (state: 'done' | 'failed' | 'cancelled') => void
  readonly #fetching: Promise<void>[] = []
  #searching = false
  #fruitless = 0
  #done = 0

  constructor(job: Job, tasks: readonly Task[], served: ReadonlySet<string>, services: JobServices) {
    this.job = job
    this.tasks = tasks
    this.deadlineMs = job.row.deadlineMs
    this.#services = services
    this.#content = served
    this.#done = job.tasks.filter((task) => task.state !== 'open').length
    const { promise, resolve } = Promise.withResolvers<'done' | 'failed' | 'cancelled'>()
    this.finished = promise
    this.#finish = resolve
    this.#loop = new ProgramLoop({
      advance: (event, nowMs) => advanceJob(job, event, nowMs),
      perform: (effect) => this.#perform(effect),
      clock: services.clock,
      fail: services.fatal,
    })
  }

  /** Feeds one event to the program. */
  post(event: JobEvent): Promise<void> {
    return this.#loop.post(event)
  }

  /** Adds a lease to the job and dispatches to it. */
  join(runner: PurchaseRunner): void {
    this.leases.set(runner.lease, runner)
    runner.user = this
    const { lease, quote, peerId, negotiatedMs } = runner.state.purchase
    const { provider, resultSigner: subject } = quote
    this.report({ kind: 'lease', lease, provider, subject, peerId, negotiatedMs: negotiatedMs ?? 0 })
    this.capacity(runner)
  }

  /** Calls back for each event from now on; returns the undo. */
  subscribe(listener: (event: JobEventReport) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notes an event and tells everyone who listens. */
  report(report: Report): void {
    const event = { ...report, atMs: this.#services.dateMs() } as JobEventReport
    this.history.push(event)
    for (const listener of this.#listeners) listener(event)
  }

  /** Tells whether this peer holds a lease of the job and the block belongs to the job. */
  authorizes(peerId: string, cid: string): boolean {
    if (!this.#content.has(cid)) return false
    return [...this.leases.values()].some((runner) => runner.state.purchase.peerId === peerId)
  }

  /** Returns the result of a task with its content; `undefined` while it is not decided. */
  async result(index: number): Promise<TaskResult | undefined> {
    const { journal, blocks } = this.#services
    const bytes = await journal.get(accepted.table, taskKey(this.job.row.id, index))
    if (bytes === undefined) return undefined
    const { output, failure, message } = accepted.codec.decode(bytes)
    if (output === null) {
      return {
        index,
        output,
        stdout: new Uint8Array(),
        files: [],
        failure: { code: failure ?? 'internal', message },
      }
    }
    const files = []
    for (const [path, cid] of output.files) files.push({ path, bytes: await readContent(blocks, cid) })
    return { index, output, stdout: await readContent(blocks, output.stdout), files, failure: null }
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
  }

  deliver(_runner: PurchaseRunner, deliveries: readonly Delivery[]): void {
    for (const { attempt, output } of deliveries) void this.post({ type: 'result', attempt, output })
  }

  failed(runner: PurchaseRunner, attempt: string, code: FailureCode, message: string): void {
    this.report({ kind: 'failed', lease: runner.lease, attempt, code, message })
    void this.post({ type: 'failed', attempt, code, message })
  }

  suspend(runner: PurchaseRunner, attempts: readonly string[]): void {
    this.report({ kind: 'suspended', lease: runner.lease, attempts })
    void this.post({ type: 'lost', attempts })
  }

  capacity(runner: PurchaseRunner): void {
    const { lease, quote } = runner.state.purchase
    const { provider: account, resultSigner: subject } = quote
    void this.post({ type: 'lease', lease, account, subject, credit: usableCredit(runner.state) })
  }

  /** Tells the job that a lease is over; what ran there was suspended before. */
  over(runner: PurchaseRunner, phase: 'closed' | 'lost', why: string): void {
    const { lease, quote } = runner.state.purchase
    this.report({ kind: 'lease-over', lease, subject: quote.resultSigner, phase, why })
    this.leases.delete(lease)
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
      case 'accepted':
        // Not awaited: fetching the content of one result must not keep others from being dispatched.
        this.#fetching.push(this.#accepted(effect.index, effect.output, effect.agreeing))
        return
      case 'task-failed': {
        const { index, code, message } = effect
        this.#done += 1
        return this.report({ kind: 'task-failed', index, code, message })
      }
      case 'caught': {
        const { index, lease, subject } = effect
        return this.report({ kind: 'caught', index, lease, subject })
      }
      case 'starved':
        return this.#starved()
      case 'finished':
        void this.#conclude(effect.state)
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
    for (const { attempt, n, index } of assignments) {
      const task = this.tasks[index]
      if (task === undefined) continue
      items.push({
        attempt: { id: attempt, n, task, deadlineMs: this.deadlineMs },
        inline: await this.#inline(task),
      })
    }
    this.report({ kind: 'dispatched', lease, attempts })
    void runner.post({ type: 'dispatch', items })
  }

  /** Returns the small blocks of a task; large ones are fetched once and cached by the provider. */
  async #inline(task: Task): Promise<Uint8Array[]> {
    const inline: Uint8Array[] = []
    let room: number = LIMITS.inlineBytes
    for (const cid of taskContent(task)) {
      const block = await this.#services.blocks.get(cid)
      if (block === undefined || block.byteLength > Math.min(room, RIDE_BYTES)) continue
      inline.push(block)
      room -= block.byteLength
    }
    return inline
  }

  async #accepted(index: number, output: Output, agreeing: readonly string[]): Promise<void> {
    await this.#fetch(output, agreeing)
    this.#done += 1
    this.report({
      kind: 'accepted',
      index,
      done: this.#done,
      total: this.job.row.tasks,
      status: output.status,
    })
  }

  async #conclude(state: 'done' | 'failed' | 'cancelled'): Promise<void> {
    await Promise.all(this.#fetching)
    this.report({ kind: 'finished', state })
    this.#finish(state)
  }

  /** Brings an accepted output's content here, from any provider that agreed on it. */
  async #fetch(output: Output, agreeing: readonly string[]): Promise<void> {
    const { node, blocks } = this.#services
    const peers = agreeing.flatMap((attempt) => this.#peerOf(attempt))
    for (const cid of [output.stdout, ...output.files.map((file) => file[1])]) {
      await blocks.pin(this.job.row.id, [cid])
      for (const peer of peers) {
        if ((await missingBlocks(blocks, cid)).length === 0) break
        await fetchContent(node, peer, cid, blocks).catch(() => {})
      }
      await blocks.pin(this.job.row.id, await contentBlocks(blocks, cid))
    }
  }

  /** Returns the lease that an attempt was given to, unless a newer attempt has fenced it. */
  leaseOf(attempt: string): Hex | undefined {
    const place = this.job.where.get(attempt)
    return place && this.job.tasks[place.index]?.slots[place.slot]?.lease
  }

  #peerOf(attempt: string): string[] {
    const lease = this.leaseOf(attempt)
    const runner = lease && this.leases.get(lease)
    return runner === undefined ? [] : [runner.state.purchase.peerId]
  }

  /** Looks for leases beside the program; one search at a time. */
  #starved(): void {
    if (this.#searching) return
    this.#searching = true
    this.report({ kind: 'starved' })
    void this.#services.acquire(this, Math.max(1, this.job.row.k - this.leases.size)).then((found) => {
      this.#searching = false
      this.#fruitless = found > 0 ? 0 : this.#fruitless + 1
      if (this.#fruitless >= FRUITLESS_SEARCHES) void this.post({ type: 'stop', state: 'failed' })
    })
  }
}
