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
  /** What calls of it have sent to be asked with, and is held here. */
  readonly bodies: HeldBodies
}

/** Bytes of the bodies of all calls of one attempt that are not over. */
export interface HeldBodies {
  bytes: number
}

/** An attempt whose end is only made known to those who ask: most end without anybody looking into them. */
class Booked implements BookedAttempt {
  readonly id: string
  readonly log = new AttemptLog()
  readonly bodies = { bytes: 0 }
  isExecuting = false
  #ended: AbortController | null = null
  #isOver = false

  constructor(id: string) {
    this.id = id
  }

  get ended(): AbortSignal {
    this.#ended ??= new AbortController()
    if (this.#isOver) this.#ended.abort()
    return this.#ended.signal
  }

  end(): void {
    this.#isOver = true
    this.log.end()
    this.#ended?.abort()
  }
}

/** What is noted of one attempt. */
export interface BookEntry {
  hear(news: ExecutionNews): void
  /** Its program has ended; what it left may still have to be kept. */
  ran(): void
  end(): void
}

/** The attempts of one lease: those that run, and the newest that ran. */
export class AttemptBook {
  readonly #running = new Map<string, Booked>()
  readonly #over = new Map<string, BookedAttempt>()

  /** Notes that an attempt begins. */
  begin(id: string): BookEntry {
    const attempt = new Booked(id)
    this.#running.set(id, attempt)
    return {
      hear(news) {
        if (news.kind === 'started') attempt.isExecuting = true
        if (news.kind === 'log') attempt.log.add(news.stream, news.bytes)
      },
      ran() {
        attempt.isExecuting = false
      },
      end: () => {
        attempt.end()
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

  /** Returns those whose programs run: begun, and not ended. */
  executing(): string[] {
    return [...this.#running.values()].flatMap(({ id, isExecuting }) => (isExecuting ? [id] : []))
  }

  running(): BookedAttempt[] {
    return [...this.#running.values()]
  }
}
