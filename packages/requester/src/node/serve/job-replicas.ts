import { addBackend, createBalancer, pickBackend, removeBackend, settleBackend } from '@souk/elastic'
import type { Hex } from '@souk/protocol'
import type { JobRunner } from '../../job-runner.ts'
import type { SessionPlace } from '../../session-places.ts'
import type { Sessions } from '../../sessions.ts'
import { askCgi } from './cgi-replica.ts'
import type { ChosenReplica, ReplicaAnswer, ReplicaRequest, Replicas } from './front.ts'
import { askHttp } from './http-replica.ts'

/** Milliseconds in which a request whose stream was lost is taken up again: another replica is there sooner. */
const RESUME_MS = 1
/** Milliseconds for a replica to answer whether it is ready, before it is asked again. */
const HEALTH_MS = 5_000

export interface JobReplicasOptions {
  readonly sessions: Pick<Sessions, 'call' | 'forward'>
  /** The port on which the program serves HTTP; null for one that answers calls. */
  readonly port: number | null
  /** Path that a replica answers, with any status below 500, once it is ready. */
  readonly health: string
  /** Requests that one replica is given at the same time. */
  readonly concurrency: number
  /** Monotonic milliseconds. */
  clock(): number
  /** A number in [0, 1). */
  draw(): number
  /** A replica became ready. */
  ready(): void
  /** Hears what replicas write to standard error. */
  log?(replica: string, text: string): void
}

/** The running attempts of a job as the replicas of a service: none is given a request before it answered one of ours. */
export class JobReplicas implements Replicas {
  readonly #runner: Pick<JobRunner, 'job' | 'retired'>
  readonly #options: JobReplicasOptions
  readonly #balancer = createBalancer()
  readonly #asked = new Set<string>()
  readonly #stopping = new AbortController()

  constructor(runner: Pick<JobRunner, 'job' | 'retired'>, options: JobReplicasOptions) {
    this.#runner = runner
    this.#options = options
  }

  /** Replicas that answer. */
  get ready(): number {
    return this.#balancer.backends.size
  }

  /** Returns how many requests run on a lease. */
  on(lease: Hex): number {
    return this.#places()
      .filter((place) => place.lease === lease)
      .reduce((sum, { attempt }) => sum + (this.#balancer.backends.get(attempt)?.inFlight ?? 0), 0)
  }

  /** Chooses a replica with room, by the balancer of `@souk/elastic`. */
  choose(tried: ReadonlySet<string>): ChosenReplica | null {
    this.look()
    const { clock, draw, concurrency } = this.#options
    const { job, retired } = this.#runner
    const places = this.#places().filter(({ lease }) => !retired.has(lease) && !job.doubts.has(lease))
    const open = new Set(places.map(({ attempt }) => attempt).filter((attempt) => !tried.has(attempt)))
    const closed = [...this.#balancer.backends.values()].filter(
      ({ id, inFlight }) => inFlight >= concurrency || !open.has(id),
    )
    const except = new Set(closed.map(({ id }) => id))
    const id = pickBackend(this.#balancer, [draw(), draw()], clock(), except)
    const place = places.find(({ attempt }) => attempt === id)
    return place === undefined ? null : this.#chosen(place)
  }

  /** Forgets replicas that went, and asks those that came whether they are ready. */
  look(): void {
    const places = this.#places()
    const running = new Set(places.map(({ attempt }) => attempt))
    for (const id of [...this.#balancer.backends.keys()]) {
      if (!running.has(id)) removeBackend(this.#balancer, id)
    }
    for (const place of places) {
      const { attempt } = place
      if (this.#balancer.backends.has(attempt) || this.#asked.has(attempt)) continue
      this.#asked.add(attempt)
      void this.#meet(place).finally(() => this.#asked.delete(attempt))
    }
  }

  /** Asks no replica any more. */
  stop(): void {
    this.#stopping.abort()
  }

  /** Takes a replica in if it answers; one that does not yet is asked at the next look. */
  async #meet(place: SessionPlace): Promise<void> {
    const { health, clock, ready } = this.#options
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(HEALTH_MS)])
    try {
      const { status, body } = await this.#ask(place, healthRequest(health), signal)
      for await (const _ of body);
      if (status >= 500 || this.#stopping.signal.aborted) return
    } catch {
      return
    }
    addBackend(this.#balancer, place.attempt, 1, clock())
    ready()
  }

  #chosen(place: SessionPlace): ChosenReplica {
    return {
      name: place.attempt,
      ask: (request, signal) => this.#ask(place, request, signal),
      done: (result, ms) => {
        const outcome = result === 'answered' ? { latencyMs: ms } : result
        settleBackend(this.#balancer, place.attempt, outcome, this.#options.clock())
      },
    }
  }

  #ask(place: SessionPlace, request: ReplicaRequest, signal: AbortSignal): Promise<ReplicaAnswer> {
    const { sessions, port, log } = this.#options
    const target = { name: place.lease, task: place.task }
    const options = { signal, resumeMs: RESUME_MS }
    if (port !== null) return askHttp(() => sessions.forward(target, port, options), request, signal)
    const call = (one: Parameters<Sessions['call']>[1]) => sessions.call(target, one, options)
    return askCgi(call, request, signal, (text) => log?.(place.attempt, text))
  }

  #places(): SessionPlace[] {
    const { row, tasks, inFlight } = this.#runner.job
    return tasks.flatMap(({ index, slots }) =>
      slots.flatMap(({ attempt, lease }) =>
        inFlight.has(attempt) ? [{ job: row.id, task: index, attempt, lease, isRunning: true }] : [],
      ),
    )
  }
}

function healthRequest(path: string): ReplicaRequest {
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  return {
    ...{
      method: 'GET',
      url: path,
      headers: { host: 'localhost', 'user-agent': 'souk-health' },
      length: null,
    },
    ...{ remoteAddress: '127.0.0.1', body: nothing(), server: { name: 'localhost', port: 80 } },
    deadlineMs: HEALTH_MS,
  }
}
