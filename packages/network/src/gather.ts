import { pause } from './deadline.ts'

/**
 * Makes a call that runs `work` once for all who call within `ms` milliseconds; each hears how it went.
 *
 * Who calls after the work began starts the next round. When `signal` aborts, what waits resolves without it.
 */
export function gather(work: () => Promise<void>, ms: number, signal: AbortSignal): () => Promise<void> {
  let waiting: Promise<void> | undefined
  const round = async () => {
    await pause(ms, signal)
    waiting = undefined
    if (!signal.aborted) await work()
  }
  return () => {
    waiting ??= round()
    return waiting
  }
}
