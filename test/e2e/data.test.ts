import { createHash, randomBytes } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveGateway, UnixFsDag } from '../../packages/requester/src/node/data/unixfs.fixture.ts'
import { runSouk } from './processes.fixture.ts'

/** A program that says how long the files it is given are, and copies them all into one folder. */
const COPY = `
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
mkdirSync('copies')
for (const name of process.argv.slice(2)) {
  const bytes = readFileSync(name)
  console.log(name, bytes.length)
  writeFileSync('copies/' + name.replaceAll('/', '-'), bytes)
}
`

interface Upload {
  readonly what: string
  readonly name: string
  readonly haveBytes: number
}

describe('data of jobs, on a local market', () => {
  const large = randomBytes(6 * 1024 * 1024)
  let home: string
  let script: string
  let web: Server
  let url: string
  const souk = (...args: string[]) => runSouk(args, { SOUK_HOME: home })

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'souk-data-'))
    script = join(home, 'copy.js')
    writeFileSync(script, COPY)
    mkdirSync(join(home, 'set/deep'), { recursive: true })
    writeFileSync(join(home, 'set/large.bin'), large)
    writeFileSync(join(home, 'set/deep/small.txt'), 'small')
    web = createServer((_request, response) => response.end('from the web'))
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/page.txt`
    const { code, stderr } = await souk('up')
    expect(code, stderr).toBe(0)
  })
  afterAll(async () => {
    await souk('down')
    web.closeAllConnections()
    web.close()
    rmSync(home, { recursive: true, force: true })
  })

  it('comes from folders, the web and IPFS, reaches a quorum, and goes back to a folder', async () => {
    const dag = new UnixFsDag()
    const { cid } = await dag.file(Buffer.from('from everyone'))
    const gateway = await serveGateway(dag.blocks)
    const out = join(home, 'out')
    const digest = createHash('sha256').update('from the web').digest('hex')
    const inputs = [join(home, 'set'), `${url}#sha256=${digest}`, `ipfs://${cid}=ipfs.txt`]
    const options = inputs.flatMap((one) => ['--input', one])
    const names = ['set/large.bin', 'set/deep/small.txt', 'page.txt', 'ipfs.txt']
    const more = ['--ipfs-gateway', gateway.url, '--out', out]
    const done = await souk('run', script, ...options, ...more, '--', ...names)
    await gateway.stop()
    expect(done.code, done.stderr).toBe(0)
    expect(done.stdout).toBe(
      `set/large.bin ${large.byteLength}\nset/deep/small.txt 5\npage.txt 12\nipfs.txt 13\n`,
    )
    expect(Buffer.compare(readFileSync(join(out, 'copies/set-large.bin')), large)).toBe(0)
    expect(readFileSync(join(out, 'copies/ipfs.txt'), 'utf8')).toBe('from everyone')
    expect(done.stderr).toMatch(/wrote 4 files, 6 MiB, to /)
  })

  it('is kept by providers: a second job sends nothing that is large', async () => {
    const args = ['run', script, '--input', join(home, 'set'), '--assurance', 'quorum:2/3', '--json']
    const { code, stderr, stdout } = await souk(...args, '--', 'set/large.bin')
    expect(code, stderr).toBe(0)
    expect(Buffer.from(JSON.parse(stdout).stdout, 'base64').toString()).toBe(
      `set/large.bin ${large.byteLength}\n`,
    )
    const events = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Upload)
    expect(events.some(({ what, name }) => what === 'input' && name.endsWith('large.bin'))).toBe(true)
    const sent = new Map(
      events.filter(({ what }) => what === 'upload').map((one) => [one.name, one.haveBytes]),
    )
    const all = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0)
    // Two providers of five have it from the first job; who leases is the market's affair.
    expect(all).toBeLessThan(2 * large.byteLength + 4 * 1024 * 1024)
  })

  it('goes nowhere but where it belongs', async () => {
    const out = join(home, 'guarded')
    mkdirSync(out)
    mkdirSync(join(home, 'outside'))
    symlinkSync(join(home, 'outside'), join(out, 'copies'))
    const args = ['run', script, '--input', `${join(home, 'set')}=set`, '--assurance', 'none', '--out', out]
    const guarded = await souk(...args, '--force', '--', 'set/deep/small.txt')
    expect(guarded).toMatchObject({ code: 1, stdout: 'set/deep/small.txt 5\n' })
    expect(guarded.stderr).toContain('[OUT_UNSAFE]')
    expect(readdirSync(join(home, 'outside'))).toEqual([])
  })

  it.each([
    ['an address without digest', () => ['--input', url], 'NO_DIGEST', 2],
    ['other bytes at an address', () => ['--input', `${url}#sha256=${'ab'.repeat(32)}`], 'WRONG_DIGEST', 1],
    ['a folder that is not there', () => ['--input', join(home, 'none/')], 'FILE_MISSING', 3],
    ['a name that leads out', () => ['--input', `${join(home, 'set')}=../up`], 'BAD_NAME', 2],
  ])('is refused before anything is leased: %s', async (_, args, name, code) => {
    const refused = await souk('run', script, ...args())
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toContain(`[${name}]`)
    expect(refused.stderr).not.toContain('leased')
  })
})
