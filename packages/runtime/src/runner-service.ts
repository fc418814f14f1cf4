import { randomBytes } from 'node:crypto'
import { RuntimeError } from './errors.ts'
import type { Answer, AnswerEnd, CallRequest, Inside } from './executor.ts'
import type { CallResult, GuestCall, RunnerMessage } from './guest/messages.ts'
import { AnswerQueue, UNREAD_BYTES, type Unread } from './runner-answer.ts'

/** Calls that one program may be asked at the same time: they are answered one after another. */
const CALLS = 64
/** Bytes of the bodies of those together. */
const BODIES_BYTES = 32 * 1024 * 1024

/** What a service needs of the lane that its process is in. */
export interface ServiceHost {
  send(call: GuestCall): void
  /** A call has run longer than it may. */
  late(): void
}

interface Pending {
  readonly id: number
  readonly request: CallRequest
  readonly answer: AnswerQueue
  readonly end: PromiseWithResolvers<AnswerEnd>
}

/**
 * The calls of one service. Its process has one at a time; the others wait here, where they can still be dropped: what
 * was sent to a process that is busy would be in memory until that comes to it.
 */
export class RunnerService {
  readonly #host: ServiceHost
  /** In order; the first is what the process answers. */
  readonly #pending: Pending[] = []
  readonly #unread: Unread = { bytes: 0 }
  #count = 0
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(host: ServiceHost) {
    this.#host = host
  }

  /**
   * Takes a call. Aborting `signal` drops it: one that has begun runs to its end or its deadline unheard.
   *
   * Throws {@link RuntimeError} `NOT_RUNNING` or `TOO_MANY`, and the signal's reason if that is aborted already.
   */
  call(request: CallRequest, signal?: AbortSignal): Answer {
    signal?.throwIfAborted()
    if (this.#isOver) throw notRunning()
    this.#requireRoom(request.stdin.byteLength)
    this.#count += 1
    const answer = new AnswerQueue(this.#unread)
    const call: Pending = { id: this.#count, request, answer, end: Promise.withResolvers<AnswerEnd>() }
    // Whoever reads what it writes learns of its end, too.
    call.end.promise.catch(() => {})
    signal?.addEventListener('abort', () => this.#drop(call), { once: true })
    this.#pending.push(call)
    if (this.#pending.length === 1) this.#begin()
    return { output: answer.read(), ended: call.end.promise }
  }

  /** Takes what the process says of its calls. */
  hear(message: Extract<RunnerMessage, { kind: 'wrote' | 'answered' }>): void {
    const [head] = this.#pending
    if (head === undefined || head.id !== message.call) return
    if (message.kind === 'answered') {
      this.#pending.shift()
      this.#begin()
      head.answer.end()
      head.end.resolve(endOf(message.result))
    } else if (message.news.kind === 'log' && !head.answer.add(message.news)) {
      head.end.resolve({ kind: 'crashed', message: UNREAD })
    }
  }

  /** Ends every call that has no answer: the program is gone. */
  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    for (const { answer, end } of this.#pending.splice(0)) {
      answer.end()
      end.reject(notRunning())
    }
  }

  #requireRoom(bytes: number): void {
    const bodies = this.#pending.reduce((sum, { request }) => sum + request.stdin.byteLength, bytes)
    if (this.#pending.length >= CALLS || bodies > BODIES_BYTES) throw tooMany()
  }

  /** Sends the first call, and gives it its time. */
  #begin(): void {
    clearTimeout(this.#timer)
    const [head] = this.#pending
    if (head === undefined) return
    const { env, stdin, deadlineMs } = head.request
    const seed = randomBytes(8).readBigUInt64LE()
    this.#host.send({ id: head.id, env, stdin, clockNs: BigInt(Date.now()) * 1_000_000n, seed })
    this.#timer = setTimeout(() => this.#host.late(), deadlineMs)
  }

  /** Forgets a call that nobody waits for, but for its place while the process is at it. */
  #drop(call: Pending): void {
    const at = this.#pending.indexOf(call)
    if (at > 0) this.#pending.splice(at, 1)
    call.answer.drop()
    call.end.resolve({ kind: 'crashed', message: 'nobody waited for the answer any more' })
  }
}

/** Returns the way into a running execution of an engine for WebAssembly; `service` is null while it is none. */
export function insideService(isService: boolean, service: RunnerService | null): Inside {
  const refuse = () => Promise.reject(notSupported())
  return {
    ...{ exec: refuse, connect: refuse, read: refuse, write: refuse },
    async call(request, signal) {
      if (!isService) throw notSupported()
      if (service === null) throw notRunning()
      return service.call(request, signal)
    },
  }
}

const UNREAD = `expected answers to be read as they come, more than ${UNREAD_BYTES} bytes of this service wait; read faster, or ask for less at a time`

function endOf(result: CallResult): AnswerEnd {
  if (result.kind === 'failed') return { kind: 'crashed', message: result.message }
  const { status, note } = result
  if (status.kind === 'exit') return { kind: 'exit', code: status.code }
  return { kind: 'crashed', message: note === '' ? `the program ended by ${status.kind}` : note }
}

function notSupported(): RuntimeError {
  return new RuntimeError(
    'expected an engine that lets its user in, this one does not; use container/1, or a service for calls',
    { code: 'NOT_SUPPORTED' },
  )
}

function notRunning(): RuntimeError {
  return new RuntimeError('expected a service that runs, this one has not begun or is over; try again', {
    code: 'NOT_RUNNING',
  })
}

function tooMany(): RuntimeError {
  return new RuntimeError(
    `expected at most ${CALLS} calls of a service at the same time, and ${BODIES_BYTES} bytes of their bodies; ask another`,
    { code: 'TOO_MANY' },
  )
}
