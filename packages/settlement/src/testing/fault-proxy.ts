import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerLagging, type WireAnswer, type WireCall } from './lagging.ts'
import { seeded } from './seeded.ts'

/** Everything that goes wrong between a client and a node. */
export const FAULTS = [
  /** The request never reaches the node. */
  'drop-request',
  /** The node does what it is asked, and nobody hears of it. */
  'drop-answer',
  /** Nobody answers, and the connection stays. */
  'silence',
  /** The node gets the request twice; the second answer comes back. */
  'twice',
  /** The answer comes late, after those of later requests. */
  'delay',
  'garbage',
  'html',
  'status-429',
  'status-500',
  /** The rate limit as some providers tell it, inside a good answer. */
  'limit-error',
  /** Results of no form that the methods have. */
  'nonsense',
  /** The body ends before its length. */
  'truncated',
  /** Some blocks are missing, as at a node that lags. */
  'stale',
] as const
export type Fault = (typeof FAULTS)[number]

/** An HTTP server before a real node that answers some of the requests badly. */
export interface FaultProxy {
  readonly url: string
  /** How often each fault was played. */
  readonly played: ReadonlyMap<Fault, number>
  /** Plays faults for this share of the requests from now on. */
  setRate(share: number): void
  stop(): Promise<void>
}

export interface FaultProxyOptions {
  readonly seed: number
  /** Share of the requests that go wrong. */
  readonly rate: number
  readonly faults?: readonly Fault[]
}

/** Most blocks by which a stale answer lags, and milliseconds by which a late one comes late. */
const LAG = 3
const LATE = 80

/** Starts a proxy on a free loopback port before the node at `targetUrl`. */
export async function startFaultProxy(targetUrl: string, options: FaultProxyOptions): Promise<FaultProxy> {
  const { faults = FAULTS } = options
  const random = seeded(options.seed)
  const played = new Map<Fault, number>()
  const waiting = new Set<Promise<void>>()
  let rate = options.rate
  const choose = (): Fault | null => {
    const fault = random() < rate ? faults[Math.floor(random() * faults.length)] : undefined
    if (fault !== undefined) played.set(fault, (played.get(fault) ?? 0) + 1)
    return fault ?? null
  }
  const server = createServer((request, response) => {
    const answering = answer(request, response, { targetUrl, fault: choose(), size: random() })
      .catch(() => response.destroy())
      .then(() => {
        waiting.delete(answering)
      })
    waiting.add(answering)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    played,
    setRate(share) {
      rate = share
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([...waiting, closed])
    },
  }
}

interface Exchange {
  readonly targetUrl: string
  readonly fault: Fault | null
  /** From 0 to below 1: how late, how stale, how short. */
  readonly size: number
}

async function answer(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
  const { targetUrl, fault, size } = exchange
  const body = await text(request)
  const calls = JSON.parse(body) as WireCall[]
  const forward = () => post(targetUrl, calls)
  switch (fault) {
    case 'drop-request':
      return void request.socket.destroy()
    case 'drop-answer':
      await forward()
      return void request.socket.destroy()
    case 'silence':
      return once(request.socket, 'close').then(() => {})
    case 'twice':
      await forward()
      return send(response, await forward())
    case 'delay':
      await sleep(size * LATE)
      return send(response, await forward())
    case 'garbage':
      return void response.end(Buffer.from([0x7b, 0xff, 0x00, size * 255]))
    case 'html':
      return void response.end('<html><body>Our node takes a rest</body></html>')
    case 'status-429':
    case 'status-500':
      response.statusCode = Number(fault.slice(-3))
      return void response.end('[]')
    case 'limit-error':
      return send(response, answersOf(calls, { error: { code: -32_005, message: 'slow down' } }))
    case 'nonsense':
      return send(response, answersOf(calls, { result: { what: 'ever' } }))
    case 'truncated':
      return truncate(response, JSON.stringify(await forward()), size)
    case 'stale':
      return send(response, await lagging(targetUrl, calls, 1 + Math.floor(size * LAG)))
    case null:
      return send(response, await forward())
  }
}

async function lagging(targetUrl: string, calls: readonly WireCall[], lag: number): Promise<WireAnswer[]> {
  const question: WireCall = { jsonrpc: '2.0', id: 0, method: 'eth_blockNumber', params: [] }
  const [head] = await post(targetUrl, [question])
  return answerLagging(calls, Math.max(0, Number(head?.result) - lag), (some) => post(targetUrl, some))
}

function answersOf(calls: readonly WireCall[], what: Record<string, unknown>): WireAnswer[] {
  return calls.map(({ id }) => ({ jsonrpc: '2.0', id, ...what }))
}

function truncate(response: ServerResponse, whole: string, size: number): void {
  response.setHeader('content-length', Buffer.byteLength(whole))
  response.write(whole.slice(0, Math.floor(size * whole.length)), () => response.destroy())
}

async function post(url: string, calls: readonly WireCall[]): Promise<WireAnswer[]> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(calls) })
  return (await response.json()) as WireAnswer[]
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, answers: readonly WireAnswer[]): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answers))
}
