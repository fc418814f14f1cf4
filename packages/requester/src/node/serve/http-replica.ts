import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Forwarded } from '../../session-calls.ts'
import type { ReplicaAnswer, ReplicaRequest } from './front.ts'

/** Connects to the port that a program serves HTTP on. */
export type ConnectProgram = () => Promise<Forwarded>

/** Headers about one connection, which are not handed on (RFC 9110 §7.6.1). */
const HOP_HEADERS = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

/** Asks a program that serves HTTP itself, over a connection of its own. Throws what that breaks with. */
export async function askHttp(
  connect: ConnectProgram,
  request: ReplicaRequest,
  signal: AbortSignal,
): Promise<ReplicaAnswer> {
  const { method, url, headers, body, remoteAddress, length, deadlineMs } = request
  const connection = duplexOf(await connect())
  const asking = httpRequest({
    method,
    path: url,
    headers: {
      ...withoutHops(headers),
      ...(length === null ? hasBody(headers) : { 'content-length': String(length) }),
      'x-forwarded-for': remoteAddress,
      connection: 'close',
    },
    createConnection: () => connection,
    signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
  })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  asking.once('response', resolve)
  asking.once('error', reject)
  // What breaks off the body breaks the request off, which says why.
  pipeline(body, asking).catch((error) => asking.destroy(error))
  try {
    const answer = await promise
    return { status: answer.statusCode ?? 502, headers: pairsOf(answer), body: answer }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** Node frames no body of a GET by itself. */
function hasBody(headers: ReplicaRequest['headers']): Record<string, string> {
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }
}

function withoutHops(headers: ReplicaRequest['headers']): ReplicaRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)))
}

function pairsOf({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (!HOP_HEADERS.has(name.toLowerCase())) pairs.push([name, value])
  }
  return pairs
}

/** Makes a connection to a port of a program a stream of Node's. */
function duplexOf({ incoming, write, end, close }: Forwarded): Duplex {
  const pieces = incoming[Symbol.asyncIterator]()
  return new Duplex({
    read() {
      pieces.next().then(
        (next) => this.push(next.done ? null : next.value),
        (error) => this.destroy(error),
      )
    },
    write(bytes: Buffer, _encoding, done) {
      write(bytes).then(() => done(), done)
    },
    final(done) {
      end().then(() => done(), done)
    },
    destroy(error, done) {
      close()
      done(error)
    },
  })
}
