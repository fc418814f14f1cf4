import type { Exec } from '../../session-calls.ts'
import { CgiError, type CgiHead, CgiReader, cgiEnvironment } from './cgi.ts'
import type { ReplicaAnswer, ReplicaRequest } from './front.ts'

/** One call of a program that answers as CGI does. */
export interface CgiCall {
  readonly env: readonly string[]
  readonly deadlineMs: number
  readonly body: AsyncIterable<Uint8Array>
}

/** Has a program called, and gives what it writes. */
export type CallProgram = (call: CgiCall) => Promise<Pick<Exec, 'output' | 'exited' | 'kill'>>

/**
 * Asks a program of CGI. `log` hears what it writes to standard error. Throws {@link CgiError} for what is no request or
 * no answer, and what the call throws.
 */
export async function askCgi(
  call: CallProgram,
  request: ReplicaRequest,
  signal: AbortSignal,
  log: (text: string) => void = () => {},
): Promise<ReplicaAnswer> {
  const { body, deadlineMs } = request
  const called = await call({ env: cgiEnvironment(request), deadlineMs, body })
  const undo = killOn(called, signal)
  const pieces = outputOf(called, log)
  try {
    const { head, rest } = await headOf(pieces, called.exited)
    return { ...head, body: bodyOf(rest, pieces, undo) }
  } catch (error) {
    undo()
    called.kill()
    throw error
  }
}

/** Kills a call when `signal` aborts; returns the undo. */
function killOn({ kill }: Pick<Exec, 'kill'>, signal: AbortSignal): () => void {
  if (signal.aborted) kill()
  signal.addEventListener('abort', kill, { once: true })
  return () => signal.removeEventListener('abort', kill)
}

async function* outputOf({ output }: Pick<Exec, 'output'>, log: (text: string) => void) {
  for await (const { stream, bytes } of output) {
    if (stream === 'stdout') yield bytes
    else log(Buffer.from(bytes).toString())
  }
}

async function headOf(
  pieces: AsyncGenerator<Uint8Array>,
  exited: Promise<number>,
): Promise<{ head: CgiHead; rest: Uint8Array }> {
  const reader = new CgiReader()
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const found = reader.push(next.value)
    if (found !== null) return { head: found.head, rest: found.body }
  }
  throw new CgiError(`expected an answer, the program ended with exit code ${await exited} without one`, {
    code: 'BAD_ANSWER',
    status: 502,
  })
}

async function* bodyOf(
  rest: Uint8Array,
  pieces: AsyncGenerator<Uint8Array>,
  undo: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield rest
    yield* pieces
  } finally {
    undo()
  }
}
