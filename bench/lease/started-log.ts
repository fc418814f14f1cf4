import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const PROBE = new URL('./started-probe.mjs', import.meta.url)
/** Milliseconds for a task to begin. */
const BEGIN_MS = 20_000
/** Milliseconds between looks: often enough not to delay a round, too rarely to disturb it. */
const LOOK_MS = 10

/** The beginnings of tasks that the probe in the provider process notes. */
export interface StartedLog {
  /** Environment under which a provider notes them. */
  readonly env: Readonly<Record<string, string>>
  /** Returns the number of beginnings so far. */
  count(): number
  /** Waits for the beginning after the first `seen`; nanoseconds of the system's monotonic clock. */
  next(seen: number, signal: AbortSignal): Promise<bigint>
}

/** Opens an empty log in `folder`. */
export function openStartedLog(folder: string): StartedLog {
  const file = join(folder, 'started')
  closeSync(openSync(file, 'w'))
  const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return {
    env: {
      SOUK_BENCH_STARTED: file,
      NODE_OPTIONS:
        `${process.env.NODE_OPTIONS ?? ''} --import=${JSON.stringify(fileURLToPath(PROBE))}`.trim(),
    },
    count: () => lines().length,
    async next(seen, signal) {
      for (const end = performance.now() + BEGIN_MS; performance.now() < end; ) {
        const line = lines()[seen]
        if (line !== undefined) return BigInt(line)
        await sleep(LOOK_MS, undefined, { signal })
      }
      throw new Error(`expected the task to begin within ${BEGIN_MS} ms, it did not; see the provider's log`)
    },
  }
}
