import type { ExecutionNews } from '@souk/runtime'
import { AttemptLog } from './attempt-log.ts'

/** Attempts that are over and whose log is still kept on a lease. */
const ENDED_LOGS = 8

/** One attempt on a lease, as its requester may look into it. */
export interface BookedAttempt {
  readonly id: string
  readonly log: AttemptLog
  /** Aborts when the attempt ends. */
  readonly ended: AbortSignal
}

/** The attempts of one lease: those that run, and the newest that ran. */
export class AttemptBook {
  readonly #running = new Map<string, BookedAttempt>()
  readonly #over = new Map<string, BookedAttempt>()

  /** Notes that an attempt begins; returns what hears of it, and the call at its end. */
  begin(id: string): { hear(news: ExecutionNews): void; end(): void } {
    const log = new AttemptLog()
    const ended = new AbortController()
    const attempt = { id, log, ended: ended.signal }
    this.#running.set(id, attempt)
    return {
      hear(news) {
        if (news.kind === 'log') log.add(news.stream, news.bytes)
      },
      end: () => {
        log.end()
        ended.abort()
        this.#running.delete(id)
        this.#over.set(id, attempt)
        const [oldest] = this.#over.keys()
        if (this.#over.size > ENDED_LOGS && oldest !== undefined) this.#over.delete(oldest)
      },
    }
  }

  find(id: string): BookedAttempt | undefined {
    return this.#running.get(id) ?? this.#over.get(id)
  }

  running(): BookedAttempt[] {
    return [...this.#running.values()]
  }
}
