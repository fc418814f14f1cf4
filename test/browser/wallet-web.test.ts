import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { NetworkConfig } from '@souk/settlement'
import { writeNetworkConfig } from '@souk/settlement/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const NETWORK: NetworkConfig = {
  ...{ name: 'test', chainId: 31_337, tokenSymbol: 'devSOUK', tokenDecimals: 18, blockSeconds: 1 },
  ...{ escrow: `0x${'e5'.repeat(20)}`, token: `0x${'70'.repeat(20)}`, settleBlocks: 8, dev: true },
  ...{ rpcUrls: ['http://127.0.0.1:9'], bootstrap: [], deployedAt: 1, deployedHash: `0x${'00'.repeat(32)}` },
}
const SOUK = fileURLToPath(new URL('../../packages/cli/bin/souk.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'souk-web-'))
const networkFile = join(folder, 'network.json')

beforeAll(() => writeNetworkConfig(networkFile, NETWORK))
afterAll(() => {
  for (const web of started) web.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

type Web = ChildProcessByStdio<null, Readable, Readable>
const started: Web[] = []

/** Starts the command with what it says on standard error beside it. */
function start(...args: string[]): { web: Web; said: () => string } {
  const env = { ...process.env, SOUK_HOME: folder }
  const web = spawn(process.execPath, [SOUK, 'wallet', 'web', '--no-open', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  started.push(web)
  let text = ''
  web.stderr.on('data', (chunk) => {
    text += chunk
  })
  return { web, said: () => text }
}

describe('souk wallet web', () => {
  test('serves the page of a network file and ends with Ctrl-C', async () => {
    const { web, said } = start('--network', networkFile, '--port', '0')
    const ended = once(web, 'close').then(([code]) =>
      Promise.reject(new Error(`ended with ${code}: ${said()}`)),
    )
    const [url] = await Promise.race([once(createInterface(web.stdout), 'line'), ended])
    const page = await fetch(url)
    expect(await page.text()).toContain('<title>Souk wallet</title>')
    expect(page.headers.get('content-security-policy')).toContain('connect-src')
    expect(await (await fetch(new URL('config.json', url))).json()).toEqual({
      network: NETWORK,
      agent: null,
    })
    expect(said()).toMatch(/test tokens/)
    ended.catch(() => {})
    web.kill('SIGINT')
    expect(await once(web, 'exit')).toEqual([0, null])
    await expect(fetch(url)).rejects.toThrow()
  })

  test.each([
    [['--network', networkFile, '--port', 'http'], 2, 'BAD_OPTION'],
    [['--network', networkFile, '--port', '65536'], 2, 'BAD_OPTION'],
    [['--network', 'nowhere'], 6, 'NO_MARKET'],
    [['--network', join(folder, 'nothing.json')], 6, 'NETWORK_FILE_MISSING'],
  ])('refuses %j', async (args, code, said) => {
    const { web, said: words } = start(...args)
    const [exit] = await once(web, 'close')
    expect(exit).toBe(code)
    expect(words()).toContain(`[${said}]`)
  })
})
