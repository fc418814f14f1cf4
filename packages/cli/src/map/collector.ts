import { errorCode, errorMessage, type Hex } from '@souk/protocol'
import type { TaskOutcome } from '@souk/requester'
import type { Decided } from '@souk/requester/node'
import type { Owner } from '../owner.ts'
import type { AgentEvent } from '../run/follow.ts'
import type { Entry, Manifest, MapJob } from './manifest.ts'
import type { MapInput } from './map-inputs.ts'
import type { MapResults } from './map-results.ts'

/** Results that are fetched and written at the same time. */
const WRITERS = 16

/** An input with its place among all, and the digest that its task has now. */
export interface Wanted {
  readonly at: number
  readonly input: MapInput
  readonly digest: Hex
}

/** What collecting needs. */
export interface CollectorParts {
  readonly owner: Pick<Owner, 'call'>
  readonly manifest: Manifest
  readonly results: MapResults
  /** By name. */
  readonly wanted: ReadonlyMap<string, Wanted>
  /** Told of everything that comes in. */
  changed(): void
}

/** Takes in the results of one job as they come, some at a time. */
export class Collector {
  readonly #parts: CollectorParts
  readonly #job: MapJob
  readonly #queue: number[] = []
  readonly #taken = new Set<number>()
  readonly #writers = new Set<Promise<void>>()
  #problem: unknown = null

  constructor(job: MapJob, parts: CollectorParts) {
    this.#job = job
    this.#parts = parts
  }

  /** Hears what the agent tells of the job. */
  hear(event: AgentEvent): void {
    if (event.kind === 'accepted' || event.kind === 'task-failed') this.#want(event.index)
    if (event.kind !== 'recalled') return
    this.#taken.delete(event.index)
    const wanted = this.#wantedOf(event.index)
    if (wanted !== undefined) this.#parts.manifest.note(wanted.input.name, null)
  }

  /** Takes in what is decided and was not heard of, and waits for all of it. Throws what writing throws. */
  async finish(): Promise<void> {
    const decided = await this.#parts.owner.call<Decided[]>('decided', { job: this.#job.id })
    for (const { index } of decided) this.#want(index)
    while (this.#writers.size > 0) await Promise.all(this.#writers)
    if (this.#problem !== null) throw this.#problem
  }

  #want(index: number): void {
    if (this.#taken.has(index) || this.#problem !== null) return
    this.#taken.add(index)
    this.#queue.push(index)
    if (this.#writers.size >= WRITERS) return
    const writer = this.#write().finally(() => this.#writers.delete(writer))
    this.#writers.add(writer)
  }

  /** A folder that cannot be written ends the writing; the job goes on, and its results stay with the agent. */
  async #write(): Promise<void> {
    for (let index = this.#queue.shift(); index !== undefined; index = this.#queue.shift()) {
      try {
        await this.#take(index)
      } catch (error) {
        this.#problem = error
        this.#queue.length = 0
      }
    }
  }

  async #take(index: number): Promise<void> {
    const wanted = this.#wantedOf(index)
    if (wanted === undefined) return
    const { owner, manifest } = this.#parts
    const { id: job } = this.#job
    const outcome = await owner.call<TaskOutcome | undefined>('outcome', { job, index }).catch(lost(index))
    if (outcome === undefined) return
    const entry = await this.#entry(wanted, outcome)
    if (this.#taken.has(index)) manifest.note(wanted.input.name, entry)
    this.#parts.changed()
  }

  async #entry({ at, input, digest }: Wanted, outcome: TaskOutcome): Promise<Entry> {
    const { results, manifest } = this.#parts
    const common = { digest, job: this.#job.id, assurance: this.#job.assurance }
    if (outcome.failure !== null) return { kind: 'failed', ...common, ...outcome.failure }
    const before = manifest.entries.get(input.name)
    return { kind: 'done', ...common, ...(await results.take(at, input, this.#job.id, outcome, before)) }
  }

  /** Returns what a task is wanted for; undefined where its input or its program is another one by now. */
  #wantedOf(index: number): Wanted | undefined {
    const wanted = this.#parts.wanted.get(this.#job.names[index] ?? '')
    return wanted?.digest === this.#job.digests[index] ? wanted : undefined
  }
}

/** A result whose content is no longer kept is as good as none. */
function lost(index: number): (error: unknown) => TaskOutcome {
  return (error) => {
    if (errorCode(error) !== 'MISSING_BLOCKS') throw error
    const failure = { code: errorCode(error), message: errorMessage(error) }
    return { index, output: null, stdoutBytes: 0, failure }
  }
}
