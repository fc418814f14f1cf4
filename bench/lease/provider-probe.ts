import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const PROBE = new URL('./started-probe.mjs', import.meta.url)
/** Milliseconds for a task to begin. */
const BEGIN_MS = 20_000
/** Milliseconds between looks: often enough not to delay a round, too rarely to disturb it. */
const LOOK_MS = 10

/**
 * What the probe in the provider process notes: a runner became `ready`, a task that has ended `began`, one that runs has
 * `started`, one `saved` its state.
 */
export type ProbeEvent = 'ready' | 'began' | 'started' | 'saved'

/** The provider process as its probe sees it. */
export interface ProviderProbe {
  /** Environment under which a provider carries the probe. */
  readonly env: Readonly<Record<string, string>>
  /** Returns when each event of one kind happened, in nanoseconds of the system's monotonic clock. */
  times(event: ProbeEvent): readonly bigint[]
  /** Waits for the beginning of a task after the first `seen`, and returns its time. */
  nextBeginning(seen: number, signal: AbortSignal): Promise<bigint>
  /** Waits for an event after the first `seen` of its kind, and returns its time. */
  next(event: ProbeEvent, seen: number, signal: AbortSignal): Promise<bigint>
}

/** Opens an empty log for the probe in `folder`. */
export function openProviderProbe(folder: string): ProviderProbe {
  const file = join(folder, 'probe.log')
  closeSync(openSync(file, 'w'))
  const options = `${process.env.NODE_OPTIONS ?? ''} --import=${JSON.stringify(fileURLToPath(PROBE))}`
  const times = (event: ProbeEvent) => {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    return lines.flatMap((line) => (line.startsWith(event) ? [BigInt(line.slice(event.length + 1))] : []))
  }
  async function next(event: ProbeEvent, seen: number, signal: AbortSignal): Promise<bigint> {
    for (const end = performance.now() + BEGIN_MS; performance.now() < end; ) {
      const time = times(event)[seen]
      if (time !== undefined) return time
      await sleep(LOOK_MS, undefined, { signal })
    }
    throw new Error(`expected a task that ${event} within ${BEGIN_MS} ms, there was none`)
  }
  return {
    env: { SOUK_BENCH_PROBE: file, NODE_OPTIONS: options.trim() },
    times,
    nextBeginning: (seen, signal) => next('began', seen, signal),
    next,
  }
}
