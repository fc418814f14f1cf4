import { type Duplex, Readable } from 'node:stream'
import type { ServedSession } from '@souk/network'
import { CALL_BODY_BYTES, type CountedFrame, type SessionPurpose, SoukError } from '@souk/protocol'
import type { ExecProcess, Inside } from '@souk/runtime'
import type { HeldBodies } from './attempt-book.ts'
import type { AttemptLog } from './attempt-log.ts'
import { destroyOn, inputOf, pump, sendPieces, writeTo } from './session-bytes.ts'

type Purpose<K extends SessionPurpose['kind']> = Extract<SessionPurpose, { kind: K }>

/** Milliseconds for the output of a killed command to end: its execution may have gone without saying so. */
const LAST_WORDS_MS = 1_000

/** Bytes of the bodies of all calls of one attempt: they are here whole, while they come and while they wait. */
const HELD_BODIES_BYTES = 32 * 1024 * 1024

const DONE: CountedFrame = { t: 'exit', code: 0 }

/** Sends what an attempt wrote and, if it is followed, writes. */
export async function serveLogs(
  session: ServedSession,
  log: AttemptLog,
  { follow }: Purpose<'logs'>,
): Promise<void> {
  for await (const piece of log.read(follow, session.signal)) {
    if (piece.kind === 'gap') await session.send({ t: 'gap', bytes: piece.bytes })
    else await session.send({ t: 'data', channel: piece.stream, bytes: piece.bytes })
  }
  await session.send(DONE)
}

/** Runs a command inside of an execution; it is killed when `signal` aborts. Throws what `Inside.exec` throws. */
export async function serveExec(
  session: ServedSession,
  inside: Inside,
  { command, terminal }: Purpose<'exec'>,
  signal: AbortSignal,
): Promise<void> {
  const child = await inside.exec(command, { terminal })
  const undo = endOn(child, signal)
  try {
    void feed(child, session.frames)
    const { stdout, stderr } = child
    await Promise.all([
      pump(session, stdout, 'stdout'),
      ...(stderr === null ? [] : [pump(session, stderr, 'stderr')]),
    ])
    await session.send(exitFrame(await child.exited))
  } catch (error) {
    child.kill().catch(() => {})
    throw error
  } finally {
    undo()
  }
}

/** Kills a command when `signal` aborts, and soon leaves what it may still say; returns the undo. */
function endOn(child: ExecProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    child.kill().catch(() => {})
    timer = setTimeout(() => {
      child.stdout.destroy()
      child.stderr?.destroy()
    }, LAST_WORDS_MS)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  return () => {
    signal.removeEventListener('abort', end)
    clearTimeout(timer)
  }
}

/** Joins a session and a port that the program listens on. Throws what `Inside.connect` throws. */
export async function serveForward(
  session: ServedSession,
  inside: Inside,
  { port }: Purpose<'forward'>,
  signal: AbortSignal,
): Promise<void> {
  const socket = await inside.connect(port, signal)
  const undo = destroyOn(socket, signal)
  // Whatever breaks it, the reading below learns of it.
  socket.on('error', () => {})
  try {
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const sent = drain(socket, session.frames)
    await pump(session, socket, 'stdout').catch((error) => {
      if (signal.aborted || session.signal.aborted) throw error
      return session.send({ t: 'end', channel: 'stdout' })
    })
    await Promise.race([sent, closed])
    await session.send(DONE)
  } finally {
    undo()
    socket.destroy()
  }
}

/** Sends a file or folder as a tar stream. Throws what `Inside.read` throws. */
export async function serveRead(
  session: ServedSession,
  inside: Inside,
  { path }: Purpose<'read'>,
  signal: AbortSignal,
): Promise<void> {
  const tar = await inside.read(path)
  const undo = destroyOn(tar, signal)
  try {
    await pump(session, tar, 'stdout')
    await session.send(DONE)
  } finally {
    undo()
    tar.destroy()
  }
}

/** Unpacks a tar stream below a folder. Throws what `Inside.write` throws. */
export async function serveWrite(
  session: ServedSession,
  inside: Inside,
  { path }: Purpose<'write'>,
  signal: AbortSignal,
): Promise<void> {
  const tar = Readable.from(inputOf(session.frames), { objectMode: false })
  const undo = destroyOn(tar, signal)
  try {
    await inside.write(path, tar)
    await session.send(DONE)
  } finally {
    undo()
    tar.destroy()
  }
}

/** Asks a service for one answer; what it was asked with is here whole before. Throws what `Inside.call` throws. */
export async function serveCall(
  session: ServedSession,
  inside: Inside,
  { env, deadlineMs }: Purpose<'call'>,
  signal: AbortSignal,
  bodies: HeldBodies,
): Promise<void> {
  if (inside.call === undefined) throw new CallError('NOT_SUPPORTED', 'this engine has no services')
  const own: HeldBodies = { bytes: 0 }
  try {
    const stdin = await bodyOf(session.frames, own, bodies)
    if (signal.aborted) return
    const { output, ended } = await inside.call({ env, stdin, deadlineMs }, signal)
    for await (const { stream, bytes } of output) await sendPieces(session, bytes, stream)
    const end = await ended
    if (end.kind === 'crashed') throw new CallError('CRASHED', end.message)
    await session.send({ t: 'exit', code: end.code })
  } finally {
    bodies.bytes -= own.bytes
  }
}

type CallCode = 'NOT_SUPPORTED' | 'TOO_LARGE' | 'TOO_MANY' | 'CRASHED'

/** A call that has no answer; the code says why. */
class CallError extends SoukError<{ code: CallCode }> {
  constructor(code: CallCode, message: string) {
    super(message, { code })
  }
}

/**
 * Gathers what a call sends, and counts it as its own and among all. Throws {@link CallError} beyond
 * {@link CALL_BODY_BYTES}, and {@link HELD_BODIES_BYTES} of all together.
 */
async function bodyOf(
  frames: AsyncIterable<CountedFrame>,
  own: HeldBodies,
  all: HeldBodies,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of inputOf(frames)) {
    own.bytes += piece.byteLength
    all.bytes += piece.byteLength
    if (own.bytes > CALL_BODY_BYTES)
      throw new CallError('TOO_LARGE', `expected a body of at most ${CALL_BODY_BYTES} bytes; send less`)
    if (all.bytes > HELD_BODIES_BYTES)
      throw new CallError(
        'TOO_MANY',
        `expected calls with at most ${HELD_BODIES_BYTES} bytes of bodies together; ask another`,
      )
    pieces.push(piece)
  }
  return Buffer.concat(pieces, own.bytes)
}

/** Hands on what the user types and how large the window is; ends with the session, never rejects. */
async function feed(child: ExecProcess, frames: AsyncIterable<CountedFrame>): Promise<void> {
  // A command that reads no more must not end us.
  child.stdin.on('error', () => {})
  try {
    for await (const frame of frames) {
      if (frame.t === 'data') await writeTo(child.stdin, frame.bytes)
      else if (frame.t === 'end') child.stdin.end()
      else if (frame.t === 'resize') await child.resize(frame.columns, frame.rows).catch(() => {})
    }
  } catch {
    // The session broke: the command is killed by its signal.
  }
}

/** Writes what comes to a socket up to its end; a session that breaks destroys it. */
async function drain(socket: Duplex, frames: AsyncIterable<CountedFrame>): Promise<void> {
  try {
    for await (const bytes of inputOf(frames)) await writeTo(socket, bytes)
    socket.end()
  } catch {
    socket.destroy()
  }
}

/** The execution that a command ran in may end first: then there is no code. */
function exitFrame(code: number): CountedFrame {
  if (code >= 0) return { t: 'exit', code }
  return { t: 'failed', code: 'ended', message: 'the program that the command ran beside has ended' }
}
