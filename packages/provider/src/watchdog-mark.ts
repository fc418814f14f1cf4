import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** File of a data folder that names the process whose end is meant, or anyone. */
const MARK = 'ended'
const ANYONE = 'anyone'

/** Says that the end of a provider is meant, so that no watchdog starts it again; of whichever, where none runs now. */
export function markEnded(folder: string, pid: number | undefined): void {
  try {
    writeFileSync(join(folder, MARK), pid === undefined ? ANYONE : String(pid), { mode: 0o600 })
  } catch {
    // A folder that is not there has no watchdog; on a full disk a watchdog may have to be ended as well.
  }
}

/** Tells whether somebody meant the end of a process, or of any. */
export function isMarked(folder: string, pid: number | undefined): boolean {
  try {
    const mark = readFileSync(join(folder, MARK), 'utf8')
    return mark === ANYONE || mark === String(pid)
  } catch {
    return false
  }
}

/** Takes a mark away: who starts a provider means it to run. */
export function clearMark(folder: string): void {
  rmSync(join(folder, MARK), { force: true })
}
