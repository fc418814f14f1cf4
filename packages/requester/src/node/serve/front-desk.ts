import { createServer } from 'node:net'
import { type FrontRow, fronts, put } from '@souk/engine'
import { SoukError } from '@souk/protocol'
import type { Journal } from '@souk/storage'
import type { JobRunner } from '../../job-runner.ts'
import type { PoolRunner } from '../../pool-runner.ts'
import { readRow } from '../../read-rows.ts'
import type { Sessions } from '../../sessions.ts'
import { CLIENT_GONE, Front } from './front.ts'
import { JobReplicas } from './job-replicas.ts'

/** Milliseconds between two looks at which replicas are ready. */
const LOOK_MS = 250
/** Milliseconds that requests have to end when their service stops. */
const GRACE_MS = 10_000
/** Answers that a status speaks of: the newest. */
const NEWEST_ANSWERS = 1_000

/** A service could not be opened. */
export class ServeError extends SoukError<{ code: 'PORT_TAKEN'; host: string; port: number }> {}

/** How a service is to be reached; port 0 for any that is free. */
export type FrontRequest = FrontRow | (Omit<FrontRow, 'port'> & { readonly port: 0 })

/** Throws {@link ServeError} where a service could not listen: before anything is bought for it. */
export async function requirePort({ host, port }: FrontRequest): Promise<void> {
  const trial = createServer()
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    trial.once('error', reject)
    trial.listen(port, host, resolve)
    await promise
  } catch (cause) {
    throw portTaken(host, port, cause)
  } finally {
    trial.close()
  }
}

/** How a service stands. */
export interface FrontStatus {
  readonly job: string
  readonly name: string
  readonly url: string
  /** Replicas that answer. */
  readonly ready: number
  readonly waiting: number
  readonly active: number
  /** Requests since it was opened, and those of them that ended with a status of 500 or above. */
  readonly requests: number
  readonly errors: number
  /** Milliseconds within which half and 99 of 100 of the newest were answered; null of none. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

export interface FrontDeskOptions {
  readonly journal: Journal
  readonly sessions: Sessions
  readonly jobs: ReadonlyMap<string, JobRunner>
  poolOf(job: string): PoolRunner | undefined
  clock(): number
  draw(): number
  onProblem(sentence: string, error: unknown): void
}

interface Service {
  readonly runner: JobRunner
  readonly front: Front
  readonly replicas: JobReplicas
  readonly url: string
  readonly newestMs: number[]
  requests: number
  errors: number
}

/** The local ends of the services of one requester. */
export class FrontDesk {
  readonly #options: FrontDeskOptions
  readonly #services = new Map<string, Service>()
  /** Services of an earlier run whose port is not free yet, and those that are being tried. */
  readonly #closed = new Map<string, { runner: JobRunner; row: FrontRow }>()
  readonly #opening = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: FrontDeskOptions) {
    this.#options = options
  }

  /** Opens the local end of a job that is a service; resolves with its address. Throws {@link ServeError}. */
  async open(runner: JobRunner, request: FrontRequest): Promise<string> {
    const { journal } = this.#options
    const { id } = runner.job.row
    const service = await this.#start(runner, request)
    const port = Number(new URL(service.url).port)
    await journal.commit([put(fronts, id, { ...request, port })], 'committed')
    return service.url
  }

  /** Opens again what an earlier run had open, now or when its port is free again. */
  async takeUp(): Promise<void> {
    const { journal, jobs, onProblem } = this.#options
    for (const [id, runner] of jobs) {
      if (runner.job.row.service !== true) continue
      const row = await readRow(journal, fronts, id)
      if (row !== undefined) this.#closed.set(id, { runner, row })
      // Whoever asked for it was never told where it answers.
      else await runner.post({ type: 'stop', state: 'failed' })
    }
    for (const [id, { runner, row }] of this.#closed)
      await this.#reopen(id, runner, row).catch((error) =>
        onProblem(`service ${id} cannot be reached, and is tried again`, error),
      )
    this.#watch()
  }

  status(): FrontStatus[] {
    return [...this.#services].map(([job, { runner, front, replicas, url, newestMs, requests, errors }]) => {
      const sorted = newestMs.toSorted((a, b) => a - b)
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
      const counts = { waiting: front.waiting, active: front.active, requests, errors }
      return {
        ...{ job, name: runner.job.row.name, url, ready: replicas.ready, ...counts },
        ...{ p50Ms: at(0.5), p99Ms: at(0.99) },
      }
    })
  }

  /** Closes every local end; the jobs go on. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([...this.#services.values()].map((service) => this.#close(service, 0)))
    this.#services.clear()
  }

  async #start(runner: JobRunner, request: FrontRequest): Promise<Service> {
    const { sessions, clock, draw, onProblem } = this.#options
    const { id } = runner.job.row
    const { host, port, programPort, health, deadlineMs, concurrency, buffer } = request
    const ready = () => this.#services.get(id)?.front.roomy()
    const replicas = new JobReplicas(runner, {
      ...{ sessions, port: programPort, health, concurrency, clock, draw, ready },
    })
    const front = new Front({
      ...{ replicas, host, port, deadlineMs, buffer },
      onArrival: () => this.#options.poolOf(id)?.arrived(),
      onEnd: (end) => this.#note(id, end),
    })
    const bound = await front.start().catch((cause) => {
      throw portTaken(host, port, cause)
    })
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
    const service = { runner, front, replicas, url, newestMs: [], requests: 0, errors: 0 }
    this.#services.set(id, service)
    this.#options.poolOf(id)?.serve({
      get queued() {
        return front.waiting
      },
      get inFlight() {
        return front.active
      },
      on: (lease) => replicas.on(lease),
    })
    this.#watch()
    const over = async () => {
      this.#services.delete(id)
      await this.#close(service, GRACE_MS)
    }
    runner.finished.then(over).catch((error) => onProblem(`service ${id} did not close`, error))
    return service
  }

  async #reopen(id: string, runner: JobRunner, row: FrontRow): Promise<void> {
    await this.#start(runner, row)
    this.#closed.delete(id)
  }

  #watch(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
  }

  #look(): void {
    for (const [id, { runner, row }] of this.#closed) {
      if (runner.job.row.state !== 'running') this.#closed.delete(id)
      else if (!this.#opening.has(id)) {
        this.#opening.add(id)
        this.#reopen(id, runner, row)
          // Said once; it goes on until the port is free.
          .catch(() => {})
          .finally(() => this.#opening.delete(id))
      }
    }
    for (const { replicas, front } of this.#services.values()) {
      replicas.look()
      front.roomy()
    }
  }

  #note(id: string, { status, ms, waitedMs }: { status: number; ms: number; waitedMs: number }): void {
    const service = this.#services.get(id)
    if (service === undefined) return
    service.requests += 1
    if (status >= 500) service.errors += 1
    else if (status !== CLIENT_GONE) {
      service.newestMs.push(ms)
      if (service.newestMs.length > NEWEST_ANSWERS) service.newestMs.shift()
      this.#options.poolOf(id)?.served(waitedMs, ms - waitedMs)
    }
  }

  async #close({ front, replicas }: Service, graceMs: number): Promise<void> {
    await front.stop(graceMs)
    replicas.stop()
  }
}

function portTaken(host: string, port: number, cause: unknown): ServeError {
  return new ServeError(
    `expected to listen on ${host}:${port}, got: ${cause instanceof Error ? cause.message : cause}; give another, or 0 for any`,
    { code: 'PORT_TAKEN', host, port },
    { cause },
  )
}
