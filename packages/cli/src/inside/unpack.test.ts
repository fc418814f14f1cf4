import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type Headers, pack } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packTree } from './pack.ts'
import { unpack } from './unpack.ts'

/** An archive of these entries, with the content of files. */
function tarOf(...entries: (Headers & { readonly content?: string })[]): AsyncIterable<Uint8Array> {
  const tar = pack()
  for (const { content, ...header } of entries) {
    if (content === undefined) tar.entry({ mode: 0o644, ...header })
    else tar.entry({ mode: 0o644, ...header }, content)
  }
  tar.finalize()
  // Its own stream cannot be left early.
  return tar.pipe(new PassThrough())
}

/** The header of an entry, with another type: `x` is a further header of the size that the entry says. */
async function firstBlock(header: Headers, type: string): Promise<Uint8Array> {
  const tar = pack()
  tar.entry(header).on('error', () => {})
  for await (const chunk of tar.pipe(new PassThrough()) as AsyncIterable<Uint8Array>) {
    const block = Uint8Array.from(chunk.subarray(0, 512))
    block[156] = type.charCodeAt(0)
    const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
    block.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
    return block
  }
  throw new Error('expected a header')
}

describe('what is copied', () => {
  let folder: string
  const at = (...parts: string[]) => join(folder, ...parts)
  const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8')

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'souk-copy-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('comes back as it was: files, folders, links and modes', async () => {
    mkdirSync(at('from/deep/empty'), { recursive: true })
    const bytes = randomBytes(300_000)
    writeFileSync(at('from/deep/large'), bytes)
    writeFileSync(at('from/run'), '#!/bin/sh', { mode: 0o755 })
    symlinkSync('deep/large', at('from/link'))
    const done = await unpack(packTree(at('from'), 'name'), at('to'), { force: false })
    expect(done).toEqual({ files: 3, bytes: 300_009, skipped: 0 })
    expect(readFileSync(at('to/deep/large')).equals(bytes)).toBe(true)
    expect(readdirSync(at('to/deep'))).toEqual(['empty', 'large'])
    expect(readlinkSync(at('to/link'))).toBe('deep/large')
    expect(statSync(at('to/run')).mode & 0o777).toBe(0o755)
  })

  it('goes into a folder that is there, under its own name', async () => {
    mkdirSync(at('there'))
    symlinkSync('there', at('by-link'))
    const file = () => tarOf({ name: 'a', type: 'file', content: 'x' })
    await unpack(file(), at('there'), { force: false })
    expect(read('there/a')).toBe('x')
    await unpack(file(), at('by-link'), { force: true })
    await unpack(file(), `${at('new')}/`, { force: false })
    expect(read('new/a')).toBe('x')
    await unpack(file(), at('b'), { force: false })
    expect(read('b')).toBe('x')
  })

  it('replaces nothing unless told to', async () => {
    writeFileSync(at('a'), 'mine')
    const file = () => tarOf({ name: 'a', type: 'file', content: 'theirs' })
    await expect(unpack(file(), at('a'), { force: false })).rejects.toMatchObject({ code: 'OUT_EXISTS' })
    expect(read('a')).toBe('mine')
    await unpack(file(), at('a'), { force: true })
    expect(read('a')).toBe('theirs')
  })

  it('replaces a link, and not what it leads to', async () => {
    writeFileSync(at('secret'), 'mine')
    mkdirSync(at('out'))
    symlinkSync('../secret', at('out/a'))
    const files = () =>
      tarOf({ name: 'f/', type: 'directory' }, { name: 'f/a', type: 'file', content: 'theirs' })
    mkdirSync(at('out/f'))
    symlinkSync('../../secret', at('out/f/a'))
    await expect(unpack(files(), at('out'), { force: false })).rejects.toMatchObject({ code: 'OUT_EXISTS' })
    await unpack(files(), at('out'), { force: true })
    expect(read('secret')).toBe('mine')
    expect(lstatSync(at('out/f/a')).isFile()).toBe(true)
  })

  it.each([
    ['a name that climbs', [{ name: 'f/../../evil', type: 'file', content: 'x' }]],
    ['an absolute name', [{ name: '/evil', type: 'file', content: 'x' }]],
    ['a name with backslashes', [{ name: 'f\\..\\..\\evil', type: 'file', content: 'x' }]],
    [
      'a second thing beside the first',
      [
        { name: 'f', type: 'file', content: 'x' },
        { name: 'evil', type: 'file', content: 'x' },
      ],
    ],
    ['a link that leads out', [{ name: 'f/l', type: 'symlink', linkname: '../../evil' }]],
    ['an absolute link', [{ name: 'f/l', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a link in place of everything', [{ name: 'f', type: 'symlink', linkname: 'evil' }]],
    [
      'a file beneath a link',
      [
        { name: 'f/d', type: 'symlink', linkname: 'e' },
        { name: 'f/d/x', type: 'file', content: 'x' },
      ],
    ],
    [
      'a link beneath a link, which leads out where that stays inside',
      [
        { name: 'f/p/', type: 'directory' },
        { name: 'f/p/q', type: 'symlink', linkname: '..' },
        { name: 'f/p/q/l', type: 'symlink', linkname: '../../evil' },
      ],
    ],
    ['a second name of something outside', [{ name: 'f/l', type: 'link', linkname: '../evil' }]],
    [
      'a second name of something by a link',
      [
        { name: 'f/d', type: 'symlink', linkname: 'x' },
        { name: 'f/l', type: 'link', linkname: 'f/d' },
      ],
    ],
    ['no archive at all', null],
  ] as const)('refuses %s', async (_, entries) => {
    mkdirSync(at('in/to'), { recursive: true })
    const junk = async function* () {
      yield new Uint8Array(2_048).fill(65)
    }
    const tar = entries === null ? junk() : tarOf(...entries)
    await expect(unpack(tar, at('in/to'), { force: true })).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['in'])
    expect(readdirSync(at('in'))).toEqual(['to'])
    expect(existsSync(at('in/to/evil'))).toBe(false)
  })

  it('leaves out devices, and set-user-id bits', async () => {
    const tar = tarOf(
      { name: 'f/null', type: 'character-device' },
      { name: 'f/su', type: 'file', content: 'x', mode: 0o4755 },
    )
    expect(await unpack(tar, at('to'), { force: false })).toEqual({ files: 1, bytes: 1, skipped: 1 })
    expect(statSync(at('to/su')).mode & 0o7777).toBe(0o755)
  })

  it('copies a second name of a file', async () => {
    const tar = tarOf(
      { name: 'f/a', type: 'file', content: 'x' },
      { name: 'f/b', type: 'link', linkname: 'f/a' },
    )
    await unpack(tar, at('to'), { force: false })
    expect(read('to/b')).toBe('x')
    expect(lstatSync(at('to/b')).nlink).toBe(1)
  })

  it('fails where the stream does', async () => {
    const broken = async function* () {
      for await (const chunk of tarOf({ name: 'f', type: 'file', content: 'x'.repeat(100_000) })) {
        yield chunk.subarray(0, 1_000)
        throw new TypeError('the stream broke')
      }
    }
    await expect(unpack(broken(), at('to'), { force: false })).rejects.toThrow('the stream broke')
  })

  it('fails where the stream ends early', async () => {
    const short = async function* () {
      for await (const chunk of tarOf({ name: 'f', type: 'file', content: 'x'.repeat(100_000) })) {
        yield chunk.subarray(0, 1_000)
        return
      }
    }
    await expect(unpack(short(), at('to'), { force: false })).rejects.toThrow()
  })

  it('refuses a header without end', async () => {
    let given = 0
    const endless = async function* () {
      // The first block says that a path of 8 GiB follows.
      yield await firstBlock({ name: 'f', type: 'file', size: 8 * 2 ** 30 - 1 }, 'x')
      for (;;) {
        given += 65_536
        yield new Uint8Array(65_536).fill(65)
      }
    }
    const unpacking = unpack(endless(), at('to'), { force: false })
    await expect(unpacking).rejects.toMatchObject({ code: 'BAD_ARCHIVE' })
    expect(given).toBeLessThan(4 * 2 ** 20)
  })

  it('can be left while it is packed', async () => {
    writeFileSync(at('large'), new Uint8Array(1_000_000))
    for await (const _ of packTree(at('large'), 'x')) break
    rmSync(at('large'))
  })

  it('says that there is nothing to copy', () => {
    expect(() => packTree(at('nothing'), 'x')).toThrow(expect.objectContaining({ code: 'FILE_MISSING' }))
  })
})
