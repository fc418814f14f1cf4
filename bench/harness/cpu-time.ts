import { readdirSync, readFileSync } from 'node:fs'
import { childrenOf } from '../memory/resident.ts'

/**
 * Returns the milliseconds of processor that this process and all that it started have used, as Linux counts them; null
 * elsewhere. Unlike the time that passes, it hardly depends on what else the machine does.
 */
export function cpuMs(): number | null {
  if (process.platform !== 'linux') return null
  return [process.pid, ...childrenOf(process.pid)].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
}

function cpuMsOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + threadMs(pid, thread), 0)
  } catch {
    // It ended meanwhile.
    return 0
  }
}

function threadMs(pid: number, thread: string): number {
  const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e6
}
