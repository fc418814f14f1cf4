import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS } from '@souk/protocol'
import { createMemoryBlocks, readContent } from '@souk/storage'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type PlacedFile, placeInputs } from './find-inputs.ts'
import type { InputFile } from './input-file.ts'
import { storeKeeper } from './keeper.ts'
import { serveGateway, UnixFsDag } from './unixfs.fixture.ts'

const home = mkdtempSync(join(tmpdir(), 'souk-inputs-'))
afterAll(() => rmSync(home, { recursive: true }))
const never = new AbortController().signal

/** A folder of its own with these files in it. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(home, 'f-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function find(inputs: readonly (readonly [string | null, string])[], gateways: readonly string[] = []) {
  return placeInputs(inputs, { gateways, signal: never })
}

async function textOf(file: InputFile | undefined): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of file?.open(never) ?? []) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

async function textsOf(placed: readonly PlacedFile[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const { path, file } of placed) texts[path] = await textOf(file)
  return texts
}

describe('inputs of this machine', () => {
  it('are files by their own name or another', async () => {
    const folder = folderOf({ 'a.txt': 'a', 'b.txt': 'b' })
    const found = await find([
      [null, join(folder, 'a.txt')],
      ['in/other', join(folder, 'b.txt')],
    ])
    expect(await textsOf(found)).toEqual({ 'a.txt': 'a', 'in/other': 'b' })
  })

  it('are folders with all that is in them', async () => {
    const folder = folderOf({ 'set/a.csv': 'a', 'set/deep/er/b.csv': 'b', 'set/.hidden': 'h' })
    symlinkSync(join(folder, 'set/a.csv'), join(folder, 'set/link.csv'))
    const [own, named, plain] = [join(folder, 'set'), join(folder, 'set/'), `${folder}/set`]
    const files = { '.hidden': 'h', 'a.csv': 'a', 'deep/er/b.csv': 'b', 'link.csv': 'a' }
    const below = (name: string) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}/${path}`, text]))
    expect(await textsOf(await find([[null, own]]))).toEqual(below('set'))
    expect(await textsOf(await find([['other', named]]))).toEqual(below('other'))
    expect(await textsOf(await find([['.', plain]]))).toEqual(files)
  })

  it('are what a pattern matches', async () => {
    const folder = folderOf({ 'in/a.csv': 'a', 'in/b.csv': 'b', 'in/c.txt': 'c', 'in/x/d.csv': 'd' })
    expect(await textsOf(await find([[null, join(folder, 'in/*.csv')]]))).toEqual({
      'a.csv': 'a',
      'b.csv': 'b',
    })
    expect(await textsOf(await find([['t', join(folder, 'in/**/*.csv')]]))).toEqual({
      ...{ 't/a.csv': 'a', 't/b.csv': 'b', 't/x/d.csv': 'd' },
    })
    const odd = folderOf({ 'what[1].txt': 'odd' })
    expect(await textsOf(await find([[null, join(odd, 'what[1].txt')]]))).toEqual({ 'what[1].txt': 'odd' })
  })

  it.each([
    ['a file that is not there', 'FILE_MISSING', (folder: string) => join(folder, 'none')],
    ['a pattern that matches nothing', 'NO_FILES', (folder: string) => join(folder, '*.none')],
    ['an empty folder', 'NO_FILES', (folder: string) => folder],
    ['a device', 'NOT_A_FILE', () => '/dev/null'],
    [
      'a folder with a link to a folder',
      'NOT_A_FILE',
      (folder: string) => {
        symlinkSync(home, join(folder, 'link'))
        return folder
      },
    ],
    [
      'a folder with a link to nothing',
      'FILE_MISSING',
      (folder: string) => {
        symlinkSync(join(folder, 'none'), join(folder, 'link'))
        return folder
      },
    ],
    [
      'a name that not every machine can have',
      'BAD_NAME',
      (folder: string) => {
        writeFileSync(join(folder, 'a:b'), '')
        return join(folder, 'a:b')
      },
    ],
    [
      'more files than a task can have',
      'TOO_MANY_FILES',
      (folder: string) => {
        for (let n = 0; n <= LIMITS.taskFiles; n++) writeFileSync(join(folder, `${n}`), '')
        return folder
      },
    ],
  ])('say of %s what is wrong', async (_, code, make) => {
    await expect(find([[null, make(folderOf({}))]])).rejects.toMatchObject({ code })
  })

  it('may not be more together, nor have one name twice, nor leave their folder', async () => {
    const many = folderOf(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${n}`, ''])))
    await expect(
      find([
        ['a', many],
        ['b', many],
      ]),
    ).rejects.toMatchObject({ code: 'TOO_MANY_FILES' })
    const [one, other] = [folderOf({ x: '1' }), folderOf({ x: '2' })]
    await expect(
      find([
        ['.', one],
        ['.', other],
      ]),
    ).rejects.toMatchObject({ code: 'NAME_TWICE', data: { name: 'x' } })
    for (const name of ['../x', '/x', 'a/../../x']) {
      await expect(find([[name, one]])).rejects.toMatchObject({ code: 'BAD_NAME' })
    }
  })

  // Whoever may read everything is refused nothing.
  it.skipIf(process.getuid?.() === 0)('say which file or folder cannot be read', async () => {
    const folder = folderOf({ 'a/b': 'b' })
    chmodSync(join(folder, 'a/b'), 0)
    const [placed] = await find([[null, folder]])
    await expect(textOf(placed?.file)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    chmodSync(join(folder, 'a'), 0)
    await expect(find([[null, folder]])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    chmodSync(join(folder, 'a'), 0o700)
  })

  it('notice a file that fails, grows, shrinks, changes or goes away while it is read', async () => {
    const at = async (change: (file: string) => void, text = 'x'.repeat(3 * 1024 * 1024)) => {
      const file = join(folderOf({ data: text }), 'data')
      const [placed] = await find([[null, file]])
      const chunks = placed?.file.open(never)[Symbol.asyncIterator]()
      await chunks?.next()
      change(file)
      for (let next = await chunks?.next(); next?.done === false; next = await chunks?.next());
    }
    await expect(at((file) => appendFileSync(file, 'more'))).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    await expect(at((file) => writeFileSync(file, 'less'))).rejects.toMatchObject({ code: 'FILE_CHANGED' })
    const [placed] = await find([[null, join(folderOf({ gone: 'x' }), 'gone')]])
    rmSync(placed?.file.from ?? '')
    await expect(textOf(placed?.file)).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })

  it('pass through the store block by block, pinned to the job', async () => {
    const bytes = randomBytes(5 * LIMITS.blockBytes + 3)
    const file = join(folderOf({}), 'large')
    writeFileSync(file, bytes)
    const blocks = createMemoryBlocks()
    const keeper = storeKeeper(blocks, 'job')
    const [placed] = await find([[null, file]])
    if (placed === undefined) throw new Error(`expected ${file} to be found`)
    const heard: number[] = []
    const content = await keeper.keep(placed.file.open(never), (have) => heard.push(have))
    expect(Buffer.compare(await readContent(blocks, content.cid), bytes)).toBe(0)
    expect(heard.at(-1)).toBe(bytes.byteLength)
    expect(heard).toHaveLength(6)
    expect(keeper.content()).toEqual([content])
    expect(await blocks.owners()).toEqual(['job'])
  })
})

describe('inputs of the web', () => {
  const stops: (() => void)[] = []
  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })
  const serve = async (handler: RequestListener) => {
    const server = createServer(handler)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    stops.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const text = 'what everyone gets'
  const digest = createHash('sha256').update(text).digest('hex')

  it('are verified against the digest behind the address, over redirects', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/data/a%20b.txt?x=1') response.end(text)
      else response.writeHead(302, { location: '/data/a%20b.txt?x=1' }).end()
    })
    const placed = await find([[null, `${url}/data/a%20b.txt?x=1#sha256=${digest}`]])
    expect(await textsOf(placed)).toEqual({ 'a b.txt': text })
    const [moved] = await find([['b', `${url}/moved#sha256=${digest.toUpperCase()}`]])
    expect(await textOf(moved?.file)).toBe(text)
  })

  it.each([
    ['other bytes', 'WRONG_DIGEST', (response) => response.end('other')],
    ['no such page', 'DOWNLOAD_FAILED', (response) => response.writeHead(404).end()],
    ['a circle', 'DOWNLOAD_FAILED', (response) => response.writeHead(301, { location: '/' }).end()],
    [
      'no web at all',
      'DOWNLOAD_FAILED',
      (response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
    ],
    [
      'an end too early',
      'DOWNLOAD_FAILED',
      (response) => {
        response.writeHead(200, { 'content-length': 100 })
        response.write('only this')
        setImmediate(() => response.destroy())
      },
    ],
    [
      'too much',
      'FILE_TOO_LARGE',
      (response) => {
        response.writeHead(200, { 'content-length': LIMITS.fileBytes + 1 })
        response.write('x')
      },
    ],
  ] satisfies [string, string, (response: Parameters<RequestListener>[1]) => void][])(
    'say what is wrong with %s',
    async (_, code, answer) => {
      const url = await serve((_request, response) => answer(response))
      const [placed] = await find([[null, `${url}/x#sha256=${digest}`]])
      await expect(textOf(placed?.file)).rejects.toMatchObject({ code })
    },
  )

  it('are refused without a digest, and where nobody answers', async () => {
    await expect(find([[null, 'https://example.org/x']])).rejects.toMatchObject({ code: 'NO_DIGEST' })
    const url = await serve((_request, response) => response.end())
    for (const stop of stops.splice(0)) stop()
    const [placed] = await find([[null, `${url}/x#sha256=${digest}`]])
    await expect(textOf(placed?.file)).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  })
})

describe('inputs of IPFS', () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })
  const gateway = async (...args: Parameters<typeof serveGateway>) => {
    const served = await serveGateway(...args)
    stops.push(served.stop)
    return served
  }
  const tree = async () => {
    const dag = new UnixFsDag()
    const large = randomBytes(700_000)
    const folder = await dag.folder({
      'large.bin': await dag.file(large),
      sub: await dag.folder({
        'small.txt': await dag.file(Buffer.from('small')),
        empty: await dag.file(Buffer.alloc(0)),
      }),
    })
    return { dag, large, cid: folder.cid.toString() }
  }

  it('are files of many blocks, and folders, each block verified', async () => {
    const { dag, large, cid } = await tree()
    const { url } = await gateway(dag.blocks)
    const [file] = await find([[null, `ipfs://${cid}/large.bin`]], [url])
    expect(file?.path).toBe('large.bin')
    expect(file?.file.bytes).toBe(large.byteLength)
    const parts: Uint8Array[] = []
    for await (const chunk of file?.file.open(never) ?? []) parts.push(chunk)
    expect(Buffer.compare(Buffer.concat(parts), large)).toBe(0)
    const all = await find([['set', `ipfs://${cid}/`]], [url])
    expect(all.map(({ path, file }) => [path, file.bytes])).toEqual([
      ['set/large.bin', 700_000],
      ['set/sub/empty', 0],
      ['set/sub/small.txt', 5],
    ])
    expect(await textOf(all[2]?.file)).toBe('small')
  })

  it('come from the next gateway where one lies, lacks them or is gone', async () => {
    const { dag, cid } = await tree()
    const [liar, empty, gone, good] = [
      await gateway(dag.blocks, (block) => Buffer.from(block).fill(7)),
      await gateway(new Map()),
      await serveGateway(new Map()),
      await gateway(dag.blocks),
    ]
    await gone.stop()
    const urls = [liar.url, empty.url, gone.url, good.url]
    const placed = await find([[null, `ipfs://${cid}/sub/small.txt`]], urls)
    expect(await textsOf(placed)).toEqual({ 'small.txt': 'small' })
    // What gave a block is asked first from then on.
    expect(liar.asked).toHaveLength(1)
    await expect(find([[null, `ipfs://${cid}`]], urls.slice(0, 3))).rejects.toMatchObject({
      code: 'NOT_IN_IPFS',
    })
  })

  it.each([
    ['no address', 'ipfs://', 'BAD_SOURCE'],
    ['nonsense', 'ipfs://nonsense/x', 'BAD_SOURCE'],
  ])('say what is wrong with %s', async (_, source, code) => {
    await expect(find([[null, source]])).rejects.toMatchObject({ code })
  })

  it('say so where a path leads nowhere, and where no gateway is named', async () => {
    const { dag, cid } = await tree()
    const { url } = await gateway(dag.blocks)
    await expect(find([[null, `ipfs://${cid}/none`]], [url])).rejects.toMatchObject({ code: 'BAD_SOURCE' })
    await expect(find([[null, `ipfs://${cid}`]])).rejects.toMatchObject({ code: 'NOT_IN_IPFS' })
  })
})
