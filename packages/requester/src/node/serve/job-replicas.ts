import type { JobRunner } from '../../job-runner.ts'
import type { SessionPlace } from '../../session-places.ts'
import type { Sessions } from '../../sessions.ts'
import { askCgi } from './cgi-replica.ts'
import type { ChosenReplica, ReplicaAnswer, ReplicaRequest, Replicas } from './front.ts'
import { askHttp } from './http-replica.ts'

/** Milliseconds for which a replica that was lost to a request is given none: most are about to be called gone. */
const SHUNNED_MS = 1_000

export interface JobReplicasOptions {
  readonly sessions: Sessions
  /** The port on which the program serves HTTP; null for one that answers calls. */
  readonly port: number | null
  /** Requests that one replica is given at the same time. */
  readonly concurrency: number
  /** Monotonic milliseconds. */
  clock(): number
  /** Hears what replicas write to standard error. */
  log?(replica: string, text: string): void
}

/** What is known of a replica. */
interface Standing {
  busy: number
  shunnedUntilMs: number
}

/** The running attempts of a job as the replicas of a service. */
export class JobReplicas implements Replicas {
  readonly #job: JobRunner['job']
  readonly #options: JobReplicasOptions
  readonly #standings = new Map<string, Standing>()

  constructor({ job }: Pick<JobRunner, 'job'>, options: JobReplicasOptions) {
    this.#job = job
    this.#options = options
  }

  /** Replicas that run. */
  get size(): number {
    return this.#places().length
  }

  /** Chooses the replica with the fewest requests, of those with room. */
  choose(tried: ReadonlySet<string>): ChosenReplica | null {
    const nowMs = this.#options.clock()
    const free = this.#places()
      .map((place) => ({ place, standing: this.#standing(place.attempt) }))
      .filter(({ place, standing }) => {
        const isOpen = standing.busy < this.#options.concurrency && standing.shunnedUntilMs <= nowMs
        return isOpen && !tried.has(place.attempt)
      })
    const least = free.toSorted((a, b) => a.standing.busy - b.standing.busy)[0]
    return least === undefined ? null : this.#chosen(least.place, least.standing)
  }

  #chosen(place: SessionPlace, standing: Standing): ChosenReplica {
    standing.busy += 1
    return {
      name: place.attempt,
      ask: (request, signal) => this.#ask(place, request, signal),
      done: (result) => {
        standing.busy -= 1
        if (result === 'lost') standing.shunnedUntilMs = this.#options.clock() + SHUNNED_MS
        if (standing.busy === 0 && !this.#job.inFlight.has(place.attempt))
          this.#standings.delete(place.attempt)
      },
    }
  }

  #ask(place: SessionPlace, request: ReplicaRequest, signal: AbortSignal): Promise<ReplicaAnswer> {
    const { sessions, port, log } = this.#options
    const target = { name: place.lease, task: place.task }
    if (port !== null) return askHttp(() => sessions.forward(target, port, { signal }), request, signal)
    const call = (one: Parameters<Sessions['call']>[1]) => sessions.call(target, one, { signal })
    return askCgi(call, request, signal, (text) => log?.(place.attempt, text))
  }

  #standing(attempt: string): Standing {
    const known = this.#standings.get(attempt) ?? { busy: 0, shunnedUntilMs: 0 }
    this.#standings.set(attempt, known)
    return known
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
