import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NETWORK } from '../state/events.fixture.ts'
import { type PageServer, servePage } from './serve-page.ts'

const FILES = { '/index.html': '<p>page</p>', '/assets/a-1.js': 'let a' }
let server: PageServer

beforeAll(async () => {
  server = await servePage({ files: FILES, config: { network: NETWORK, agent: null }, port: 0 })
})
afterAll(() => server?.stop())

/** Asks like `fetch`, but with any path and any host. */
async function ask(path: string, options: { method?: string; host?: string } = {}) {
  const { method = 'GET', host = `127.0.0.1:${server.port}` } = options
  const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers: { host } })
  asked.end()
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}

describe("the page's server", () => {
  test('serves the page, its files and its network', async () => {
    expect(await ask('/')).toMatchObject({ status: 200, text: '<p>page</p>' })
    expect(await ask('/?x=1')).toMatchObject({ status: 200, text: '<p>page</p>' })
    expect(await ask('/assets/a-1.js')).toMatchObject({ status: 200, text: 'let a' })
    expect(JSON.parse((await ask('/config.json')).text)).toEqual({ network: NETWORK, agent: null })
    expect(await ask('/', { method: 'HEAD', host: `localhost:${server.port}` })).toMatchObject({
      status: 200,
      text: '',
    })
  })

  test.each([
    '/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/constructor',
    '//x/index.html',
    '/__proto__',
    '//',
    '*',
  ])('has no file %s', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost'])(
    'answers nobody who calls it %s',
    async (host) => {
      const { status, text } = await ask('/config.json', { host })
      expect({ status, text }).toEqual({ status: 421, text: '421\n' })
    },
  )

  test('only gives', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask('/', { method })).status).toBe(405)
  })

  test('lets the page load nothing of others, and nobody frame it', async () => {
    const { headers } = await ask('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:8545;")
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
  })

  test('says when its port is taken', async () => {
    const again = servePage({ files: FILES, config: { network: NETWORK, agent: null }, port: server.port })
    await expect(again).rejects.toMatchObject({ code: 'PORT_IN_USE', data: { port: server.port } })
  })
})
