import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds for `ps` to answer. */
const PS_MS = 5_000

/**
 * Returns the process that owns a data folder, by what the system says of it and not by a file alone: a process id may
 * have gone to somebody else. `undefined` where nobody does.
 */
export function ownerOf(folder: string): number | undefined {
  const pid = readPid(folder)
  if (pid === undefined || pid === process.pid) return undefined
  return holdsLock(pid, folder) ? pid : undefined
}

/** Tells whether a process still runs; one that is dead and waits to be collected does not. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}

function readPid(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, 'owner.pid'), 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

/** On Linux by the files that it has open, elsewhere by its command line. */
function holdsLock(pid: number, folder: string): boolean {
  try {
    if (process.platform !== 'linux') return /souk-provider|packages\/provider\//.test(commandOf(pid))
    const lock = join(realpathSync(folder), 'lock.sqlite')
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === lock)
  } catch {
    return false
  }
}

function commandOf(pid: number): string {
  return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: PS_MS })
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
