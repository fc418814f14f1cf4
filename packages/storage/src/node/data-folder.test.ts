import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { fromUtf8, LIMITS, rawCid, utf8 } from '@souk/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDataFolder, openJournalReadOnly } from './data-folder.ts'

const FIXTURE = fileURLToPath(new URL('./commit-forever.fixture.ts', import.meta.url))

let path: string
const children: ChildProcess[] = []

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'souk-storage-')), 'data')
})

afterEach(async () => {
  for (const child of children.splice(0)) await killed(child)
  rmSync(join(path, '..'), { recursive: true })
})

describe('a data folder', () => {
  test('keeps journal and blocks over a restart', async () => {
    const block = utf8('block')
    const first = await openDataFolder(path)
    await first.journal.commit([{ table: 't', key: 'k', value: utf8('v') }], 'synced')
    await first.blocks.put(rawCid(block), block)
    await first.close()
    const second = await openDataFolder(path)
    expect(await second.journal.get('t', 'k')).toEqual(utf8('v'))
    expect(await second.blocks.get(rawCid(block))).toEqual(block)
    await second.close()
  })

  test('is readable by its user only', async () => {
    const folder = await openDataFolder(path)
    await folder.journal.commit([{ table: 't', key: 'k', value: utf8('v') }], 'synced')
    expect(statSync(path).mode & 0o777).toBe(0o700)
    const block = new Uint8Array(LIMITS.blockBytes)
    await folder.blocks.put(rawCid(block), block)
    for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
      const { mode } = statSync(join(path, file))
      expect([file, mode & 0o777]).toEqual([file, file === 'blocks' ? 0o700 : 0o600])
    }
    await folder.close()
  })

  test('refuses a second owner in the same process and names the first', async () => {
    const folder = await openDataFolder(path)
    await expect(openDataFolder(path)).rejects.toMatchObject({
      data: { code: 'FOLDER_LOCKED', path, ownerPid: process.pid },
    })
    await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await folder.close()
    await (await openDataFolder(path)).close()
  })

  test('answers CLOSED after its close, which may be repeated', async () => {
    const folder = await openDataFolder(path)
    await folder.close()
    await folder.close()
    await expect(folder.journal.commit([], 'synced')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(folder.journal.get('t', 'k')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(folder.blocks.has('x')).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('fails a commit beyond the cap whole, and goes on', async () => {
    const folder = await openDataFolder(path, { journalMaxBytes: 256 * 1024 })
    const small = { table: 't', key: 'small', value: utf8('v') }
    const large = { table: 't', key: 'large', value: new Uint8Array(512 * 1024) }
    await expect(folder.journal.commit([small, large], 'committed')).rejects.toMatchObject({
      code: 'DISK_FULL',
    })
    expect(await folder.journal.get('t', 'small')).toBeUndefined()
    await folder.journal.commit([small], 'committed')
    expect(await folder.journal.get('t', 'small')).toEqual(utf8('v'))
    await folder.close()
  })

  test('says CORRUPT for a file that is no database, and frees the lock', async () => {
    await (await openDataFolder(path)).close()
    writeFileSync(
      join(path, 'journal.sqlite'),
      'not a database, but long enough to be read as one'.repeat(100),
    )
    await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'CORRUPT' })
    await expect(openDataFolder(path)).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  test('refuses a journal of another schema version', async () => {
    await (await openDataFolder(path)).close()
    const db = new DatabaseSync(join(path, 'journal.sqlite'))
    db.exec('PRAGMA user_version = 77')
    db.close()
    await expect(openDataFolder(path)).rejects.toMatchObject({
      data: { code: 'UNSUPPORTED_VERSION', version: 77 },
    })
  })

  test('says IO for a path that is a file', async () => {
    await (await openDataFolder(path)).close()
    const file = join(path, 'file')
    writeFileSync(file, '')
    chmodSync(file, 0o600)
    await expect(openDataFolder(file)).rejects.toMatchObject({ code: 'IO' })
  })
})

describe('an owner killed with SIGKILL', () => {
  test('holds its lock until then and not longer', async () => {
    const writer = startWriter()
    await writer.acknowledged(3)
    await expect(openDataFolder(path)).rejects.toMatchObject({
      data: { code: 'FOLDER_LOCKED', ownerPid: writer.child.pid },
    })
    await expect(openJournalReadOnly(path)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await killed(writer.child)
    await (await openDataFolder(path)).close()
  })

  test('leaves every acknowledged commit and no torn batch', async () => {
    for (let round = 0; round < 4; round++) {
      const writer = startWriter()
      await writer.acknowledged(20 + 97 * round)
      await killed(writer.child)
      expect(await intactBatches()).toBeGreaterThan(writer.last())
    }
  })
})

test('a journal read after a clean end equals what was written', async () => {
  const folder = await openDataFolder(path)
  await folder.journal.commit([{ table: 't', key: 'k', value: utf8('v') }], 'synced')
  await folder.close()
  const reader = await openJournalReadOnly(path)
  expect(await reader.scan('t')).toEqual([{ key: 'k', value: utf8('v') }])
  await reader.close()
  await (await openDataFolder(path)).close()
})

test('reading a journal that is not there says so and leaves no folder', async () => {
  await expect(openJournalReadOnly(path)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(readdirSync(join(path, '..'))).toEqual([])
})

/** Counts the batches that the killed process left; throws where one is not whole. */
async function intactBatches(): Promise<number> {
  const reader = await openJournalReadOnly(path)
  const first = await reader.scan('first')
  expect(await reader.scan('second')).toEqual(first)
  expect(await reader.scan('third')).toEqual(first)
  expect(first.map((row) => [Number(row.key), Number(fromUtf8(row.value))])).toEqual(
    first.map((_, n) => [n, n]),
  )
  await reader.close()
  return first.length
}

function startWriter() {
  const child = spawn(process.execPath, [FIXTURE, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const last = () => text.split('\n').length - 2
  const acknowledged = async (n: number) => {
    while (last() < n) await once(child.stdout, 'data')
  }
  return { child, last, acknowledged }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}
