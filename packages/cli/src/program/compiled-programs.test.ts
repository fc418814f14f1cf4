import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validateProgram } from '@souk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiledProgram, KEPT_PROGRAMS } from './compiled-programs.ts'
import { openCompiler } from './compiler.ts'

describe('compiledProgram', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-compile-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const compile = async (source: string, flags: string[] = []) => {
    const [told, shown]: [string[], string[]] = [[], []]
    await writeFile(join(folder, 'main.c'), source)
    const file = compiledProgram({
      language: 'c',
      sources: [join(folder, 'main.c')],
      flags,
      folder: join(folder, 'compiled'),
      tell: (sentence) => told.push(sentence),
      show: (bytes) => shown.push(new TextDecoder().decode(bytes)),
    })
    return { file, told, shown }
  }

  it('compiles once for equal sources, and again where a source, an included file or a flag differs', async () => {
    const source = '#include "n.h"\nint main(void) { return N; }'
    await writeFile(join(folder, 'n.h'), '#define N 1')
    const first = await compile(source)
    validateProgram(await readFile(await first.file))
    const second = await compile(source)
    expect([await second.file, second.told]).toEqual([await first.file, []])
    const flagged = await compile(source, ['-DX'])
    await writeFile(join(folder, 'n.h'), '#define N 2')
    const changed = await compile(source)
    const files = await Promise.all([first, flagged, changed].map(({ file }) => file))
    expect(new Set(files).size).toBe(3)
    for (const { told } of [first, flagged, changed]) expect(told).toHaveLength(1)
  })

  it('shows warnings as the compiler writes them', async () => {
    const { file, shown } = await compile('int main(void) { int unused; return 0; }')
    validateProgram(await readFile(await file))
    expect(shown.join('')).toMatch(/main\.c:1:\d+: warning: unused variable 'unused'/)
  })

  it.each([
    ['int main(void) { return x; }', /main\.c:1:25: error: use of undeclared identifier 'x'/],
    ['int lost(void); int main(void) { return lost(); }', /undefined symbol: lost/],
    ['#include "none.h"\nint main(void) {}', /'none\.h' file not found/],
  ])('refuses %j in the compiler’s own words', async (source, words) => {
    const { file, shown } = await compile(source)
    await expect(file).rejects.toMatchObject({ data: { code: 'COMPILE_FAILED', source: 'main.c' } })
    expect(shown.join('')).toMatch(words)
  })

  it('keeps no more programs than it says, and those that were used last', async () => {
    const { file } = await compile('int main(void) { return 7; }')
    const kept = await file
    const compiled = join(folder, 'compiled')
    for (let i = 0; i < KEPT_PROGRAMS + 3; i++) {
      const old = join(compiled, `${i}.wasm`)
      await writeFile(old, '')
      await utimes(old, i, i)
    }
    const fresh = await (await compile('int main(void) { return 8; }')).file
    const left = (await readdir(compiled)).map((name) => join(compiled, name))
    expect(left).toHaveLength(KEPT_PROGRAMS)
    expect(left).toEqual(expect.arrayContaining([kept, fresh]))
    expect(left).not.toContain(join(compiled, '0.wasm'))
  })

  it('says how to get the compiler where it is not installed', async () => {
    const absent = '@souk/no-compiler'
    await expect(openCompiler(() => import(absent))).rejects.toMatchObject({
      data: { code: 'NO_COMPILER', package: expect.stringMatching(/^@yowasp\/clang@\d/) },
    })
  })

  it('names a source that is not there', async () => {
    const compilation = { flags: [], folder, tell: () => {}, show: () => {}, language: 'c' as const }
    await expect(compiledProgram({ ...compilation, sources: ['/none.c'] })).rejects.toMatchObject({
      data: { code: 'FILE_MISSING', file: '/none.c' },
    })
  })
})
