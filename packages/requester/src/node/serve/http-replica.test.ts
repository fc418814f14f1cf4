import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import type { Forwarded } from '../../session-calls.ts'
import type { ReplicaRequest } from './front.ts'
import { askHttp } from './http-replica.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one()
})

/** A server on this machine, and the way to it as a session gives one. */
async function serve(listener: RequestListener): Promise<() => Promise<Forwarded>> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  undo.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return async () => {
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    undo.push(() => socket.destroy())
    return {
      incoming: socket,
      write: (bytes) => new Promise<void>((done) => socket.write(bytes, () => done())),
      end: async () => void socket.end(),
      close: () => void socket.destroy(),
    }
  }
}

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

const request = (change: Partial<ReplicaRequest> = {}): ReplicaRequest => ({
  ...{ method: 'POST', url: '/a?b', headers: { accept: 'x/y', connection: 'keep-alive' }, length: null },
  ...{ remoteAddress: '10.0.0.1', body: pieces('one ', 'two'), server: { name: 'localhost', port: 80 } },
  deadlineMs: 60_000,
  ...change,
})

test('a request and its answer go through as they are, but for what is about one connection', async () => {
  const connect = await serve(async (asked, response) => {
    const body = (await buffer(asked)).toString()
    const { accept, 'x-forwarded-for': from, connection } = asked.headers
    response.writeHead(201, { 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] })
    response.end(JSON.stringify({ method: asked.method, url: asked.url, accept, from, connection, body }))
  })
  const answer = await askHttp(connect, request(), new AbortController().signal)
  expect(answer.status).toBe(201)
  const names = answer.headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`)
  expect(names).toEqual(expect.arrayContaining(['x-answer: yes', 'set-cookie: a=1', 'set-cookie: b=2']))
  expect(names.some((name) => name.startsWith('transfer-encoding') || name.startsWith('connection'))).toBe(
    false,
  )
  expect(JSON.parse((await buffer(answer.body)).toString())).toEqual({
    ...{ method: 'POST', url: '/a?b', accept: 'x/y', from: '10.0.0.1', connection: 'close' },
    body: 'one two',
  })
})

test('an answer that breaks off is told as broken', async () => {
  const connect = await serve((_asked, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('some')
    setImmediate(() => response.destroy())
  })
  const answer = await askHttp(connect, request({ body: pieces() }), new AbortController().signal)
  await expect(buffer(answer.body)).rejects.toThrow()
})

test('a server that never answers is left when the time is over, or nobody waits any more', async () => {
  const connect = await serve(() => {})
  const never = new AbortController().signal
  await expect(askHttp(connect, request({ deadlineMs: 20 }), never)).rejects.toThrow()
  const leaving = new AbortController()
  const asked = askHttp(connect, request(), leaving.signal)
  leaving.abort()
  await expect(asked).rejects.toThrow()
})
