import { errorCode } from '@souk/protocol'
import { type HeartMessage, WATCHED } from './watchdog-messages.ts'
import { EXIT_LATER, HEART_MS } from './watchdog-policy.ts'

/** Why a provider cannot begin now, and may later: for a watchdog to try again. */
const PASSING = ['RPC_UNAVAILABLE', 'FOLDER_LOCKED', 'DISK_FULL']

/** Returns the watchdog of this process, and how often it started one within the hour; `null` without one. */
export function watchedBy(): { readonly pid: number; readonly starts: number } | null {
  const starts = Number(process.env[WATCHED])
  return isWatched() && starts > 0 ? { pid: process.ppid, starts } : null
}

/** Tells whether a watchdog hears this process. */
export function isWatched(): boolean {
  return process.env[WATCHED] !== undefined && process.connected === true
}

/** Returns the exit code of a provider that ends by an error. */
export function exitCodeOf(error: unknown): number {
  return isWatched() && PASSING.includes(errorCode(error)) ? EXIT_LATER : 1
}

/** Lets a watchdog hear that this process is alive, and where its data is; does nothing without one. */
export function beatFor(folder: string): void {
  if (!isWatched()) return
  tell({ kind: 'began', folder })
  let isSent = true
  const beat = () => {
    // A watchdog that does not read must not fill our memory.
    if (!isSent) return
    isSent = false
    tell({ kind: 'beat' }, () => {
      isSent = true
    })
  }
  setInterval(beat, HEART_MS).unref()
}

/** Tells a watchdog that all has begun. */
export function tellReady(): void {
  if (isWatched()) tell({ kind: 'ready' })
}

/** Calls back when the watchdog is gone. */
export function onWatchdogGone(act: () => void): void {
  if (isWatched()) process.once('disconnect', act)
}

function tell(message: HeartMessage, sent: () => void = () => undefined): void {
  // One that is gone is heard of by the end of the channel.
  process.send?.(message, undefined, undefined, sent)
}
