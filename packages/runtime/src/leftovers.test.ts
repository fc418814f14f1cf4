import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ownerName } from './container/owner.ts'
import { removeLeftovers } from './leftovers.ts'
import { killStarted, writeStarted } from './started.ts'

const OWNER = fileURLToPath(new URL('./testing/book-owner.fixture.ts', import.meta.url))
/** A process id that nobody has: above the kernel's highest. */
const NOBODY = 2 ** 22 + 1

let folder: string
let book: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-leftovers-'))
  book = join(folder, 'started')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform !== 'linux')('leftovers, where processes have names', () => {
  test('a runner whose owner and guardian were both killed is found by the book, and ended', async () => {
    const owner = spawn(process.execPath, [OWNER, book], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(owner.stdout, 'data')
    const runners = readFileSync(book, 'utf8').trim().split('\n').map(pidOf)
    expect(runners.length).toBeGreaterThan(0)
    expect(runners.every(isAlive)).toBe(true)
    const guardians = childrenOf(owner.pid ?? 0).filter((pid) => !runners.includes(pid))
    // Stopped first: a guardian that is killed gets a successor while its owner lives.
    for (const pid of guardians) process.kill(pid, 'SIGSTOP')
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    for (const pid of guardians) process.kill(pid, 'SIGKILL')
    const left = runners.filter(isAlive)
    expect(left.length).toBeGreaterThan(0)

    const removed = await removeLeftovers(book)
    const processes = removed.filter(({ kind }) => kind === 'process').map(({ name }) => Number(name))
    expect(processes).toEqual(expect.arrayContaining(left))
    expect(runners.filter(isAlive)).toEqual([])
    expect(statSync(book, { throwIfNoEntry: false })).toBeUndefined()
  })

  test('a process that has the id of one that is gone is left alone', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const [host, boot, pid, start] = ownerName(child.pid).split(' ')
    writeStarted(book, [`${host} ${boot} ${pid} ${Number(start) - 1}`])
    expect(await killStarted(book)).toEqual([])
    expect(isAlive(child.pid ?? 0)).toBe(true)
    writeStarted(book, [ownerName(child.pid)])
    const exit = once(child, 'exit')
    expect(await killStarted(book)).toEqual([child.pid])
    expect((await exit)[1]).toBe('SIGKILL')
  })

  test('folders and loop devices of dead makers go, those of living ones stay', async () => {
    const makers = [NOBODY, process.pid].map((pid) => {
      const made = mkdtempSync(join(tmpdir(), 'souk-work-'))
      writeFileSync(join(made, String(pid)), '')
      return made
    })
    const devices =
      process.getuid?.() === 0 ? makers.map((made, i) => attach(made, [NOBODY, process.pid][i])) : []
    const [dead, living] = makers
    try {
      const removed = await removeLeftovers(book)
      expect(removed).toContainEqual({ kind: 'folder', name: dead })
      expect(removed).not.toContainEqual({ kind: 'folder', name: living })
      if (devices.length > 0) {
        expect(removed).toContainEqual({ kind: 'device', name: devices[0] })
        expect(removed).not.toContainEqual({ kind: 'device', name: devices[1] })
      }
    } finally {
      if (devices[1] !== undefined) execFileSync('losetup', ['--detach', devices[1]])
      for (const made of makers) rmSync(made, { recursive: true, force: true })
    }
  })
})

test('where nothing is left, nothing is removed, and no file is needed', async () => {
  mkdirSync(join(folder, 'empty'))
  expect(
    (await removeLeftovers(join(folder, 'empty', 'started'))).filter(({ kind }) => kind === 'process'),
  ).toEqual([])
})

/** Puts a loop device over the file of a maker. */
function attach(made: string, pid = 0): string {
  truncateSync(join(made, String(pid)), 1024 * 1024)
  return execFileSync('losetup', ['--find', '--show', join(made, String(pid))], { encoding: 'utf8' }).trim()
}

function pidOf(name: string): number {
  return Number(name.split(' ')[2])
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
}

/** Tells whether a process runs; one that is dead and waits for its parent does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
