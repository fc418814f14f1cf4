import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findInputs } from './map-inputs.ts'

const home = mkdtempSync(join(tmpdir(), 'souk-inputs-'))
afterAll(() => rmSync(home, { recursive: true }))

/** Makes a folder of files. */
function folder(...names: string[]): string {
  const root = mkdtempSync(join(home, 'f-'))
  for (const name of names) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), name)
  }
  return root
}

const names = async (...patterns: string[]) => (await findInputs(patterns)).map(({ name }) => name)

describe('the inputs of a map', () => {
  it('are the files of patterns, folders and paths, named below what was named', async () => {
    const root = folder('a.txt', 'b.csv', 'sub/c.txt')
    expect(await names(`${root}/**/*.txt`)).toEqual(['a.txt', 'sub/c.txt'])
    expect(await names(root)).toEqual(['a.txt', 'b.csv', 'sub/c.txt'])
    expect(await names(join(root, 'sub/c.txt'), join(root, 'a.txt'))).toEqual(['c.txt', 'a.txt'])
  })

  it('are more than one task could read', async () => {
    const many = Array.from({ length: 300 }, (_, i) => `f${i}`)
    expect(await names(folder(...many))).toHaveLength(300)
  })

  it('are each one input, however often they are named', async () => {
    const root = folder('a', 'b')
    expect(await names(join(root, 'a'), root)).toEqual(['a', 'b'])
  })

  it.each([
    ['nothing', [], 'NO_FILES'],
    ['a result in the files of another', ['x', 'x.files/y'], 'NAME_TWICE'],
    ['a result below that of another', ['x', 'x.out/y'], 'NAME_TWICE'],
  ])('are refused: %s', async (_, files, code) => {
    await expect(findInputs([folder(...files)])).rejects.toMatchObject({ code })
  })

  it('are refused where two would have one result, or one is too large to be standard input', async () => {
    const [one, other] = [folder('a'), folder('a')]
    await expect(findInputs([one, other])).rejects.toMatchObject({ code: 'NAME_TWICE' })
    truncateSync(join(one, 'a'), 256 * 1024 * 1024 + 1)
    await expect(findInputs([one])).rejects.toMatchObject({ code: 'BAD_OPTION' })
  })
})
