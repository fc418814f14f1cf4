import { errorMessage } from '@souk/protocol'
import type { Log } from './log.ts'
import { pause } from './pause.ts'
import type { Provider } from './provider.ts'
import type { RunOptions } from './run-options.ts'
import type { EndedLease } from './stop-provider.ts'
import { onWatchdogGone } from './watchdog-heart.ts'

/** Milliseconds that executions get to end when everything shall end at once. */
const KILL_MS = 3_000

/** Ends every execution, takes the offer back and returns what ran. The journal has what it earned. */
export async function endAll(provider: Provider): Promise<EndedLease[]> {
  const ended = openLeases(provider)
  // Executions end beside the withdrawal, not after it.
  const all = Promise.allSettled([provider.stop(), provider.desk.stop()])
  await Promise.race([all, pause(KILL_MS)])
  return ended
}

/** Returns the leases on which something may still run. */
export function openLeases(provider: Provider): EndedLease[] {
  const open = provider.status().leases.filter(({ phase }) => phase === 'active' || phase === 'draining')
  return open.map(({ lease, running, earned }) => ({ lease, running, earned }))
}

/** Stops once, however often it is asked: the first signal drains, the second ends at once. */
export function stopper(
  log: Log,
  options: RunOptions,
  provider: Provider,
  close: () => Promise<void>,
): (why: string) => void {
  let asked = 0
  const end = async () => {
    await close().catch((error) => log.warn('did not stop cleanly', { error: errorMessage(error) }))
    process.exit()
  }
  const stop = (why: string, drains: boolean) => {
    asked += 1
    log.info('stopping', { why })
    if (!drains || asked > 1) return void end()
    provider
      .drain(options.drainSeconds)
      .catch((error) => log.warn('did not drain cleanly', { error: errorMessage(error) }))
      .then(end)
  }
  process.on('SIGTERM', () => stop('SIGTERM', true))
  process.on('SIGINT', () => stop('SIGINT', true))
  // Nobody would start it again: what it sold gets its time to end.
  onWatchdogGone(() => stop('the watchdog is gone', true))
  if (options.exitWithParent) process.stdin.resume().on('end', () => stop('the parent is gone', false))
  return (why) => stop(why, false)
}
