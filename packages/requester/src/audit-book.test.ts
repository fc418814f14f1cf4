import type { Hex } from '@souk/protocol'
import { createMemoryJournal } from '@souk/storage'
import { expect, test } from 'vitest'
import { AuditBook, MOST_AUDITED } from './audit-book.ts'

const accountAt = (at: number): Hex => `0x${at.toString(16).padStart(40, '0')}`

test('a row of right results outlives the process, and one wrong result ends it', async () => {
  const journal = createMemoryJournal()
  const book = new AuditBook(journal, () => 1)
  for (let i = 0; i < 3; i++) await book.note(accountAt(1), 'valid')
  await book.note(accountAt(2), 'valid')
  await book.note(accountAt(2), 'wrong')
  const later = new AuditBook(journal, () => 2)
  await later.load()
  expect([...later.before()]).toEqual([
    [accountAt(1), 3],
    [accountAt(2), 0],
  ])
  expect(later.of(accountAt(2))).toEqual({ valid: 0, wrong: 1, atMs: 1 })
})

test('of too many accounts those go first of which nothing was heard for longest', async () => {
  const journal = createMemoryJournal()
  let nowMs = 0
  const book = new AuditBook(journal, () => nowMs++)
  for (let i = 0; i < MOST_AUDITED; i++) await book.note(accountAt(i), 'valid')
  await book.note(accountAt(0), 'valid')
  await book.note(accountAt(MOST_AUDITED), 'valid')
  expect(book.before().size).toBe(MOST_AUDITED)
  expect(book.of(accountAt(0))?.valid).toBe(2)
  expect(book.of(accountAt(1))).toBeUndefined()
  const later = new AuditBook(journal, () => nowMs)
  await later.load()
  expect(later.before()).toEqual(book.before())
})
