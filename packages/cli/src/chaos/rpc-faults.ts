import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { seeded } from './seeded.ts'

/** An HTTP server before a chain's endpoint that answers a share of the requests badly. */
export interface RpcFaults {
  readonly port: number
  /** How many answers were bad so far. */
  played(): number
  stop(): Promise<void>
}

/** What a bad answer is: a request or an answer that is lost, an overloaded server, an answer without sense. */
const KINDS = ['lost-request', 'lost-answer', 'status-500', 'limit-error', 'nonsense', 'garbage'] as const
type Kind = (typeof KINDS)[number]

/** Starts it on a free loopback port; which requests it answers badly follows from the seed. */
export async function startRpcFaults(
  targetUrl: string,
  { seed, share }: { readonly seed: number; readonly share: number },
): Promise<RpcFaults> {
  const random = seeded(seed)
  let played = 0
  const choose = (): Kind | undefined => {
    if (random() >= share) return undefined
    played += 1
    return KINDS[Math.floor(random() * KINDS.length)]
  }
  const server = createServer((request, response) => {
    answer(request, response, targetUrl, choose()).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    played: () => played,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  targetUrl: string,
  kind: Kind | undefined,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString()
  if (kind === 'lost-request') return void request.socket.destroy()
  if (kind === 'garbage') return void response.end('<html>')
  if (kind === 'status-500') return void response.writeHead(500).end('[]')
  if (kind === 'limit-error')
    return send(response, each(body, { error: { code: -32_005, message: 'slow down' } }))
  if (kind === 'nonsense') return send(response, each(body, { result: { what: 'ever' } }))
  const headers = { 'content-type': 'application/json' }
  const real = await fetch(targetUrl, { method: 'POST', headers, body })
  const text = await real.text()
  if (kind === 'lost-answer') return void request.socket.destroy()
  send(response, text)
}

/** Answers every call of a request, one or a batch, in the same way. */
function each(body: string, what: Readonly<Record<string, unknown>>): string {
  const calls: unknown = JSON.parse(body)
  const one = (call: unknown) => ({ jsonrpc: '2.0', id: (call as { id?: unknown }).id, ...what })
  return JSON.stringify(Array.isArray(calls) ? calls.map(one) : one(calls))
}

function send(response: ServerResponse, text: string): void {
  response.setHeader('content-type', 'application/json')
  response.end(text)
}
