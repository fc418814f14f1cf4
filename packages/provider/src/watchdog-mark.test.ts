import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearMark, isMarked, markEnded } from './watchdog-mark.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-mark-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a mark is for the process that it names, until it is taken away', () => {
  expect(isMarked(folder, 7)).toBe(false)
  markEnded(folder, 7)
  expect([7, 8, undefined].map((pid) => isMarked(folder, pid))).toEqual([true, false, false])
  clearMark(folder)
  expect(isMarked(folder, 7)).toBe(false)
  clearMark(folder)
  expect(readdirSync(folder)).toEqual([])
})

test('where none runs, a mark is for whichever is started next', () => {
  markEnded(folder, undefined)
  expect([7, undefined].map((pid) => isMarked(folder, pid))).toEqual([true, true])
})

test('a folder that is not there gets no mark', () => {
  markEnded(join(folder, 'away'), 7)
  expect(isMarked(join(folder, 'away'), 7)).toBe(false)
})
