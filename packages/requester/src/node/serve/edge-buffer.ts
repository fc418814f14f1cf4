import { SoukError } from '@souk/protocol'

/** No replica had room for a request in time; `retryAfterSeconds` is what the client is told. */
export class BusyError extends SoukError<{
  code: 'BUFFER_FULL' | 'WAITED_TOO_LONG'
  retryAfterSeconds: number
}> {}

export interface EdgeBufferOptions<Place> {
  /** Returns a place for one request, or null where there is none now. */
  find(): Place | null
  /** Requests that may wait at the same time. */
  readonly most: number
  /** Milliseconds that one may wait. */
  readonly waitMs: number
}

interface Waiting<Place> {
  readonly give: (place: Place) => void
  readonly end: () => void
}

/** Requests that wait for a place, the oldest first: what a burst needs while replicas start, and no more. */
export class EdgeBuffer<Place> {
  readonly #options: EdgeBufferOptions<Place>
  readonly #waiting = new Set<Waiting<Place>>()

  constructor(options: EdgeBufferOptions<Place>) {
    this.#options = options
  }

  /** Requests that wait. */
  get length(): number {
    return this.#waiting.size
  }

  /** Resolves with a place. Throws {@link BusyError}, or the reason of `signal`. */
  async take(signal: AbortSignal): Promise<Place> {
    signal.throwIfAborted()
    const place = this.#waiting.size === 0 ? this.#options.find() : null
    if (place !== null) return place
    const { most, waitMs } = this.#options
    if (this.#waiting.size >= most) throw busy('BUFFER_FULL', `at most ${most} requests to wait`, waitMs)
    const { promise, resolve, reject } = Promise.withResolvers<Place>()
    const late = () => reject(busy('WAITED_TOO_LONG', `a replica to be free within ${waitMs} ms`, waitMs))
    const timer = setTimeout(late, waitMs)
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    const one: Waiting<Place> = { give: resolve, end: late }
    this.#waiting.add(one)
    try {
      return await promise
    } finally {
      this.#waiting.delete(one)
      clearTimeout(timer)
      signal.removeEventListener('abort', leave)
    }
  }

  /** Gives places to those that wait, as long as there are any. */
  roomy(): void {
    for (const one of this.#waiting) {
      const place = this.#options.find()
      if (place === null) return
      this.#waiting.delete(one)
      one.give(place)
    }
  }

  /** Turns away everybody who waits. */
  end(): void {
    for (const { end } of this.#waiting) end()
  }
}

function busy(code: BusyError['data']['code'], what: string, waitMs: number): BusyError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return new BusyError(`expected ${what}; try again in ${retryAfterSeconds} s`, { code, retryAfterSeconds })
}
