import { EXIT } from './exit-codes.ts'

let interrupted = false
let watched: AbortSignal | undefined

/** Tells whether the user asked this process to stop. */
export function wasInterrupted(): boolean {
  return interrupted
}

/** Aborts at the first Ctrl-C or SIGTERM, so that everything started is stopped; the second ends at once. */
export function untilInterrupted(): AbortSignal {
  watched ??= watchSignals()
  return watched
}

function watchSignals(): AbortSignal {
  const control = new AbortController()
  const onSignal = () => {
    if (control.signal.aborted) process.exit(EXIT.interrupted)
    process.stderr.write('\nstopping; once more to end at once\n')
    interrupted = true
    control.abort(new Error('interrupted'))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  return control.signal
}
