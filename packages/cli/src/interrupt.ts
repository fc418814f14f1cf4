import { EXIT } from './fail.ts'

/** Aborts at the first Ctrl-C or SIGTERM, so that everything started is stopped; the second ends at once. */
export function untilInterrupted(): { signal: AbortSignal; isInterrupted(): boolean } {
  const control = new AbortController()
  const onSignal = () => {
    if (control.signal.aborted) process.exit(EXIT.interrupted)
    process.stderr.write('\nstopping; once more to end at once\n')
    control.abort(new Error('interrupted'))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return { signal: control.signal, isInterrupted: () => control.signal.aborted }
}
