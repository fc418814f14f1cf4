import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareBytewise, utf8 } from '@souk/protocol'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Journal, MAX_KEY_BYTES, MAX_VALUE_BYTES, type Write } from './journal.ts'
import { createMemoryJournal } from './memory-journal.ts'
import { openSqliteJournal } from './node/sqlite-journal.ts'

const root = mkdtempSync(join(tmpdir(), 'souk-journal-'))
let files = 0
afterAll(() => rmSync(root, { recursive: true }))

const journals: [string, () => Journal][] = [
  ['in memory', createMemoryJournal],
  ['on disk', () => openSqliteJournal(join(root, `${files++}.sqlite`))],
]

const key = fc.oneof(
  fc.constantFrom('a', 'ab', 'abc', 'b', 'é', 'a\u{ffff}', 'a\u{10ffff}', 'a\u{10ffff}b'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0')),
)
const table = fc.constantFrom('one', 'two')
const write: fc.Arbitrary<Write> = fc.record({
  table,
  key,
  value: fc.option(fc.uint8Array({ maxLength: 40 }), { freq: 3 }),
})
const batches = fc.array(fc.array(write, { maxLength: 8 }), { maxLength: 8 })

describe.each(journals)('a journal %s', (_, open) => {
  test('agrees with a map of maps', async () => {
    await fc.assert(
      fc.asyncProperty(batches, key, async (committed, prefix) => {
        const journal = open()
        for (const batch of committed) await journal.commit(batch, 'committed')
        const expected = reference(committed.flat())
        for (const name of ['one', 'two']) {
          expect(await journal.scan(name)).toEqual(rowsOf(expected, name, ''))
          expect(await journal.scan(name, prefix)).toEqual(rowsOf(expected, name, prefix))
          for (const row of rowsOf(expected, name, ''))
            expect(await journal.get(name, row.key)).toEqual(row.value)
        }
        await journal.close()
      }),
      { numRuns: 60 },
    )
  })

  test('writes nothing of a batch with one bad row', async () => {
    const journal = open()
    const good: Write = { table: 't', key: 'good', value: utf8('v') }
    const bad: Write[] = [
      { table: '', key: 'k', value: null },
      { table: 't', key: '', value: null },
      { table: 't', key: 'a\0b', value: null },
      { table: 't', key: '\ud800', value: null },
      { table: 't', key: 'k'.repeat(MAX_KEY_BYTES + 1), value: null },
      { table: 't', key: 'k', value: new Uint8Array(MAX_VALUE_BYTES + 1) },
    ]
    for (const each of bad) {
      await expect(journal.commit([good, each], 'synced')).rejects.toMatchObject({ code: 'BAD_ROW' })
    }
    expect(await journal.scan('t')).toEqual([])
    await journal.close()
  })

  test('keeps its own copy of a value', async () => {
    const journal = open()
    const value = utf8('before')
    await journal.commit([{ table: 't', key: 'k', value }], 'committed')
    value.fill(0)
    ;(await journal.get('t', 'k'))?.fill(0)
    expect(await journal.get('t', 'k')).toEqual(utf8('before'))
    await journal.close()
  })

  test('accepts an empty synced commit, and none after its close', async () => {
    const journal = open()
    await journal.commit([], 'synced')
    await journal.close()
    await journal.close()
    await expect(journal.commit([], 'synced')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(journal.scan('t')).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

function reference(writes: readonly Write[]): Map<string, Write> {
  const rows = new Map<string, Write>()
  for (const each of writes) rows.set(`${each.table}\0${each.key}`, each)
  return rows
}

function rowsOf(rows: ReadonlyMap<string, Write>, name: string, prefix: string) {
  return [...rows.values()]
    .filter((row) => row.table === name && row.key.startsWith(prefix))
    .flatMap((row) => (row.value === null ? [] : [{ key: row.key, value: row.value }]))
    .sort((a, b) => compareBytewise(a.key, b.key))
}
