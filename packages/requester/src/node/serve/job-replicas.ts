import { addBackend, createBalancer, pickBackend, removeBackend, settleBackend } from '@souk/elastic'
import type { JobRunner } from '../../job-runner.ts'
import type { SessionPlace } from '../../session-places.ts'
import type { Sessions } from '../../sessions.ts'
import { askCgi } from './cgi-replica.ts'
import type { ChosenReplica, ReplicaAnswer, ReplicaRequest, Replicas } from './front.ts'
import { askHttp } from './http-replica.ts'

export interface JobReplicasOptions {
  readonly sessions: Sessions
  /** The port on which the program serves HTTP; null for one that answers calls. */
  readonly port: number | null
  /** Requests that one replica is given at the same time. */
  readonly concurrency: number
  /** Monotonic milliseconds. */
  clock(): number
  /** A number in [0, 1). */
  draw(): number
  /** Hears what replicas write to standard error. */
  log?(replica: string, text: string): void
}

/** The running attempts of a job as the replicas of a service. */
export class JobReplicas implements Replicas {
  readonly #job: JobRunner['job']
  readonly #options: JobReplicasOptions
  readonly #balancer = createBalancer()

  constructor({ job }: Pick<JobRunner, 'job'>, options: JobReplicasOptions) {
    this.#job = job
    this.#options = options
  }

  /** Replicas that run. */
  get size(): number {
    return this.#places().length
  }

  /** Chooses a replica with room, by the balancer of `@souk/elastic`. */
  choose(tried: ReadonlySet<string>): ChosenReplica | null {
    const places = this.#places()
    this.#know(places)
    const { clock, draw, concurrency } = this.#options
    const full = [...this.#balancer.backends.values()].filter(({ inFlight }) => inFlight >= concurrency)
    const except = new Set([...tried, ...full.map(({ id }) => id)])
    const id = pickBackend(this.#balancer, [draw(), draw()], clock(), except)
    const place = places.find(({ attempt }) => attempt === id)
    return place === undefined ? null : this.#chosen(place)
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

  /** Takes in replicas that came, and forgets those that went. */
  #know(places: readonly SessionPlace[]): void {
    const running = new Set(places.map(({ attempt }) => attempt))
    for (const id of [...this.#balancer.backends.keys()]) {
      if (!running.has(id)) removeBackend(this.#balancer, id)
    }
    for (const id of running) {
      if (!this.#balancer.backends.has(id)) addBackend(this.#balancer, id, 1, this.#options.clock())
    }
  }

  #ask(place: SessionPlace, request: ReplicaRequest, signal: AbortSignal): Promise<ReplicaAnswer> {
    const { sessions, port, log } = this.#options
    const target = { name: place.lease, task: place.task }
    if (port !== null) return askHttp(() => sessions.forward(target, port, { signal }), request, signal)
    const call = (one: Parameters<Sessions['call']>[1]) => sessions.call(target, one, { signal })
    return askCgi(call, request, signal, (text) => log?.(place.attempt, text))
  }

  #places(): SessionPlace[] {
    const { row, tasks, inFlight } = this.#job
    return tasks.flatMap(({ index, slots }) =>
      slots.flatMap(({ attempt, lease }) =>
        inFlight.has(attempt) ? [{ job: row.id, task: index, attempt, lease, isRunning: true }] : [],
      ),
    )
  }
}
