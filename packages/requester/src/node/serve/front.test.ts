import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createConnection } from 'node:net'
import { sessionError } from '@souk/network'
import { CALL_BODY_BYTES } from '@souk/protocol'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../../../network/src/testing/market.ts'
import { askCgi, type CgiCall } from './cgi-replica.ts'
import { type ChosenReplica, Front, type FrontOptions } from './front.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one()
})

/** Replicas that are programs of this machine: what a shell writes is the answer, as CGI has always had it. */
class Shells {
  readonly results: string[] = []
  readonly #scripts: Record<string, string>
  readonly #most: number
  readonly #busy = new Map<string, number>()
  /** Told when a replica has begun to run. */
  begun: () => void = () => {}

  constructor(scripts: Record<string, string>, most = 1) {
    this.#scripts = scripts
    this.#most = most
  }

  add(name: string, script: string): void {
    this.#scripts[name] = script
  }

  choose(tried: ReadonlySet<string>): ChosenReplica | null {
    const found = Object.keys(this.#scripts).find(
      (name) => !tried.has(name) && (this.#busy.get(name) ?? 0) < this.#most,
    )
    if (found === undefined) return null
    this.#count(found, 1)
    return {
      name: found,
      ask: (request, signal) => askCgi((call) => this.#call(found, call), request, signal),
      done: (result) => {
        this.#count(found, -1)
        this.results.push(`${found} ${result}`)
      },
    }
  }

  #count(name: string, change: number): void {
    this.#busy.set(name, (this.#busy.get(name) ?? 0) + change)
  }

  async #call(name: string, { env, body, deadlineMs }: CgiCall) {
    const script = this.#scripts[name] ?? ''
    if (script === 'lost') throw sessionError('lost', 'its stream is gone')
    const entries = env.map((entry) => [
      entry.slice(0, entry.indexOf('=')),
      entry.slice(entry.indexOf('=') + 1),
    ])
    const child = spawn('sh', ['-c', script], {
      env: { PATH: process.env.PATH, ...Object.fromEntries(entries) },
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    })
    const exited = new Promise<number>((resolve, reject) => {
      child.once('close', (code) =>
        code === null ? reject(sessionError('ended', 'it was stopped')) : resolve(code),
      )
    })
    exited.catch(() => {})
    child.stdin.on('error', () => {})
    const kill = () => void child.kill('SIGKILL')
    const feed = async () => {
      for await (const bytes of body) child.stdin.write(bytes)
      child.stdin.end()
    }
    feed().catch(kill)
    this.begun()
    async function* output() {
      for await (const bytes of child.stdout) yield { stream: 'stdout' as const, bytes: bytes as Uint8Array }
      await exited
    }
    return { output: output(), exited, kill }
  }
}

async function startFront(shells: Shells, change: Partial<FrontOptions> = {}) {
  const front = new Front({
    replicas: shells,
    ...{ host: '127.0.0.1', port: 0, deadlineMs: 60_000, buffer: { most: 2, waitMs: 60_000 } },
    ...change,
  })
  const port = await front.start()
  undo.push(() => front.stop(0))
  return { front, url: `http://127.0.0.1:${port}`, port }
}

const ECHO = 'printf "Content-Type: text/plain\\r\\n\\r\\n%s %s " $REQUEST_METHOD "$QUERY_STRING"; cat'

test('a request is put to a program, and its answer is the response', async () => {
  const { url } = await startFront(new Shells({ a: ECHO }))
  const response = await fetch(`${url}/path?x=1`, { method: 'POST', body: 'the body' })
  expect(response.headers.get('content-type')).toBe('text/plain')
  expect(await response.text()).toBe('POST x=1 the body')
})

test('an answer comes while the program still reads', async () => {
  const script = 'printf "A: b\\n\\nfirst"; cat > /dev/null; printf second'
  const { port } = await startFront(new Shells({ a: script }))
  const asking = httpRequest({ port, method: 'POST' })
  asking.write('x')
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  const pieces = answer.setEncoding('utf8')[Symbol.asyncIterator]()
  expect((await pieces.next()).value).toBe('first')
  asking.end()
  expect((await pieces.next()).value).toBe('second')
})

test('a replica that is gone before it answers is made good by another, with the same body', async () => {
  const shells = new Shells({ a: 'lost', b: ECHO })
  const { url } = await startFront(shells)
  expect(await (await fetch(url, { method: 'POST', body: 'again' })).text()).toBe('POST  again')
  expect(shells.results).toEqual(['a failed', 'b answered'])
})

test('a body that still comes when its replica is lost is whole at the next', async () => {
  const shells = new Shells({ a: 'read -r line; kill -9 $$', b: ECHO })
  const { port } = await startFront(shells)
  const asking = httpRequest({ port, method: 'POST' })
  const answered = once(asking, 'response')
  asking.write('first\n')
  await until('the first is lost', () => shells.results.length === 1)
  asking.end('second\n')
  const [answer] = (await answered) as [IncomingMessage]
  let text = ''
  for await (const piece of answer.setEncoding('utf8')) text += piece
  expect(text).toBe('POST  first\nsecond\n')
})

test('where every replica is gone, the client is told to come back', async () => {
  const { url } = await startFront(new Shells({ a: 'lost', b: 'lost' }))
  const response = await fetch(url)
  expect(response.status).toBe(503)
})

test('what waits beyond the buffer is turned away at once, and the rest is served in order', async () => {
  const shells = new Shells({})
  const { front, url } = await startFront(shells)
  const waiting = ['1', '2'].map(async (name) => (await fetch(`${url}/?${name}`)).text())
  await until('both wait', () => front.waiting === 2)
  const refused = await fetch(url)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('60')
  shells.add('a', ECHO)
  front.roomy()
  expect(await Promise.all(waiting)).toEqual(['GET 1 ', 'GET 2 '])
})

test('who waits too long is told so, and who leaves waits no more', async () => {
  const late = await startFront(new Shells({}), { buffer: { most: 2, waitMs: 20 } })
  expect((await fetch(late.url)).status).toBe(503)
  const { front, url } = await startFront(new Shells({}))
  const leaving = new AbortController()
  const left = fetch(url, { signal: leaving.signal }).catch((error: Error) => error.name)
  await until('it waits', () => front.waiting === 1)
  leaving.abort()
  expect(await left).toBe('AbortError')
  await until('nobody waits', () => front.waiting === 0)
})

test('a program that gives no answer, a bad one, or none in time', async () => {
  const shells = new Shells({ a: 'exit 3' })
  const { url } = await startFront(shells)
  expect((await fetch(url)).status).toBe(502)
  shells.add('a', 'echo no head; echo')
  expect((await fetch(url)).status).toBe(502)
  const slow = await startFront(new Shells({ a: 'exec sleep 60', b: ECHO }), { deadlineMs: 100 })
  expect((await fetch(slow.url)).status).toBe(504)
})

test('a replica that says nothing, and keeps its stream alive, does not hold a request for ever', async () => {
  const silent: ChosenReplica = { name: 'silent', ask: () => new Promise(() => {}), done: () => {} }
  const done: string[] = []
  const replicas = { choose: () => ({ ...silent, done: (result: string) => void done.push(result) }) }
  const front = new Front({
    ...{ replicas, host: '127.0.0.1', port: 0, deadlineMs: 10, buffer: { most: 0, waitMs: 10 } },
  })
  const port = await front.start()
  undo.push(() => front.stop(0))
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(504)
  expect(done).toEqual(['failed'])
  expect(front.active).toBe(0)
})

test('a body larger than any may be is refused, however it comes', async () => {
  const readFirst = `cat > /dev/null; ${ECHO}`
  const { url, port } = await startFront(new Shells({ a: readFirst, b: readFirst }))
  const large = new Uint8Array(CALL_BODY_BYTES + 1)
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${large.byteLength}\r\n\r\n`)
  const head = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))))
  expect(head).toContain('413')
  socket.destroy()
  const stream = new Blob([large]).stream()
  const chunked: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' }
  const status = await fetch(url, chunked).then(
    (response) => response.status,
    // The connection may be closed while the client still sends.
    () => 413,
  )
  expect(status).toBe(413)
})

test('a client that leaves ends its program, and the replica is free for others', async () => {
  const shells = new Shells({ a: 'exec sleep 60' })
  const { url, front } = await startFront(shells)
  const leaving = new AbortController()
  const begun = new Promise<void>((resolve) => {
    shells.begun = resolve
  })
  const left = fetch(url, { signal: leaving.signal }).catch(() => 'left')
  await begun
  leaving.abort()
  expect(await left).toBe('left')
  await until('nothing runs', () => front.active === 0)
  expect(shells.results).toEqual(['a cancelled'])
})
