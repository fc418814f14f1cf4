import { readFile } from 'node:fs/promises'

/** Milliseconds of a tick of the kernel's accounting: `USER_HZ` is 100 wherever Linux runs Node. */
const MS_PER_TICK = 10
/** Places of user and system time among the fields after a process's name (proc(5), `stat`). */
const USER_FIELD = 11
const SYSTEM_FIELD = 12

/** Returns milliseconds of processor time that a living process has used, all threads; `null` where nobody says. */
export async function processCpuMs(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // The name stands in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : null
}
