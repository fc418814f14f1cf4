import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SoukError } from '@souk/protocol'
import { CONFIG_PATH, type PageConfig } from '../state/page-config.ts'
import type { PageFiles } from './build-page.ts'
import { pageHeaders } from './page-headers.ts'

/** Why the page is not served. */
export class PageServerError extends SoukError<{ code: 'PORT_IN_USE'; port: number }> {}

export interface PageServer {
  readonly port: number
  readonly url: string
  /** Closes every connection and the port. */
  stop(): Promise<void>
}

export interface ServeOptions {
  readonly files: PageFiles
  readonly config: PageConfig
  /** 0 takes a free one. */
  readonly port: number
}

const HOST = '127.0.0.1'
/** Connections open at a time: a browser keeps six. */
const CONNECTIONS = 64
/** Milliseconds for a request to come in: nobody holds a connection by sending slowly. */
const REQUEST_MS = 10_000

/** Serves the page to this machine alone. Throws {@link PageServerError} `PORT_IN_USE`. */
export async function servePage({ files, config, port }: ServeOptions): Promise<PageServer> {
  const texts: PageFiles = { ...files, [CONFIG_PATH]: JSON.stringify(config) }
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) =>
    answer(request, response, texts, config, actualPort(server)),
  )
  server.maxConnections = CONNECTIONS
  server.listen(port, HOST)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' || error.code === 'EACCES' ? taken(port) : error
  })
  return {
    port: actualPort(server),
    url: `http://${HOST}:${actualPort(server)}/`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  texts: PageFiles,
  config: PageConfig,
  port: number,
): void {
  const [path = '/'] = (request.url ?? '/').split('?')
  const name = path === '/' ? '/index.html' : path
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined
  const refusal = refusalOf(request, port) ?? (text === undefined ? 404 : undefined)
  const headers = refusal === undefined ? pageHeaders(name, config) : { 'content-type': 'text/plain' }
  response.writeHead(refusal ?? 200, headers)
  response.end(request.method === 'HEAD' ? '' : refusal === undefined ? text : `${refusal}\n`)
}

function refusalOf({ headers, method }: IncomingMessage, port: number): number | undefined {
  // A name of somebody else's that leads to this machine must not make the page part of their origin.
  if (![`${HOST}:${port}`, `localhost:${port}`].includes(headers.host ?? '')) return 421
  return method === 'GET' || method === 'HEAD' ? undefined : 405
}

function actualPort(server: Server): number {
  return (server.address() as AddressInfo).port
}

function taken(port: number): PageServerError {
  return new PageServerError(
    `expected port ${port} of loopback to be free for the page, it is not; choose another with --port, or 0 for any`,
    { code: 'PORT_IN_USE', port },
  )
}
