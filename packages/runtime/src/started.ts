import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isDead } from './container/owner.ts'
import { killProcess } from './kill-process.ts'

/** Milliseconds that killed processes get to go, and between looks at them. */
const GONE_MS = 5_000
const LOOK_MS = 20

/** Writes the names of living processes to a file, in place of what it said; as well as the disk allows. */
export function writeStarted(file: string, names: readonly string[]): void {
  try {
    if (names.length === 0) {
      rmSync(file, { force: true })
      return
    }
    writeFileSync(`${file}.new`, names.map((name) => `${name}\n`).join(''), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {
    // A full disk must not keep work from being done: the guardian knows them as well.
  }
}

/**
 * Kills the processes that a file of {@link writeStarted} names, and removes it; returns the ids of those that were still
 * there. A name tells a process from a later one with the same id, where the system says when each began.
 */
export async function killStarted(file: string): Promise<number[]> {
  const living = readStarted(file).filter((name) => startOf(name) !== '0' && !isDead(name))
  for (const name of living) killProcess(pidOf(name))
  const end = performance.now() + GONE_MS
  while (living.some((name) => !isDead(name)) && performance.now() < end) await setTimeout(LOOK_MS)
  rmSync(file, { force: true })
  return living.map(pidOf)
}

function readStarted(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

function pidOf(name: string): number {
  return Number(name.split(' ')[2])
}

function startOf(name: string): string {
  return name.split(' ')[3] ?? '0'
}
