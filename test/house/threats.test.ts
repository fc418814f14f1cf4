import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const TEXT = readFileSync(join(ROOT, 'docs/THREATS.md'), 'utf8')

/** A test that a row names: its file, and words of its name; none where all of the file is meant. */
interface Named {
  readonly row: string
  readonly file: string
  readonly words: readonly string[]
}

describe('THREATS.md', () => {
  const files = testFiles()
  const named = [...rowsOf(TEXT)].flatMap(([row, cell]) => readCell(row, cell))

  it('has a test for every threat', () => {
    expect(rowsOf(TEXT).size).toBeGreaterThan(30)
    expect([...rowsOf(TEXT)].filter(([row, cell]) => readCell(row, cell).length === 0)).toEqual([])
  })

  test.each(named)('$file is there, with the tests that are named for: $row', ({ file, words }) => {
    const texts = files.get(file)
    expect(texts, `expected a file ${file}`).toBeDefined()
    const literals = texts?.flatMap((text) => stringsOf(text)) ?? []
    const missing = words.filter((some) => !literals.some((literal) => literal.includes(some)))
    expect(missing).toEqual([])
  })

  it('says of every part what is left', () => {
    const parts = TEXT.split(/^## /m).slice(1)
    expect(
      parts.filter((part) => !part.includes('What is left:')).map((part) => part.split('\n')[0]),
    ).toEqual([])
  })
})

/** Returns the last cell of each row of a table, by the first. */
function rowsOf(text: string): Map<string, string> {
  const rows = text.split('\n').filter((line) => /^\| (?!---|threat )/.test(line))
  return new Map(
    rows.map((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      return [cells[1] ?? '', cells.at(-2) ?? '']
    }),
  )
}

/** Reads `` `file.test.ts`: words, other words; `file.test.ts` ``. */
function readCell(row: string, cell: string): Named[] {
  return cell.split(';').flatMap((part) => {
    const [where = '', what = ''] = part.split(/:(.*)/s)
    const words = what
      .split(',')
      .map((some) => some.trim())
      .filter(Boolean)
    return [...where.matchAll(/`([^`]+)`/g)].map((match) => ({ row, file: match[1] ?? '', words }))
  })
}

/** Texts of all files with tests, by the last part of their path: two packages may have one of the same name. */
function testFiles(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const folder of ['packages', 'test']) {
    for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/(\.test|-compliance)\.ts$/.test(path) || /node_modules|dist\//.test(path)) continue
      const texts = found.get(basename(path)) ?? []
      found.set(basename(path), [...texts, readFileSync(join(ROOT, folder, path), 'utf8')])
    }
  }
  return found
}

function stringsOf(text: string): string[] {
  return [...text.matchAll(/(['"`])((?:\\.|(?!\1)[^\n])*)\1/g)].map((match) => match[2] ?? '')
}
