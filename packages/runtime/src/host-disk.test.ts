import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRoom, tryDisk } from './host-disk.ts'

test('the room of a disk is found, and a trial leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'souk-room-'))
  try {
    const { freeBytes, totalBytes, freeFiles, totalFiles } = await readRoom(folder)
    expect(freeBytes).toBeLessThanOrEqual(totalBytes)
    expect(freeFiles ?? 0).toBeLessThanOrEqual(totalFiles ?? 0)
    const trial = await tryDisk(folder)
    expect(trial.kind).toBe('written')
    expect(readdirSync(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a folder that is gone fails its trial with the reason of the system', async () => {
  const folder = join(tmpdir(), 'souk-room-that-is-not-there')
  expect(existsSync(folder)).toBe(false)
  expect(await tryDisk(folder)).toEqual({ kind: 'failed', code: 'ENOENT' })
  await expect(readRoom(folder)).rejects.toMatchObject({ code: 'ENOENT' })
})
