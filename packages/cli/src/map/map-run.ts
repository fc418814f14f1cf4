import { randomBytes } from 'node:crypto'
import { errorCode, type Hex } from '@souk/protocol'
import type { JobSummary } from '@souk/requester'
import type { Decided, JobRequest, LeaseRow } from '@souk/requester/node'
import type { Session } from '../commands/shared.ts'
import { follow, type JobEnd } from '../run/follow.ts'
import type { TopUpPlan } from '../run/top-up.ts'
import { Collector, type CollectorParts, type Wanted } from './collector.ts'
import type { Manifest, MapJob } from './manifest.ts'
import type { MapInput } from './map-inputs.ts'
import type { MapResults } from './map-results.ts'
import { MapScreen } from './map-screen.ts'

/** Tasks of one job: their names and files must fit into one message to the agent. More are done by several jobs. */
export const MOST_PER_JOB = 10_000
/** UTF-16 units that they may come to as JSON there. */
const TASKS_LENGTH = 4 * 1024 * 1024

/** What a command wants. */
export interface MapPlan {
  readonly inputs: readonly MapInput[]
  /** A job of all inputs, in their order. */
  readonly request: JobRequest
  /** As `--assurance` says it. */
  readonly assurance: string
  /** How often a task that failed is tried again. */
  readonly retries: number
  readonly json: boolean
  readonly topUp: TopUpPlan | undefined
}

/** What a command came to. */
export interface MapEnd {
  readonly jobs: readonly string[]
  /** Tasks that an earlier command did. */
  readonly before: number
  /** The last job, where it did not come to its end. */
  readonly stopped: JobEnd | null
}

/** Runs what has no result yet, in one job after the other, and takes in what comes. */
export class MapRun {
  readonly wanted: ReadonlyMap<string, Wanted>
  readonly #session: Session
  readonly #plan: MapPlan
  readonly #manifest: Manifest
  readonly #results: MapResults
  readonly #screen: MapScreen
  readonly #tries = new Map<string, number>()
  readonly #jobs: string[] = []

  constructor(
    session: Session,
    plan: MapPlan,
    digests: readonly Hex[],
    manifest: Manifest,
    results: MapResults,
  ) {
    this.#session = session
    this.#plan = plan
    this.#manifest = manifest
    this.#results = results
    this.wanted = new Map(
      plan.inputs.map((input, at) => [input.name, { at, input, digest: digests[at] ?? '0x' }]),
    )
    this.#screen = new MapScreen(process.stderr, () => this.counts())
  }

  /** Returns how many tasks have a result, or none and never will in this command. */
  counts(): { tasks: number; done: number; failed: number } {
    let [done, failed] = [0, 0]
    for (const one of this.wanted.values()) {
      if (this.isDone(one)) done += 1
      else if (this.#isGivenUp(one)) failed += 1
    }
    return { tasks: this.wanted.size, done, failed }
  }

  /** Tells whether a task has the result of what it is now. */
  isDone({ input, digest }: Wanted): boolean {
    const entry = this.#manifest.entries.get(input.name)
    const isSame = entry?.digest === digest && entry.assurance === this.#plan.assurance
    return isSame && entry.kind === 'done'
  }

  /** Tells whether every task has a result, of a program that ended with 0. */
  isClean(): boolean {
    return [...this.wanted.values()].every((one) => {
      const entry = this.#manifest.entries.get(one.input.name)
      return this.isDone(one) && entry?.kind === 'done' && entry.status === 'exit 0'
    })
  }

  /** Goes on with the job of an earlier command, then runs what is left. Throws as `follow` and `writeOutputs`. */
  async toEnd(): Promise<MapEnd> {
    const before = [...this.wanted.values()].filter((one) => this.isDone(one))
    for (const { at, input } of before) await this.#results.again(at, input)
    let stopped = await this.#resume()
    for (let next = this.#next(); stopped === null && next.length > 0; next = this.#next()) {
      stopped = await this.#runJob(next)
    }
    for (const one of this.wanted.values()) if (!this.isDone(one)) await this.#results.without(one.at)
    return { jobs: this.#jobs, before: before.length, stopped }
  }

  /**
   * Leaves what is left to the agent, as far as one job takes it, once what an earlier job gave is here; returns the job,
   * null where nothing is left.
   */
  async detach(): Promise<string | null> {
    const before = await this.#underWay()
    if (before?.isRunning === true) return before.job.id
    if (before !== null) await this.#collectOver(before.job)
    const next = this.#next()
    if (next.length === 0) return null
    const { id, request } = await this.#begin(next)
    await this.#session.owner.call('submit', request)
    return id
  }

  /** Takes up what an earlier command left; returns how that ended where it was early. */
  async #resume(): Promise<JobEnd | null> {
    const found = await this.#underWay()
    if (found === null) return null
    if (found.isRunning) return this.#attached(found.job, 'wait', { job: found.job.id })
    await this.#collectOver(found.job)
    return null
  }

  /** Takes in what a job gave that is over. What it did not do is done by another. */
  async #collectOver(job: MapJob): Promise<void> {
    this.#jobs.push(job.id)
    await this.#session.owner.call('wait', { job: job.id })
    await new Collector(job, this.#parts()).finish()
    this.#manifest.over()
  }

  /**
   * Returns the job that is not collected, if this agent knows it. One that runs and of whose open tasks some are no
   * longer wanted is stopped: what is wanted now is another job.
   */
  async #underWay(): Promise<{ job: MapJob; isRunning: boolean } | null> {
    const { job } = this.#manifest
    if (job === null) return null
    const { owner } = this.#session
    const summary = await owner.call<JobSummary>('summary', { job: job.id }).catch(unknown)
    if (summary === null) {
      this.#manifest.over()
      return null
    }
    if (summary.state !== 'running') return { job, isRunning: false }
    const decided = await this.#decided(job)
    const isStale = job.names.some((name, index) => {
      return !decided.has(index) && this.wanted.get(name)?.digest !== job.digests[index]
    })
    const isRunning = !isStale && job.assurance === this.#plan.assurance
    if (!isRunning) await owner.call('cancel', { job: job.id })
    return { job, isRunning }
  }

  async #decided({ id }: MapJob): Promise<Set<number>> {
    const decided = await this.#session.owner.call<Decided[]>('decided', { job: id })
    return new Set(decided.map(({ index }) => index))
  }

  /** Returns what is left to do, as much as one job takes. */
  #next(): Wanted[] {
    const left = [...this.wanted.values()].filter((one) => !this.isDone(one) && !this.#isGivenUp(one))
    const tasks = left.flatMap(({ at }) => this.#plan.request.tasks[at] ?? [])
    return left.slice(0, fitting(tasks))
  }

  #isGivenUp({ input }: Wanted): boolean {
    return (this.#tries.get(input.name) ?? 0) > this.#plan.retries
  }

  /** Writes down what a job will do, before it is started. */
  async #begin(next: readonly Wanted[]): Promise<{ id: string; request: JobRequest }> {
    const id = randomBytes(6).toString('hex')
    const { assurance } = this.#plan
    const request = await this.#withinBudget()
    const names = next.map(({ input }) => input.name)
    const digests = next.map(({ digest }) => digest)
    this.#manifest.begin({ id, names, digests, assurance })
    const tasks = next.flatMap(({ at }) => request.tasks[at] ?? [])
    return { id, request: { ...request, id, tasks } }
  }

  /** Returns the request with what the command's earlier jobs have left of its budget, deposits included. */
  async #withinBudget(): Promise<JobRequest> {
    const { request } = this.#plan
    const { pool } = request
    if (pool === undefined || this.#jobs.length === 0) return request
    const leases = await this.#session.owner.call<LeaseRow[]>('leases')
    const ours = leases.filter(({ job }) => this.#jobs.includes(job))
    const used = ours.reduce((sum, { settled, paid, deposit }) => sum + (settled ? paid : deposit), 0n)
    const amount = used < pool.budget.amount ? pool.budget.amount - used : 0n
    return { ...request, pool: { ...pool, budget: { ...pool.budget, amount } } }
  }

  async #runJob(next: readonly Wanted[]): Promise<JobEnd | null> {
    const { id, request } = await this.#begin(next)
    const { job } = this.#manifest
    if (job === null) throw new Error(`job ${id} was just begun`)
    return this.#attached(job, 'run', request)
  }

  /** Follows a job to its end and takes in its results; returns how it ended where that was early. */
  async #attached(job: MapJob, method: 'run' | 'wait', params: JobRequest | { job: string }) {
    this.#jobs.push(job.id)
    const collector = new Collector(job, this.#parts())
    const { json, topUp } = this.#plan
    const end = await follow(
      this.#session,
      { json, screen: this.#screen },
      method,
      params,
      topUp,
      (event) => {
        this.#screen.hear(event)
        collector.hear(event)
      },
    )
    await collector.finish()
    this.#manifest.over()
    const decided = await this.#decided(job)
    for (const index of decided) this.#count(job.names[index] ?? '', job.digests[index])
    return decided.size === job.names.length && !end.interrupted ? null : end
  }

  /** Counts a try of a task that has no result. */
  #count(name: string, digest: Hex | undefined): void {
    const wanted = this.wanted.get(name)
    if (wanted === undefined || wanted.digest !== digest || this.isDone(wanted)) return
    this.#tries.set(name, (this.#tries.get(name) ?? 0) + 1)
  }

  #parts(): CollectorParts {
    const changed = () => this.#screen.changed()
    const { owner } = this.#session
    return { owner, manifest: this.#manifest, results: this.#results, wanted: this.wanted, changed }
  }
}

/** A job that the agent does not know never began, or was forgotten. */
function unknown(error: unknown): null {
  if (errorCode(error) === 'UNKNOWN_JOB') return null
  throw error
}

/** Returns the digests of a job's tasks, asking the agent for as many at a time as a message takes. */
export async function digestsOf({ owner }: Pick<Session, 'owner'>, request: JobRequest): Promise<Hex[]> {
  const digests: Hex[] = []
  for (let rest = request.tasks; rest.length > 0; ) {
    const count = fitting(rest)
    digests.push(...(await owner.call<Hex[]>('digests', { ...request, tasks: rest.slice(0, count) })))
    rest = rest.slice(count)
  }
  return digests
}

/** Returns how many of the first tasks fit into one message. */
function fitting(tasks: JobRequest['tasks']): number {
  let length = 0
  for (const [at, task] of tasks.entries()) {
    length += JSON.stringify(task).length
    if (at === MOST_PER_JOB || (at > 0 && length > TASKS_LENGTH)) return at
  }
  return tasks.length
}
