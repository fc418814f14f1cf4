import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerOf, runs } from './folder-owner.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'souk-owner-')), 'data')
  mkdirSync(folder)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('nobody owns a folder without a name, or with the name of a process that is gone', async () => {
  expect(ownerOf(folder)).toBeUndefined()
  const child = spawn('true')
  await once(child, 'exit')
  writeFileSync(join(folder, 'owner.pid'), `${child.pid}\n`)
  expect(ownerOf(folder)).toBeUndefined()
  expect(runs(child.pid ?? 0)).toBe(false)
})

test.skipIf(process.platform !== 'linux')('only who has its lock open is an owner', async () => {
  const lock = join(folder, 'lock.sqlite')
  writeFileSync(lock, '')
  const stranger = spawn('sleep', ['60'])
  const owner = spawn('sh', ['-c', 'exec 9<"$0"; echo open; exec sleep 60', lock])
  await once(owner.stdout, 'data')
  try {
    writeFileSync(join(folder, 'owner.pid'), `${stranger.pid}\n`)
    expect(ownerOf(folder)).toBeUndefined()
    writeFileSync(join(folder, 'owner.pid'), `${owner.pid}\n`)
    expect(ownerOf(folder)).toBe(owner.pid)
  } finally {
    stranger.kill()
    owner.kill()
  }
})
