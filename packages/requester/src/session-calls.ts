import { type Session, SessionError, sessionError } from '@souk/network'
import { type CountedFrame, SESSION_CHUNK_BYTES } from '@souk/protocol'

/** What an attempt wrote, or how many bytes of it are no longer there. */
export type LogNews =
  | { readonly kind: 'written'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly kind: 'gap'; readonly bytes: number }

/** A command inside of a running attempt. Its output must be read, or nothing goes on. */
export interface Exec {
  /** Output in order, for one consumer; ends with the command. Throws {@link SessionError}. */
  readonly output: AsyncIterable<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }>
  /** Resolves with the exit code, once the output was read to its end; rejects as that throws. */
  readonly exited: Promise<number>
  /** Sends input; waits while the command does not read. Throws {@link SessionError} once it is over. */
  write(bytes: Uint8Array): Promise<void>
  /** Says that no more input comes. */
  end(): Promise<void>
  /** Tells the size of the window, in characters. */
  resize(columns: number, rows: number): Promise<void>
  /** Kills the command. */
  kill(): void
}

/** A connection to a port inside of a running attempt. */
export interface Forwarded {
  /** What the program sends until it closes its direction, for one consumer. Throws {@link SessionError}. */
  readonly incoming: AsyncIterable<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  /** Closes our direction. */
  end(): Promise<void>
  /** Breaks the connection off. */
  close(): void
}

/** Reads what an attempt writes. Throws {@link SessionError}. */
export async function* logsOf(session: Session): AsyncGenerator<LogNews> {
  for await (const frame of untilDone(session)) {
    if (frame.t === 'gap') yield { kind: 'gap', bytes: frame.bytes }
    else if (frame.t === 'data' && frame.channel !== 'stdin')
      yield { kind: 'written', stream: frame.channel, bytes: frame.bytes }
  }
}

/** Uses a session as a command. */
export function execOf(session: Session): Exec {
  const exited = Promise.withResolvers<number>()
  // Whoever reads the output hears of it, too.
  exited.promise.catch(() => {})
  async function* output() {
    try {
      for await (const frame of untilDone(session)) {
        if (frame.t === 'data' && frame.channel !== 'stdin')
          yield { stream: frame.channel, bytes: frame.bytes }
        if (frame.t === 'exit') exited.resolve(frame.code)
      }
    } catch (error) {
      exited.reject(error)
      throw error
    }
  }
  return {
    output: output(),
    exited: exited.promise,
    ...inputTo(session),
    resize: (columns, rows) => session.send({ t: 'resize', columns, rows }),
    kill: () => session.hangUp(),
  }
}

/** Sends the body of a call; what comes back is read from {@link Exec.output}. */
export function callOf(
  session: Session,
  body: AsyncIterable<Uint8Array>,
): Pick<Exec, 'output' | 'exited' | 'kill'> {
  const { output, exited, write, end, kill } = execOf(session)
  const send = async () => {
    for await (const bytes of body) await write(bytes)
    await end()
  }
  // A body that breaks off breaks the call off; why a session broke is told by its output.
  send().catch(() => kill())
  return { output, exited, kill }
}

/** Uses a session as a connection to a port. */
export function forwardOf(session: Session): Forwarded {
  return { incoming: incomingOf(session), ...inputTo(session), close: () => session.hangUp() }
}

/** Ours may still send when theirs has closed: hung up is only at the last frame, or when the consumer leaves. */
async function* incomingOf(session: Session): AsyncGenerator<Uint8Array> {
  const frames = untilDone(session)
  let isClosed = false
  try {
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      const { value: frame } = next
      if (frame.t === 'data' && frame.channel === 'stdout') yield frame.bytes
      if (frame.t === 'end' && frame.channel === 'stdout') {
        isClosed = true
        void drain(frames)
        return
      }
    }
  } finally {
    if (!isClosed) session.hangUp()
  }
}

/** Waits for the last frame; never rejects, for what was asked for has come. */
async function drain(frames: AsyncIterable<CountedFrame>): Promise<void> {
  try {
    for await (const _ of frames);
  } catch {
    // Broken off after the program had said all that it had to say.
  }
}

/** Reads the bytes that a session carries, such as a tar stream. Throws {@link SessionError}. */
export async function* bytesOf(session: Session): AsyncGenerator<Uint8Array> {
  for await (const frame of untilDone(session)) {
    if (frame.t === 'data' && frame.channel === 'stdout') yield frame.bytes
  }
}

/** Sends bytes, such as a tar stream, and waits until the other side has done its work with them. */
export async function sendBytes(session: Session, source: AsyncIterable<Uint8Array>): Promise<void> {
  const { write, end } = inputTo(session)
  // The other side may refuse long before it has everything, and only it says why: the first failure counts.
  let failure: unknown
  const onFailure = (error: unknown) => {
    failure ??= error
    session.hangUp()
  }
  const send = async () => {
    for await (const bytes of source) await write(bytes)
    await end()
  }
  const drain = async () => {
    for await (const _ of untilDone(session));
  }
  await Promise.all([send().catch(onFailure), drain().catch(onFailure)])
  if (failure !== undefined) throw failure
}

/** Frames up to the last; hangs up then, and when the consumer leaves. Throws what the last one says. */
async function* untilDone(session: Session): AsyncGenerator<CountedFrame> {
  try {
    for await (const frame of session.frames) {
      if (frame.t === 'failed') throw sessionError(frame.code, frame.message)
      yield frame
      if (frame.t === 'exit') return
    }
    throw stopped()
  } finally {
    session.hangUp()
  }
}

function inputTo(session: Session): Pick<Exec, 'write' | 'end'> {
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.byteLength; at += SESSION_CHUNK_BYTES) {
        const { buffer, byteOffset, byteLength } = bytes.subarray(at, at + SESSION_CHUNK_BYTES)
        const piece = new Uint8Array(buffer, byteOffset, byteLength)
        await session.send({ t: 'data', channel: 'stdin', bytes: piece })
      }
    },
    end: () => session.send({ t: 'end', channel: 'stdin' }),
  }
}

function stopped(): SessionError {
  return new SessionError('expected the other side to say that it is done, the session was ended before', {
    code: 'STOPPED',
  })
}
