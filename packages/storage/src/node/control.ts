import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import { errorCode, errorMessage, SoukError } from '@souk/protocol'
import { connectSocket, readLine } from './control-stream.ts'
import { decodeJson, encodeJson } from './json.ts'

/** The running owner of a data folder could not be asked, or answered with an error. */
export class ControlError extends SoukError<{ code: string; path: string; detail?: unknown }> {}

/** Answers one request; `emit` sends an event ahead of the answer, `signal` aborts when the caller is gone. */
export type ControlHandler = (
  params: unknown,
  emit: (event: unknown) => void,
  signal: AbortSignal,
) => Promise<unknown>

/**
 * Answers one request for a stream: `answer` goes out first, then the connection is `serve`'s alone, and closed when
 * that settles. `signal` aborts when the caller is gone.
 */
export type ControlStreamHandler = (
  params: unknown,
  signal: AbortSignal,
) => Promise<{ readonly answer: unknown; serve(stream: Duplex): Promise<void> }>

/** The commands that an owner answers, by name. */
export type ControlStreams = Readonly<Record<string, ControlStreamHandler>>

/** A served control socket. */
export interface ControlServer {
  stop(): Promise<void>
}

/** A connection to the owner of a folder. */
export interface ControlClient {
  /** Calls a method; events go to `onEvent` until the answer. Throws {@link ControlError} with the owner's code. */
  call(
    method: string,
    params?: unknown,
    onEvent?: (event: unknown) => void,
    signal?: AbortSignal,
  ): Promise<unknown>
  /**
   * Opens a stream of bytes, with back-pressure both ways, over a connection of its own, which the caller destroys.
   * Throws {@link ControlError} with the owner's code.
   */
  open(method: string, params?: unknown): Promise<{ readonly answer: unknown; readonly stream: Duplex }>
  close(): void
}

/** Bytes of one line: requests carry programs by path, never by value. */
const LINE_BYTES = 8 * 1024 * 1024
/** Connections at once: commands of one user. */
const CONNECTIONS = 64
const FILE = 'control.json'
const SOCKET_NAME = /^souk-[0-9a-f]{18}\.sock$/

interface Request {
  id: number
  token: string
  method: string
  params: unknown
  /** A stream is asked for. */
  opens?: boolean
}

/**
 * Serves commands to other processes of the same user, over a socket file with a token.
 *
 * The address stands in `control.json` of the folder (mode 0600). Every line is one JSON document; big
 * integers and bytes are tagged (see `json.ts`).
 */
export async function serveControl(
  folder: string,
  methods: Readonly<Record<string, ControlHandler>>,
  streams: ControlStreams = {},
): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url')
  const address = socketAddress()
  const sockets = new Set<Socket>()
  const streaming = new WeakSet<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveSocket(socket, token, methods, streams, () => streaming.add(socket))
  })
  server.maxConnections = CONNECTIONS
  removeOldSocket(folder)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve))
  if (process.platform !== 'win32') chmodSync(address, 0o600)
  writeFileSync(join(folder, FILE), JSON.stringify({ address, token, pid: process.pid }), { mode: 0o600 })
  return {
    async stop() {
      rmSync(join(folder, FILE), { force: true })
      // A command may have asked for this end: its answer goes out first.
      await new Promise((resolve) => setImmediate(resolve))
      for (const socket of sockets) {
        if (streaming.has(socket)) socket.destroy()
        else socket.end()
      }
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Connects to the process that owns `folder`; returns `undefined` where none serves it. */
export async function connectControl(folder: string): Promise<ControlClient | undefined> {
  const door = readDoor(folder)
  if (door === undefined) return undefined
  const socket = await connectSocket(door.address)
  return socket && makeClient(folder, socket, door)
}

function serveSocket(
  socket: Socket,
  token: string,
  methods: Readonly<Record<string, ControlHandler>>,
  streams: ControlStreams,
  onStream: () => void,
): void {
  const gone = new AbortController()
  const write = (message: unknown) => {
    if (!socket.destroyed) socket.write(`${encodeJson(message)}\n`)
  }
  socket.on('close', () => gone.abort())
  socket.on('error', () => socket.destroy())
  const stopLines = readLines(socket, async (line) => {
    const request = decodeJson(line) as Request
    if (!isToken(request.token, token)) return socket.destroy()
    const { id, method, params } = request
    try {
      if (request.opens === true) {
        const { answer, serve } = await handlerOf(streams, method)(params, gone.signal)
        // Whoever asks says no more before it has the answer: nothing is left in the line reader.
        stopLines()
        onStream()
        write({ id, result: answer })
        return await serve(socket).finally(() => socket.end())
      }
      const handler = handlerOf(methods, method)
      write({ id, result: await handler(params, (event) => write({ id, event }), gone.signal) })
    } catch (error) {
      const detail = error instanceof SoukError ? error.data : undefined
      write({ id, error: { code: errorCode(error), message: errorMessage(error), detail } })
    }
  })
}

function handlerOf<T>(handlers: Readonly<Record<string, T>>, method: string): T {
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
  if (handler !== undefined) return handler
  throw new ControlError(`expected one of ${Object.keys(handlers).join(', ')}, got ${method}`, {
    code: 'UNKNOWN_METHOD',
    path: method,
  })
}

interface Pending {
  resolve(result: unknown): void
  reject(error: Error): void
  onEvent(event: unknown): void
}

/** Where an owner listens, and what it wants to see first. */
interface Door {
  readonly address: string
  readonly token: string
}

function makeClient(folder: string, socket: Socket, door: Door): ControlClient {
  const { token } = door
  const pending = new Map<number, Pending>()
  let next = 1
  readLines(socket, async (line) => settle(folder, pending, decodeJson(line) as Answer))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const one of pending.values()) one.reject(goneError(folder))
    pending.clear()
  })
  return {
    call(method, params = {}, onEvent = () => {}, signal) {
      if (socket.destroyed) return Promise.reject(goneError(folder))
      const id = next++
      signal?.addEventListener('abort', () => socket.destroy(), { once: true })
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, onEvent })
        socket.write(`${encodeJson({ id, token, method, params })}\n`)
      })
    },
    open: (method, params = {}) => openStream(folder, door, method, params),
    close: () => socket.end(),
  }
}

async function openStream(folder: string, { address, token }: Door, method: string, params: unknown) {
  const stream = await connectSocket(address)
  if (stream === undefined) throw goneError(folder)
  stream.on('error', () => stream.destroy())
  stream.write(`${encodeJson({ id: 0, token, method, params, opens: true })}\n`)
  const line = await readLine(stream)
  const { error, result } = line === undefined ? { error: undefined } : (decodeJson(line) as Answer)
  if (line !== undefined && error === undefined) return { answer: result, stream }
  stream.destroy()
  throw error === undefined ? goneError(folder) : answerError(folder, error)
}

interface Answer {
  id: number
  event?: unknown
  result?: unknown
  error?: { code: string; message: string; detail: unknown }
}

function settle(folder: string, pending: Map<number, Pending>, answer: Answer): void {
  const waiting = pending.get(answer.id)
  if (waiting === undefined) return
  if ('event' in answer) {
    waiting.onEvent(answer.event)
    return
  }
  pending.delete(answer.id)
  if (answer.error === undefined) {
    waiting.resolve(answer.result)
    return
  }
  waiting.reject(answerError(folder, answer.error))
}

function answerError(folder: string, { code, message, detail }: NonNullable<Answer['error']>): ControlError {
  return new ControlError(message, { code, path: folder, detail })
}

/** Reads lines until the returned call, which leaves the socket paused. */
function readLines(socket: Socket, onLine: (line: string) => Promise<unknown>): () => void {
  let length = 0
  const measure = (chunk: Buffer) => {
    length = chunk.includes(10) ? 0 : length + chunk.byteLength
    if (length > LINE_BYTES) socket.destroy()
  }
  socket.on('data', measure)
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', (line) => void onLine(line).catch(() => socket.destroy()))
  lines.on('error', () => socket.destroy())
  return () => {
    lines.close()
    socket.off('data', measure).pause()
  }
}

function readDoor(folder: string): Door | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Door
  } catch {
    return undefined
  }
}

/** The last owner was killed if it left its socket file behind: only one at a time owns a folder. */
function removeOldSocket(folder: string): void {
  const address = readDoor(folder)?.address ?? ''
  if (SOCKET_NAME.test(basename(address))) rmSync(address, { force: true })
}

/** Socket paths are limited to about 100 characters, so the socket lies in the temporary folder. */
function socketAddress(): string {
  const name = `souk-${randomBytes(9).toString('hex')}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

function isToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string' || given.length !== token.length) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(token))
}

function goneError(folder: string): ControlError {
  return new ControlError(`the process that owns ${folder} went away before it answered; start it again`, {
    code: 'OWNER_GONE',
    path: folder,
  })
}
