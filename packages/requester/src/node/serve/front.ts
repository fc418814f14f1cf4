import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { createExtraBudget, earnExtra, spendExtra } from '@souk/elastic'
import { CALL_BODY_BYTES, errorCode, errorMessage, SoukError } from '@souk/protocol'
import { CgiError } from './cgi.ts'
import { BusyError, EdgeBuffer } from './edge-buffer.ts'

/** Bytes of a body that is kept to be sent once more, should the first replica be lost before it answers. */
const KEPT_BODY_BYTES = 1024 * 1024
/** Milliseconds that a replica has beyond the request's own deadline, which it counts from when it begins. */
const SLACK_MS = 2_000
/** Replicas that one request is given to, at most: more would let one bad request take down a pool. */
const TRIES = 3

/** A request as a replica takes it. */
export interface ReplicaRequest {
  readonly method: string
  /** Path and query, as the request line has them. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Bytes of its body, where it says so. */
  readonly length: number | null
  readonly remoteAddress: string
  readonly body: AsyncIterable<Uint8Array>
  /** Where the front listens. */
  readonly server: { readonly name: string; readonly port: number }
  readonly deadlineMs: number
}

/** What a replica answers: the body comes while it is made, and throws where it breaks off. */
export interface ReplicaAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: AsyncIterable<Uint8Array>
}

/** A replica that was chosen for one request. */
export interface ChosenReplica {
  readonly name: string
  /** Asks it; `signal` breaks the request off. */
  ask(request: ReplicaRequest, signal: AbortSignal): Promise<ReplicaAnswer>
  /** To be called once, when the request is over; `ms` from its beginning to its last byte. */
  done(result: 'answered' | 'failed' | 'cancelled', ms: number): void
}

/** What a front needs from whoever keeps the replicas. */
export interface Replicas {
  /** Chooses a replica with room, of those that a request was not given to before; null where none has any. */
  choose(tried: ReadonlySet<string>): ChosenReplica | null
}

export interface FrontOptions {
  readonly replicas: Replicas
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Milliseconds that one request may run. */
  readonly deadlineMs: number
  /** Requests that may wait for a replica at the same time, and milliseconds that each may. */
  readonly buffer: { readonly most: number; readonly waitMs: number }
  /** Hears of every request that came, and of every one that ended, with what its client was told. */
  readonly onArrival?: () => void
  readonly onEnd?: (end: FrontEnd) => void
}

/** How a request ended: what its client was told, and milliseconds from its arrival; `waitedMs` of them for a replica. */
export interface FrontEnd {
  readonly status: number
  readonly ms: number
  readonly waitedMs: number
}

/** The local end of a service: HTTP in, answers of replicas out (`souk serve`). */
export class Front {
  readonly #options: FrontOptions
  readonly #server: Server
  readonly #buffer: EdgeBuffer<ChosenReplica>
  readonly #over = new AbortController()
  readonly #extra = createExtraBudget()
  #active = 0

  constructor(options: FrontOptions) {
    this.#options = options
    this.#buffer = new EdgeBuffer({ ...options.buffer, find: () => options.replicas.choose(NONE) })
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  /** Requests that wait for a replica. */
  get waiting(): number {
    return this.#buffer.length
  }

  /** Requests that replicas work on. */
  get active(): number {
    return this.#active
  }

  /** Begins to listen; resolves with the port. Rejects with the system's error where it is taken. */
  async start(): Promise<number> {
    const { host, port } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject)
    this.#server.listen(port, host, resolve)
    await promise
    return (this.#server.address() as AddressInfo).port
  }

  /** A replica has room again, or came. */
  roomy(): void {
    this.#buffer.roomy()
  }

  /** Takes no more requests, and resolves when those that run have ended, after `graceMs` milliseconds at most. */
  async stop(graceMs: number): Promise<void> {
    this.#buffer.end()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeIdleConnections()
    const timer = setTimeout(() => {
      this.#over.abort(new Error('the service stops'))
      this.#server.closeAllConnections()
    }, graceMs)
    await closed
    clearTimeout(timer)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { onArrival, onEnd } = this.#options
    const startMs = performance.now()
    onArrival?.()
    earnExtra(this.#extra)
    let waitedMs = 0
    const waited = () => {
      waitedMs = performance.now() - startMs
    }
    try {
      await this.#answer(request, response, waited)
    } catch (error) {
      refuse(response, error)
    }
    const status = response.headersSent ? response.statusCode : CLIENT_GONE
    onEnd?.({ status, ms: performance.now() - startMs, waitedMs })
  }

  async #answer(request: IncomingMessage, response: ServerResponse, waited: () => void): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort(new Error('the client is gone')))
    const signal = AbortSignal.any([gone.signal, this.#over.signal])
    const body = new RequestBody(request)
    const asked = this.#asked(request)
    const tried = new Set<string>()
    let replica = await this.#buffer.take(signal)
    waited()
    for (;;) {
      tried.add(replica.name)
      const lost = await this.#ask(replica, asked, body, response, signal)
      if (lost === null) return
      const next = this.#next(tried, body)
      if (next === null) throw lost
      replica = next
    }
  }

  /** Chooses another replica for a request that the last one lost, as far as second tries are affordable. */
  #next(tried: ReadonlySet<string>, { isKept }: RequestBody): ChosenReplica | null {
    if (tried.size >= TRIES || !isKept || !spendExtra(this.#extra)) return null
    return this.#options.replicas.choose(tried)
  }

  #asked({ method = 'GET', url = '/', headers, socket }: IncomingMessage): Omit<ReplicaRequest, 'body'> {
    const { host, deadlineMs } = this.#options
    const length = headers['content-length'] === undefined ? null : Number(headers['content-length'])
    if (length !== null && length > CALL_BODY_BYTES) throw tooLarge()
    const { port } = this.#server.address() as AddressInfo
    const remoteAddress = socket.remoteAddress ?? ''
    return { method, url, headers, length, remoteAddress, server: { name: host, port }, deadlineMs }
  }

  /** Has one replica answer; returns why not where another may be asked, because nothing was answered yet. */
  async #ask(
    replica: ChosenReplica,
    asked: Omit<ReplicaRequest, 'body'>,
    body: RequestBody,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { deadlineMs } = asked
    const startMs = performance.now()
    // Nobody can make it wait for ever: a replica that is silent as little as a client that does not read.
    const own = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs + SLACK_MS)])
    let result: Parameters<ChosenReplica['done']>[0] = 'failed'
    this.#active += 1
    try {
      const answer = await orLate(replica.ask({ ...asked, body: body.read() }, own), own)
      response.writeHead(answer.status, answer.headers.flat())
      for await (const bytes of answer.body) await write(response, bytes, own)
      own.throwIfAborted()
      response.end()
      result = response.statusCode < 500 ? 'answered' : 'failed'
      return null
    } catch (error) {
      if (signal.aborted || body.problem !== null) result = 'cancelled'
      if (body.problem !== null) throw body.problem
      // Whoever ends with a request that takes too long ends by it: it is given to nobody else.
      if (performance.now() - startMs >= deadlineMs) throw tooSlow(deadlineMs)
      if (!signal.aborted && !response.headersSent && LOST.has(errorCode(error))) return error
      throw error
    } finally {
      this.#active -= 1
      replica.done(result, performance.now() - startMs)
      this.roomy()
    }
  }
}

/** What nginx writes down for a client that left before it was answered. */
export const CLIENT_GONE = 499

const NONE: ReadonlySet<string> = new Set()

/** Codes of sessions that say that the replica is not there, and nothing about the request. */
const LOST: ReadonlySet<string> = new Set([
  ...[
    'NO_PLACE',
    'NO_ATTEMPT',
    'NOT_RUNNING',
    'UNKNOWN_LEASE',
    'UNKNOWN_SESSION',
    'ENDED',
    'LOST',
    'STOPPED',
  ],
  ...['TOO_MANY', 'UNREACHABLE', 'TIMEOUT', 'INTERNAL'],
])

/** The body of a request, which can be read again as long as it is small. */
class RequestBody {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #pieces: Uint8Array[] = []
  #coming: Promise<void> | null = null
  #isWhole = false
  #bytes = 0
  /** Why it cannot be handed on. */
  problem: FrontError | null = null

  constructor(request: IncomingMessage) {
    this.#source = request[Symbol.asyncIterator]()
  }

  get isKept(): boolean {
    return this.#bytes <= KEPT_BODY_BYTES
  }

  /** Gives all of it from the beginning; one reader at a time, while an earlier one may still wait for a piece. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (let at = 0; ; at += 1) {
      while (at >= this.#pieces.length && !this.#isWhole) await this.#more()
      const piece = this.#pieces[at]
      if (piece === undefined) return
      if (!this.isKept) this.#pieces[at] = new Uint8Array()
      yield piece
    }
  }

  /** Takes in the next piece, for whoever waits for it. */
  #more(): Promise<void> {
    this.#coming ??= this.#take().finally(() => {
      this.#coming = null
    })
    return this.#coming
  }

  async #take(): Promise<void> {
    const next = await this.#source.next()
    if (next.done) {
      this.#isWhole = true
      return
    }
    this.#bytes += next.value.byteLength
    this.#pieces.push(next.value)
    if (this.#bytes <= CALL_BODY_BYTES) return
    this.problem = tooLarge()
    throw this.problem
  }
}

/** Rejects with the signal's reason where that comes first. */
async function orLate<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>()
  const onAbort = () => late.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  // Whichever comes second is heard of by nobody.
  promise.catch(() => {})
  late.promise.catch(() => {})
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function write(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (bytes.byteLength === 0 || response.write(bytes) || response.destroyed) return
  const gone = new AbortController()
  const drained = Promise.race([
    once(response, 'drain', { signal: gone.signal }),
    once(response, 'close', { signal: gone.signal }),
  ])
  try {
    await orLate(drained, signal)
  } finally {
    gone.abort()
  }
}

/** Tells a client why it has no answer, or breaks the answer off where it has begun. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const headers: Record<string, string> = { 'content-type': 'text/plain; charset=utf-8' }
  if (error instanceof BusyError) headers['retry-after'] = String(error.data.retryAfterSeconds)
  response.writeHead(statusOf(error), { ...headers, connection: 'close' })
  response.end(`${errorMessage(error)}\n`)
}

function statusOf(error: unknown): number {
  if (error instanceof BusyError) return 503
  if (error instanceof CgiError || error instanceof FrontError) return error.data.status
  return LOST.has(errorCode(error)) ? 503 : 502
}

/** A request that cannot be handed on, or took too long. */
class FrontError extends SoukError<{ code: 'TOO_LARGE' | 'TOO_SLOW'; status: number }> {}

function tooLarge(): FrontError {
  const message = `expected a body of at most ${CALL_BODY_BYTES} bytes; send less`
  return new FrontError(message, { code: 'TOO_LARGE', status: 413 })
}

function tooSlow(deadlineMs: number): FrontError {
  return new FrontError(`expected an answer within ${deadlineMs} ms; ask for less, or give it more time`, {
    code: 'TOO_SLOW',
    status: 504,
  })
}
