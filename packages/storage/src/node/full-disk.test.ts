import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rawCid, utf8 } from '@souk/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StorageError } from '../errors.ts'
import { openDataFolder } from './data-folder.ts'

const MIB = 1024 * 1024
const missing =
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'a small disk of its own takes root on Linux'

describe.skipIf(missing !== null)(`a full disk${missing === null ? '' : `: skipped, ${missing}`}`, () => {
  let disk: string
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'souk-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'souk-test', disk])
  })
  afterEach(() => {
    execFileSync('umount', [disk])
    rmSync(disk, { recursive: true })
  })

  test('is told once, takes no more blocks, and leaves the journal its room', async () => {
    const told: string[] = []
    const onFull = (error: StorageError) => void told.push(error.code)
    const folder = await openDataFolder(join(disk, 'data'), { onFull })
    await folder.journal.commit([{ table: 't', key: 'before', value: utf8('v') }], 'synced')
    fill(disk)

    const row = (key: string) => ({ table: 't', key, value: new Uint8Array(MIB).fill(7) })
    for (const key of ['a', 'b', 'c']) await folder.journal.commit([row(key)], 'synced')
    expect(told).toEqual(['DISK_FULL'])
    expect(existsSync(join(disk, 'data', 'ballast'))).toBe(false)
    const block = utf8('block')
    await expect(folder.blocks.put(rawCid(block), block)).rejects.toMatchObject({ code: 'DISK_FULL' })
    await folder.blocks.unpin('lease')
    await folder.close()

    rmSync(join(disk, 'filler'))
    const again = await openDataFolder(join(disk, 'data'), { onFull })
    expect(await again.journal.get('t', 'c')).toEqual(row('c').value)
    expect(existsSync(join(disk, 'data', 'ballast'))).toBe(true)
    await again.close()
  })

  test('goes on as before once there is room, and is told again', async () => {
    const told: string[] = []
    const folder = await openDataFolder(join(disk, 'data'), { onFull: ({ code }) => void told.push(code) })
    const block = new Uint8Array(MIB).fill(1)
    for (const times of [1, 2]) {
      fill(disk)
      await expect(folder.blocks.put(rawCid(block), block)).rejects.toMatchObject({ code: 'DISK_FULL' })
      expect(told).toHaveLength(times)
      const filler = { table: 't', key: 'k', value: new Uint8Array(MIB).fill(times) }
      await folder.journal.commit([filler], 'synced')
      // The ballast went to the journal; who takes the rest of its room, too, leaves nothing to set aside.
      fill(disk)
      expect(folder.restore()).toBe(false)
      await expect(folder.blocks.put(rawCid(block), block)).rejects.toMatchObject({ code: 'DISK_FULL' })
      rmSync(join(disk, 'filler'))
      expect(folder.restore()).toBe(true)
      expect(existsSync(join(disk, 'data', 'ballast'))).toBe(true)
    }
    await folder.blocks.put(rawCid(block), block)
    await folder.close()
  })

  test('stays full at the journal’s cap, whatever room the disk has', async () => {
    const journalMaxBytes = 2 * MIB
    const folder = await openDataFolder(join(disk, 'data'), { journalMaxBytes, onFull: () => undefined })
    for (const key of ['a', 'b', 'c']) {
      await folder.journal.commit([{ table: 't', key, value: new Uint8Array(MIB) }], 'synced')
    }
    expect(folder.restore()).toBe(false)
    await folder.close()
  })

  test('is told by a block as well, whose put fails', async () => {
    const told: string[] = []
    const folder = await openDataFolder(join(disk, 'data'), { onFull: ({ code }) => void told.push(code) })
    fill(disk)
    const block = new Uint8Array(MIB).fill(1)
    await expect(folder.blocks.put(rawCid(block), block)).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(told).toEqual(['DISK_FULL'])
    await folder.journal.commit([{ table: 't', key: 'k', value: utf8('v') }], 'synced')
    await folder.close()
  })

  test('lets nobody begin who could not end well', async () => {
    fill(disk)
    const opening = openDataFolder(join(disk, 'data'), { onFull: () => {} })
    await expect(opening).rejects.toMatchObject({ code: 'DISK_FULL' })
  })
})

test('a journal at its cap goes on for a while, and whoever fills it is told', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'souk-cap-')), 'data')
  const told: string[] = []
  const options = { journalMaxBytes: 2 * MIB, onFull: ({ code }: StorageError) => void told.push(code) }
  const row = (key: string) => ({ table: 't', key, value: new Uint8Array(MIB / 4).fill(7) })
  const keys = Array.from({ length: 20 }, (_, i) => String(i))
  const folder = await openDataFolder(path, options)
  for (const key of keys) await folder.journal.commit([row(key)], 'committed')
  expect(told).toEqual(['DISK_FULL'])
  await folder.close()

  const again = await openDataFolder(path, options)
  await again.journal.commit([row('later')], 'synced')
  expect((await again.journal.scan('t')).length).toBe(keys.length + 1)
  expect(told).toEqual(['DISK_FULL', 'DISK_FULL'])
  await again.close()
  rmSync(join(path, '..'), { recursive: true })
})

/** Writes until nothing fits any more. */
function fill(disk: string): void {
  const piece = Buffer.alloc(4096)
  try {
    for (;;) writeFileSync(join(disk, 'filler'), piece, { flag: 'a' })
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
  }
}
