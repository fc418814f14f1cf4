import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type OutputFile, writeOutputs } from './output-folder.ts'

const home = mkdtempSync(join(tmpdir(), 'souk-out-'))
afterAll(() => rmSync(home, { recursive: true }))

const fresh = () => mkdtempSync(join(home, 'o-'))
const file = (path: string, text = path, bytes = Buffer.byteLength(text)): OutputFile => ({
  path,
  bytes,
  async *content() {
    yield Buffer.from(text.slice(0, 2))
    yield Buffer.from(text.slice(2))
  },
})
const write = (folder: string, files: readonly OutputFile[], force = false) =>
  writeOutputs(folder, files, { force })

describe('writing what a program put out', () => {
  it('makes the folder and those in it, and says what was written', async () => {
    const folder = join(fresh(), 'new', 'deep')
    const written = await write(folder, [file('a.txt'), file('sub/b/c.txt', 'three'), file('empty', '')])
    expect(written).toEqual({ folder, files: 3, bytes: 10 })
    expect(readFileSync(join(folder, 'sub/b/c.txt'), 'utf8')).toBe('three')
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'empty', 'sub'])
  })

  it('replaces nothing, and then writes nothing at all, unless it is told to', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'b'), 'mine')
    const files = [file('a', 'new'), file('b', 'new')]
    await expect(write(folder, files)).rejects.toMatchObject({ code: 'OUT_EXISTS' })
    expect(readdirSync(folder)).toEqual(['b'])
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('mine')
    await write(folder, files, true)
    expect([readFileSync(join(folder, 'a'), 'utf8'), readFileSync(join(folder, 'b'), 'utf8')]).toEqual([
      'new',
      'new',
    ])
  })

  it.each(['../x', 'a/../../x', '/etc/x', '', 'a//b', './a', 'a\\b', 'C:x'])(
    'refuses the path %j',
    async (path) => {
      const folder = fresh()
      await expect(write(folder, [file('good'), file(path)], true)).rejects.toMatchObject({
        code: 'OUT_UNSAFE',
      })
      expect(readdirSync(folder)).toEqual([])
    },
  )

  it('refuses a path that is a file and a folder', async () => {
    const folder = fresh()
    await expect(write(folder, [file('a'), file('a/b')])).rejects.toMatchObject({ code: 'OUT_UNSAFE' })
    await expect(write(folder, [file('a/b/c'), file('a')])).rejects.toMatchObject({ code: 'OUT_UNSAFE' })
    mkdirSync(join(folder, 'd'))
    await expect(write(folder, [file('d')], true)).rejects.toMatchObject({ code: 'OUT_UNSAFE' })
  })

  it('follows no link out of the folder', async () => {
    const [folder, outside] = [fresh(), fresh()]
    writeFileSync(join(outside, 'secret'), 'mine')
    symlinkSync(outside, join(folder, 'link'))
    symlinkSync(join(outside, 'secret'), join(folder, 'name'))
    symlinkSync(join(outside, 'none'), join(folder, 'dangling'))
    for (const path of ['link/x', 'link/deep/x', 'name/x', 'dangling/x']) {
      await expect(write(folder, [file(path)], true)).rejects.toMatchObject({ code: 'OUT_UNSAFE' })
    }
    for (const path of ['name', 'link', 'dangling']) {
      await expect(write(folder, [file(path)])).rejects.toMatchObject({ code: 'OUT_EXISTS' })
    }
    // A link itself may be replaced; what it leads to stays.
    await write(folder, [file('name', 'theirs'), file('dangling', 'theirs')], true)
    expect(readFileSync(join(folder, 'name'), 'utf8')).toBe('theirs')
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('mine')
    expect(existsSync(join(outside, 'none'))).toBe(false)
    expect(readdirSync(outside)).toEqual(['secret'])
    expect(readlinkSync(join(folder, 'link'))).toBe(outside)
  })

  it('goes where a link leads that the user named himself', async () => {
    const [folder, real] = [fresh(), fresh()]
    symlinkSync(real, join(folder, 'out'))
    await write(join(folder, 'out'), [file('a')])
    expect(readdirSync(real)).toEqual(['a'])
  })

  it('leaves nothing behind when content fails to come, or has another size', async () => {
    const folder = fresh()
    const failing: OutputFile = {
      ...{ path: 'z', bytes: 5 },
      async *content() {
        yield Buffer.from('some')
        throw new Error('gone')
      },
    }
    await expect(write(folder, [file('a'), failing])).rejects.toThrow('gone')
    await expect(write(folder, [file('a'), file('b', 'short', 6)])).rejects.toMatchObject({
      code: 'OUT_INCOMPLETE',
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
