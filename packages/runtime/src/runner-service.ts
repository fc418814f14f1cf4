import { randomBytes } from 'node:crypto'
import { RuntimeError } from './errors.ts'
import type { Answer, AnswerEnd, AnswerPiece, CallRequest, Inside } from './executor.ts'
import type { CallResult, GuestCall, GuestNews, RunnerMessage } from './guest/messages.ts'

/** Calls that one program may be asked at the same time: they are answered one after another. */
const CALLS = 64

/** What a service needs of the lane that its process is in. */
export interface ServiceHost {
  send(call: GuestCall): void
  /** A call has run longer than it may. */
  late(): void
}

interface Pending {
  readonly id: number
  readonly deadlineMs: number
  readonly pieces: AnswerPiece[]
  readonly end: PromiseWithResolvers<AnswerEnd>
  wake: () => void
  isOver: boolean
}

/** The calls of one service, in the order in which its process answers them. */
export class RunnerService {
  readonly #host: ServiceHost
  readonly #pending: Pending[] = []
  #count = 0
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(host: ServiceHost) {
    this.#host = host
  }

  /** Sends a call. Throws {@link RuntimeError} `NOT_RUNNING` or `TOO_MANY`. */
  call({ env, stdin, deadlineMs }: CallRequest): Answer {
    if (this.#isOver) throw notRunning()
    if (this.#pending.length >= CALLS) throw tooMany()
    this.#count += 1
    const call: Pending = {
      ...{ id: this.#count, deadlineMs, pieces: [], end: Promise.withResolvers<AnswerEnd>() },
      ...{ wake: () => {}, isOver: false },
    }
    // Whoever reads what it writes learns of its end, too.
    call.end.promise.catch(() => {})
    this.#pending.push(call)
    const seed = randomBytes(8).readBigUInt64LE()
    this.#host.send({ id: call.id, env, stdin, clockNs: BigInt(Date.now()) * 1_000_000n, seed })
    if (this.#pending.length === 1) this.#watch()
    return { output: piecesOf(call), ended: call.end.promise }
  }

  /** Takes what the process says of its calls. */
  hear(message: Extract<RunnerMessage, { kind: 'wrote' | 'answered' }>): void {
    const [head] = this.#pending
    if (head === undefined || head.id !== message.call) return
    if (message.kind === 'wrote') write(head, message.news)
    else {
      this.#pending.shift()
      this.#watch()
      finish(head, () => head.end.resolve(endOf(message.result)))
    }
  }

  /** Ends every call that has no answer: the program is gone. */
  end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    for (const call of this.#pending.splice(0)) finish(call, () => call.end.reject(notRunning()))
  }

  /** Gives the call that runs now its time. */
  #watch(): void {
    clearTimeout(this.#timer)
    const [head] = this.#pending
    if (head === undefined) return
    this.#timer = setTimeout(() => this.#host.late(), head.deadlineMs)
  }
}

/** Returns the way into a running execution of an engine for WebAssembly; `service` is null while it is none. */
export function insideService(isService: boolean, service: RunnerService | null): Inside {
  const refuse = () => Promise.reject(notSupported())
  return {
    ...{ exec: refuse, connect: refuse, read: refuse, write: refuse },
    async call(request) {
      if (!isService) throw notSupported()
      if (service === null) throw notRunning()
      return service.call(request)
    },
  }
}

function write(call: Pending, news: GuestNews): void {
  if (news.kind !== 'log') return
  call.pieces.push({ stream: news.stream, bytes: news.bytes })
  call.wake()
}

function finish(call: Pending, settle: () => void): void {
  call.isOver = true
  settle()
  call.wake()
}

/** Hands out what a call writes, as it comes; bounded by the output limit of its task. */
async function* piecesOf(call: Pending): AsyncGenerator<AnswerPiece> {
  for (;;) {
    const piece = call.pieces.shift()
    if (piece !== undefined) yield piece
    else if (call.isOver) return
    else {
      const { promise, resolve } = Promise.withResolvers<void>()
      call.wake = resolve
      await promise
    }
  }
}

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
  return new RuntimeError(`expected at most ${CALLS} calls of a service at the same time; ask another`, {
    code: 'TOO_MANY',
  })
}
